import { byId } from "./dom";

const VIEWS = ["changes", "rows", "letters"] as const;
type View = (typeof VIEWS)[number];

/** The tabs. The address's fragment names the open one, so that it can be bookmarked. */
export class Views {
  constructor(private readonly onOpen: (view: View) => void) {
    for (const view of VIEWS) {
      const tab = byId(`tab-${view}`);
      tab.addEventListener("click", () => this.show(view));
      tab.addEventListener("keydown", ({ key }) => {
        if (key !== "ArrowLeft" && key !== "ArrowRight") return;
        const step = key === "ArrowRight" ? 1 : VIEWS.length - 1;
        const other = VIEWS[(VIEWS.indexOf(view) + step) % VIEWS.length]!;
        this.show(other);
        byId(`tab-${other}`).focus();
      });
    }
    addEventListener("hashchange", () => this.showAddress());
    this.showAddress();
  }

  private showAddress(): void {
    this.show(VIEWS.find((view) => location.hash === `#${view}`) ?? "changes");
  }

  private show(view: View): void {
    for (const each of VIEWS) {
      const tab = byId(`tab-${each}`);
      tab.setAttribute("aria-selected", String(each === view));
      tab.tabIndex = each === view ? 0 : -1;
      byId(`view-${each}`).hidden = each !== view;
    }
    document.body.dataset["view"] = view;
    const hash = view === "changes" ? "" : `#${view}`;
    if (location.hash !== hash) history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
    this.onOpen(view);
  }
}
