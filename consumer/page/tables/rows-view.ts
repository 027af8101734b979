import type { ChangeJson, ErrorJson, LatestRowJson, RowsJson, RowTopicsJson } from "../../api";
import { byId, h, setText } from "../dom";
import { MOST_ROWS, RowsModel } from "./rows-model";
import { clock, count, preview, UNCHANGED } from "../text";

/** While changes come, the table is drawn at most once in this time. */
const EVERY_MS = 250;
const LONGEST = 80;

/** The tab that shows a table from its topic: the latest row of each key. */
export class RowsView {
  private readonly select = byId<HTMLSelectElement>("rows-topic");
  private readonly note = byId("rows-note");
  private readonly body = byId("rows-table");
  private model: RowsModel | undefined;
  private stale = false;
  private drawnAt = -Infinity;
  /** Changes that come while the consumer is asked. */
  private meanwhile: ChangeJson[] | undefined;

  constructor() {
    this.select.addEventListener("change", () => void this.load(this.select.value));
    byId("rows-again").addEventListener("click", () => void this.open());
  }

  /** Shows the topic that is chosen, or the first. */
  async open(): Promise<void> {
    try {
      const { topics } = await ask<RowTopicsJson>("rows");
      const chosen = topics.includes(this.select.value) ? this.select.value : topics[0];
      this.select.replaceChildren(...topics.map((topic) => h("option", { value: topic }, topic)));
      if (chosen === undefined) return setText(this.note, "No topic is read");
      this.select.value = chosen;
      await this.load(chosen);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  receive(changes: readonly ChangeJson[]): void {
    if (this.meanwhile) this.meanwhile.push(...changes);
    else if (this.model?.receive(changes)) this.stale = true;
  }

  /** Changes were left out, so the rows shown are no longer right. They are asked for again. */
  gap(): void {
    if (this.model && !this.meanwhile) void this.load(this.model.topic);
  }

  frame(now: number): void {
    if (!this.stale || now - this.drawnAt < EVERY_MS) return;
    this.stale = false;
    this.drawnAt = now;
    this.draw();
  }

  private async load(topic: string): Promise<void> {
    const model = (this.model = new RowsModel(topic));
    this.meanwhile = [];
    setText(this.note, "Reading the topic …");
    try {
      const answer = await ask<RowsJson>(`rows?${new URLSearchParams({ table: topic, limit: String(MOST_ROWS) })}`);
      // Another topic was chosen meanwhile.
      if (this.model !== model) return;
      model.set(answer);
      model.receive(this.meanwhile);
      this.stale = true;
    } catch (error) {
      if (this.model === model) this.fail(error as Error);
    } finally {
      if (this.model === model) this.meanwhile = undefined;
    }
  }

  private fail(error: Error): void {
    this.body.replaceChildren();
    setText(this.note, error.message);
  }

  private draw(): void {
    const { rows, whole } = this.model!;
    setText(this.note, whole ? `${count(rows.length)} rows` : `the ${count(rows.length)} rows that changed last`);
    const columns = [...new Set(rows.flatMap(({ row, unchanged = [] }) => [...Object.keys(row), ...unchanged]))];
    const heading = h("tr", {}, ...["Changed", ...columns].map((name) => h("th", { scope: "col" }, name)));
    const table = h(
      "table",
      { class: "cells rows" },
      h("thead", {}, heading),
      h("tbody", {}, ...rows.map((row) => line(row, columns))),
    );
    this.body.replaceChildren(table);
  }
}

function line({ key, row, unchanged = [], op, committedAt }: LatestRowJson, columns: readonly string[]): HTMLElement {
  const cells = columns.map((column) => {
    const told = unchanged.includes(column) ? UNCHANGED : row[column];
    const shown = preview(told, LONGEST);
    return h(
      "td",
      { class: column in key ? "key" : undefined },
      h("span", { class: `value is-${shown.kind}` }, shown.text),
    );
  });
  const when = clock(committedAt) || "snapshot";
  return h("tr", {}, h("td", { class: "time" }, h("span", { class: `op op-${op}` }, when)), ...cells);
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(60_000) });
  const answer = (await response.json()) as T | ErrorJson;
  if (!response.ok) throw new Error((answer as ErrorJson).error);
  return answer as T;
}
