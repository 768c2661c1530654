// What the colours mean. Pointing at an entry lets it stand out; a click filters by it or flies there.

import { byId, fill, h } from "../dom.ts";
import { css, type Entry, type Scale } from "../pure/colours.ts";
import { brief } from "../pure/text.ts";
import { COLOURS, type ColourBy, type Filters } from "../pure/view.ts";
import { change, current } from "../store.ts";

const NAMES: Readonly<Record<ColourBy, string>> = {
  cluster: "Cluster",
  source: "Source",
  field: "Field",
  country: "Country",
  year: "Year",
  one: "One colour",
};

export class Legend {
  private readonly select = byId<HTMLSelectElement>("colour-by");
  private readonly list = byId("legend-entries");

  constructor(
    private readonly highlight: (group: number | null) => void,
    private readonly toCluster: (cluster: number) => void,
  ) {
    for (const by of COLOURS) this.select.append(h("option", { value: by }, NAMES[by]));
    this.select.addEventListener("change", () => change({ colour: this.select.value as ColourBy }));
    this.list.addEventListener("pointerleave", () => this.highlight(null));
  }

  show(scale: Scale, filters: Filters): void {
    this.select.value = scale.by;
    const most = Math.max(1, ...scale.entries.map(({ count }) => count ?? 0));
    const rows = scale.entries.flatMap((entry, group) =>
      entry.count === null || (entry.count === 0 && entry.pick === null) ? [] : [this.row(scale, entry, group, most, filters)],
    );
    fill(this.list, ...rows);
  }

  private row(scale: Scale, entry: Entry, group: number, most: number, filters: Filters): HTMLElement {
    const on = isOn(scale.by, entry, filters);
    const dot = h("span", { class: "dot" });
    dot.style.backgroundColor = css(entry.colour);
    dot.style.boxShadow = `0 0 8px ${css(entry.colour, 0.55)}`;
    const bar = h("span", { class: "legend-bar" });
    bar.style.backgroundColor = css(entry.colour, 0.17);
    bar.style.width = `${Math.max(1, (100 * (entry.count ?? 0)) / most)}%`;
    const inside = [bar, dot, h("span", { class: "legend-name" }, entry.name), h("span", { class: "legend-count" }, brief(entry.count ?? 0))];
    const events = {
      pointerenter: () => this.highlight(group),
      focus: () => this.highlight(group),
      blur: () => this.highlight(null),
    };
    if (!entry.pick) return h("li", {}, h("div", { class: "legend-row", ...events }, ...inside));
    const title = entry.pick.kind === "cluster" ? "Fly there" : on ? "Take this filter away" : "Show only these";
    const pressed = entry.pick.kind === "cluster" ? null : String(on);
    const click = (): void => this.pick(scale.by, entry, on);
    return h(
      "li",
      {},
      h("button", { type: "button", class: `legend-row${on ? " on" : ""}`, title, "aria-pressed": pressed, click, ...events }, ...inside),
    );
  }

  private pick(by: ColourBy, { pick }: Entry, on: boolean): void {
    const { filters } = current();
    if (pick?.kind === "cluster") this.toCluster(pick.cluster);
    if (pick?.kind === "years") {
      const range = on ? { from: null, to: null } : { from: day(pick.from, "01-01"), to: day(pick.to, "12-31") };
      change({ filters: { ...filters, ...range } });
    }
    if (pick?.kind === "term" && (by === "source" || by === "field" || by === "country")) {
      const names = on ? filters[by].filter((name) => name !== pick.name) : [...filters[by], pick.name];
      change({ filters: { ...filters, [by]: names } });
    }
  }
}

export const day = (year: number, rest: string): string => `${String(Math.min(9999, Math.max(1, year))).padStart(4, "0")}-${rest}`;

function isOn(by: ColourBy, { pick }: Entry, filters: Filters): boolean {
  if (pick?.kind === "term" && (by === "source" || by === "field" || by === "country")) return filters[by].includes(pick.name);
  if (pick?.kind === "years") return filters.from === day(pick.from, "01-01") && filters.to === day(pick.to, "12-31");
  return false;
}
