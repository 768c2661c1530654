// Documents a year as bars, with two handles that choose a range of them. The handles are range inputs: they can be
// dragged, tapped and moved by the arrow keys, and a screen reader says the year.

import type { YearCount } from "../api.ts";
import { fill, h } from "../dom.ts";
import { number } from "../pure/text.ts";

export interface Range {
  readonly first: number;
  readonly last: number;
}

/** An end that stands at the edge leaves that side open. */
export interface Chosen {
  readonly first: number | null;
  readonly last: number | null;
}

export class Histogram {
  private readonly bars = h("div", { class: "bars", "aria-hidden": "true" });
  private readonly low = h("input", { type: "range", class: "low", "aria-label": "First year", step: 1 });
  private readonly high = h("input", { type: "range", class: "high", "aria-label": "Last year", step: 1 });
  private readonly words = h("output", { class: "range-words" });
  private years: readonly YearCount[] = [];
  private whole: Range = { first: 0, last: 0 };

  constructor(root: HTMLElement, private readonly chosen: (range: Chosen) => void) {
    fill(root, this.bars, h("div", { class: "handles" }, this.low, this.high), this.words);
    for (const handle of [this.low, this.high]) {
      handle.addEventListener("input", () => this.moved(handle));
      handle.addEventListener("change", () => this.choose());
    }
  }

  show(years: readonly YearCount[], range: Range | null): void {
    const first = years[0]?.year ?? 0;
    const last = years.at(-1)?.year ?? 0;
    if (years !== this.years) {
      this.years = years;
      this.whole = { first, last };
      const counts = new Map(years.map(({ year, count }) => [year, count]));
      const most = Math.max(1, ...counts.values());
      const every = Math.max(1, Math.ceil((last - first + 1) / 60));
      const bars: HTMLElement[] = [];
      for (let year = first; year <= last; year += every) {
        let count = 0;
        for (let y = year; y < year + every; y++) count += counts.get(y) ?? 0;
        const bar = h("span", { class: "year-bar", "data-year": year, title: `${year}: ${number(count)}` });
        bar.style.height = `${count === 0 ? 0 : Math.max(5, 100 * Math.sqrt(count / (most * every)))}%`;
        bars.push(bar);
      }
      fill(this.bars, ...bars);
      for (const handle of [this.low, this.high]) {
        handle.min = String(first);
        handle.max = String(last);
      }
    }
    this.low.value = String(range?.first ?? first);
    this.high.value = String(range?.last ?? last);
    this.mark();
  }

  private range(): Range {
    return { first: Number(this.low.value), last: Number(this.high.value) };
  }

  private moved(handle: HTMLInputElement): void {
    const { first, last } = this.range();
    if (first > last) handle.value = String(handle === this.low ? last : first);
    this.mark();
  }

  private choose(): void {
    const { first, last } = this.range();
    this.chosen({ first: first === this.whole.first ? null : first, last: last === this.whole.last ? null : last });
  }

  private mark(): void {
    const { first, last } = this.range();
    for (const bar of this.bars.children) {
      const year = Number((bar as HTMLElement).dataset.year);
      bar.classList.toggle("in", year >= first && year <= last);
    }
    this.words.textContent = first === last ? String(first) : `${first} – ${last}`;
  }
}
