// Filters: a sheet to set them, chips that show what is set.

import type { MapInfo, Term, YearCount } from "../api.ts";
import { byId, debounce, fill, h, icon } from "../dom.ts";
import { brief, date } from "../pure/text.ts";
import { isFiltered, LISTS, NO_FILTERS, type Filters } from "../pure/view.ts";
import { change, current } from "../store.ts";
import { Histogram } from "./histogram.ts";
import { day } from "./legend.ts";

type List = (typeof LISTS)[number];
const TITLES: Readonly<Record<List, string>> = { source: "Source", field: "Field", country: "Country" };
const SHOWN = 8;

export const set = (patch: Partial<Filters>): void => change({ filters: { ...current().filters, ...patch } });
export const clearFilters = (): void => change({ filters: NO_FILTERS });

export class FiltersPanel {
  private readonly panel = byId("filters");
  private readonly button = byId<HTMLButtonElement>("filters-button");
  private readonly chips = byId("chips");
  private readonly words = h("input", { type: "search", id: "filter-text", maxlength: 1000, placeholder: '"exact words" or -not', autocomplete: "off" });
  private readonly from = h("input", { type: "date", "aria-label": "From this day" });
  private readonly to = h("input", { type: "date", "aria-label": "To this day" });
  private readonly histogram: Histogram;
  private readonly lists = new Map<List, HTMLElement>();
  private readonly all = new Set<List>();
  private map: MapInfo | null = null;

  constructor() {
    const years = h("div", { class: "histogram" });
    this.histogram = new Histogram(years, ({ first, last }) =>
      set({ from: first === null ? null : day(first, "01-01"), to: last === null ? null : day(last, "12-31") }),
    );
    const sections = LISTS.map((list) => {
      const options = h("div", { class: "options" });
      this.lists.set(list, options);
      return h("fieldset", { class: "filter-list" }, h("legend", {}, TITLES[list]), options);
    });
    fill(
      this.panel,
      h("div", { class: "sheet-head" }, h("h2", {}, "Filters"), h("span", { class: "spring" }), h("button", { type: "button", class: "text-button", click: clearFilters }, "Clear all")),
      h("fieldset", {}, h("legend", {}, "Date"), years, h("div", { class: "days" }, this.from, h("span", { class: "faint" }, "to"), this.to)),
      h("fieldset", {}, h("legend", {}, "Words in the text"), this.words),
      ...sections,
    );
    const typed = debounce(350, () => set({ text: this.words.value.trim() }));
    this.words.addEventListener("input", typed.later);
    this.from.addEventListener("change", () => set({ from: this.from.value || null }));
    this.to.addEventListener("change", () => set({ to: this.to.value || null }));
    this.button.addEventListener("click", () => this.open(!this.isOpen));
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  open(open: boolean): void {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("filters-open", open);
    if (open) this.sync(current().filters);
  }

  learn(map: MapInfo, years: readonly YearCount[]): void {
    this.map = map;
    this.years = years;
    this.sync(current().filters);
  }

  private years: readonly YearCount[] = [];

  sync(filters: Filters): void {
    this.showChips(filters);
    this.button.classList.toggle("on", isFiltered(filters));
    if (this.panel.hidden) return;
    if (document.activeElement !== this.words) this.words.value = filters.text;
    this.from.value = filters.from ?? "";
    this.to.value = filters.to ?? "";
    for (const handle of [this.from, this.to]) {
      handle.min = this.map?.first_day ?? "";
      handle.max = this.map?.last_day ?? "";
    }
    const year = (iso: string | null): number | null => (iso ? Number(iso.slice(0, 4)) : null);
    const [first, last] = [year(filters.from), year(filters.to)];
    const range =
      first === null && last === null
        ? null
        : { first: first ?? this.years[0]?.year ?? 0, last: last ?? this.years.at(-1)?.year ?? 0 };
    this.histogram.show(this.years, range);
    for (const [list, element] of this.lists) this.showList(list, element, filters);
  }

  private showList(list: List, element: HTMLElement, filters: Filters): void {
    const terms = [...(this.map?.terms[list] ?? [])].sort((a, b) => b.count - a.count);
    const field = element.closest("fieldset")!;
    field.hidden = terms.length === 0;
    const open = this.all.has(list);
    const chosen = (term: Term): boolean => filters[list].includes(term.name);
    const shown = terms.filter((term, i) => open || i < SHOWN || chosen(term));
    const boxes = shown.map((term) => {
      const box = h("input", { type: "checkbox", checked: chosen(term), change: () => toggle(list, term.name) });
      return h("label", { class: "option" }, box, h("span", {}, term.name), h("span", { class: "legend-count" }, brief(term.count)));
    });
    const more = terms.length - shown.length;
    const showAll = (): void => {
      this.all.add(list);
      this.sync(current().filters);
    };
    const rest = more > 0 ? h("button", { type: "button", class: "text-button", click: showAll }, `${more} more`) : null;
    const focused = element.contains(document.activeElement) ? [...element.querySelectorAll("input")].indexOf(document.activeElement as HTMLInputElement) : -1;
    fill(element, ...boxes, rest);
    element.querySelectorAll("input")[focused]?.focus();
  }

  private showChips(filters: Filters): void {
    const chips = LISTS.flatMap((list) => filters[list].map((name) => chip(TITLES[list], name, () => toggle(list, name))));
    if (filters.from || filters.to) chips.push(chip("Date", period(filters), () => set({ from: null, to: null })));
    if (filters.text) chips.push(chip("Words", filters.text, () => set({ text: "" })));
    if (chips.length > 0) chips.push(h("button", { type: "button", class: "text-button", click: clearFilters }, "Clear all"));
    fill(this.chips, ...chips);
    this.chips.hidden = chips.length === 0;
  }
}

function toggle(list: List, name: string): void {
  const names = current().filters[list];
  set({ [list]: names.includes(name) ? names.filter((other) => other !== name) : [...names, name] });
}

function chip(kind: string, value: string, remove: () => void): HTMLElement {
  const label = `Take away the filter ${kind}: ${value}`;
  return h(
    "button",
    { type: "button", class: "chip", title: label, "aria-label": label, click: remove },
    h("span", { class: "chip-kind" }, kind),
    h("span", { class: "chip-value" }, value),
    icon("close"),
  );
}

function period({ from, to }: Filters): string {
  const [first, last] = [from?.endsWith("-01-01") && from.slice(0, 4), to?.endsWith("-12-31") && to.slice(0, 4)];
  if (first && last) return first === last ? first : `${first} – ${last}`;
  if (!to && first) return `since ${first}`;
  if (!from && last) return `until ${last}`;
  if (from && to) return `${date(from)} – ${date(to)}`;
  return from ? `since ${date(from)}` : `until ${date(to)}`;
}
