import { OPS, type Op, type TotalsJson } from "../../api";
import { byId, h, setText } from "../dom";
import { perOp } from "../figures/figure-cards";
import type { Filter } from "../../change/filter";
import { count } from "../text";

/** The operations and tables to choose from, with their counts. The counts are of the whole stream, whatever is chosen. */
export class Facets {
  private readonly ops = new Map<Op, Choice>();
  private readonly tables = new Map<string, Choice>();
  private filter: Filter;

  constructor(
    filter: Filter,
    private readonly onChange: (part: Pick<Filter, "ops" | "tables">) => void,
  ) {
    this.filter = filter;
    for (const op of OPS) {
      const made = choice(h("span", { class: `op op-${op}` }, op), () => this.choose());
      this.ops.set(op, made);
      byId("facet-ops").append(made.element);
    }
    this.set(filter);
  }

  /** Shows a filter that was chosen elsewhere. */
  set(filter: Filter): void {
    this.filter = filter;
    for (const [op, { input }] of this.ops) input.checked = filter.ops.has(op);
    for (const table of filter.tables) this.table(table);
    for (const [table, { input }] of this.tables) input.checked = filter.tables.has(table);
    const active = filter.ops.size + filter.tables.size;
    byId("facets-active").hidden = active === 0;
    setText(byId("facets-active"), `${active} chosen`);
  }

  show(totals: TotalsJson): void {
    const sums = perOp(totals);
    for (const [op, { number, element }] of this.ops) {
      setText(number, count(sums[op]));
      element.classList.toggle("none", sums[op] === 0);
    }
    for (const [table, counts] of Object.entries(totals.tables)) {
      if (table === "") continue;
      const sum = Object.values(counts).reduce((a, b) => a + b, 0);
      setText(this.table(table).number, count(sum));
    }
  }

  private table(table: string): Choice {
    const known = this.tables.get(table);
    if (known) return known;
    const dot = table.indexOf(".");
    const name = h(
      "span",
      { class: "table", title: table },
      h("span", { class: "schema" }, table.slice(0, dot + 1)),
      table.slice(dot + 1),
    );
    const made = choice(name, () => this.choose());
    made.input.checked = this.filter.tables.has(table);
    const host = byId("facet-tables");
    host.querySelector("p.none")?.remove();
    // Sorted by name, so that a choice stays in its place while counts grow.
    const next = [...this.tables].filter(([other]) => other > table).sort(([a], [b]) => (a < b ? -1 : 1))[0];
    host.insertBefore(made.element, next ? next[1].element : null);
    this.tables.set(table, made);
    return made;
  }

  private choose(): void {
    this.onChange({
      ops: new Set([...this.ops].filter(([, { input }]) => input.checked).map(([op]) => op)),
      tables: new Set([...this.tables].filter(([, { input }]) => input.checked).map(([table]) => table)),
    });
  }
}

interface Choice {
  element: HTMLLabelElement;
  input: HTMLInputElement;
  number: HTMLElement;
}

function choice(name: HTMLElement, onChange: () => void): Choice {
  const input = h("input", { type: "checkbox" });
  const number = h("span", { class: "count" }, "0");
  input.addEventListener("change", onChange);
  return { element: h("label", { class: "choice" }, input, name, number), input, number };
}
