// What a box or lasso holds: how many, of what kind, and the documents themselves.

import { ApiError, isAbort, select, type Count, type Paper, type Selected } from "../api.ts";
import { byId, fill, h, iconButton } from "../dom.ts";
import { date, number, plural } from "../pure/text.ts";
import { type Filters, type Point } from "../pure/view.ts";
import { change } from "../store.ts";

export class TablePanel {
  private readonly panel = byId("table");
  private aborter: AbortController | null = null;
  private asked = "";
  private stamp: number | string | null = null;

  constructor(private readonly point: (paper: Paper | null) => void) {}

  /** Shows what the polygon holds on this map with these filters; null closes the table. The same `key` asks nothing
   * again, unless there is a new `stamp`: more points on the same map. */
  async show(
    version: number | null,
    polygon: readonly Point[] | null,
    filters: Filters,
    key: string,
    stamp: number | string | null,
  ): Promise<void> {
    if (!polygon || version === null) {
      this.aborter?.abort();
      this.asked = "";
      this.panel.hidden = true;
      document.body.classList.remove("table-open");
      return;
    }
    if (this.asked === key && (stamp === null || stamp === this.stamp)) return;
    this.asked = key;
    this.stamp = stamp;
    this.aborter?.abort();
    this.aborter = new AbortController();
    const { signal } = this.aborter;
    const fetch = (cursor: string | null): Promise<Selected> => select(version, polygon, filters, cursor, signal);
    if (this.panel.hidden) fill(this.panel, ...Array.from({ length: 3 }, () => h("div", { class: "skeleton one-line" })));
    this.panel.hidden = false;
    document.body.classList.add("table-open");
    try {
      this.write(await fetch(null), fetch);
    } catch (error) {
      if (isAbort(error)) return;
      this.asked = "";
      const words = error instanceof ApiError ? error.message : String(error);
      fill(this.panel, this.head("Selection"), h("div", { class: "nothing", role: "alert" }, h("p", {}, words)));
    }
  }

  private head(title: string, ...more: HTMLElement[]): HTMLElement {
    return h(
      "div",
      { class: "sheet-head" },
      h("h2", { role: "status" }, title),
      ...more,
      h("span", { class: "spring" }),
      iconButton("close", "Close the selection (Esc)", () => change({ selection: null })),
    );
  }

  private write(selected: Selected, fetch: (cursor: string) => Promise<Selected>): void {
    if (selected.count === 0) {
      const nothing = h("div", { class: "nothing" }, h("p", {}, "Nothing inside. Draw a larger shape, or take filters away."));
      return fill(this.panel, this.head("No documents"), nothing);
    }
    const body = h("tbody", {}, ...selected.items.map((paper) => this.row(paper)));
    const columns = ["Title", "Source", "Field", "Date"].map((name) => h("th", { scope: "col" }, name));
    const table = h("table", {}, h("thead", {}, h("tr", {}, ...columns)), body);
    let next = selected.next;
    const more = h("button", { type: "button", class: "button" }, "Show more");
    more.hidden = next === null;
    more.addEventListener("click", () => {
      if (next === null) return;
      more.disabled = true;
      fetch(next).then(
        (page) => {
          next = page.next;
          body.append(...page.items.map((paper) => this.row(paper)));
          more.hidden = next === null;
          more.disabled = false;
        },
        () => (more.disabled = false),
      );
    });
    const breakdown = h(
      "div",
      { class: "breakdown" },
      part("Clusters", selected.by.cluster, selected.count),
      part("Sources", selected.by.source, selected.count),
      part("Fields", selected.by.field, selected.count),
    );
    const rows = h("div", { class: "rows", tabindex: 0, role: "region", "aria-label": "Selected documents" }, table, more);
    fill(this.panel, this.head(plural(selected.count, "document")), h("div", { class: "table-body" }, breakdown, rows));
  }

  private row(paper: Paper): HTMLElement {
    const open = (): void => change({ document: paper.id });
    return h(
      "tr",
      { pointerenter: () => this.point(paper), pointerleave: () => this.point(null), click: open },
      h("td", {}, h("button", { type: "button", class: "row-title", focus: () => this.point(paper), blur: () => this.point(null) }, paper.title)),
      h("td", {}, paper.source),
      h("td", {}, paper.field ?? ""),
      h("td", { class: "day" }, date(paper.date)),
    );
  }
}

function part(title: string, counts: readonly Count[], all: number): HTMLElement | null {
  const shown = counts.slice(0, 4);
  if (shown.length === 0) return null;
  const rows = shown.map(({ name, count }) => {
    const bar = h("span", { class: "bar-fill" });
    bar.style.width = `${Math.max(1, (100 * count) / all)}%`;
    return h("li", {}, h("span", { class: "part-name" }, String(name ?? "none")), h("span", { class: "signal-value" }, number(count)), h("span", { class: "bar", "aria-hidden": "true" }, bar));
  });
  return h("section", {}, h("h3", {}, title), h("ul", {}, ...rows));
}
