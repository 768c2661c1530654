// The search box with its three ways of searching, the list of hits and what made each of them a hit.

import { ApiError, isAbort, search, type Found, type Hit } from "../api.ts";
import { byId, debounce, fill, h, iconButton, isPhone } from "../dom.ts";
import { date, marked } from "../pure/text.ts";
import { MODES, type Mode, type View } from "../pure/view.ts";
import { change, current } from "../store.ts";

const SAYS: Readonly<Record<Mode, string>> = {
  hybrid: "Exact words and meaning together",
  words: "Only documents with these words",
  meaning: "Documents about the same thing, whatever their words",
};

export interface SearchEvents {
  found(hits: readonly Hit[], fresh: boolean): void;
  /** A hit came under the pointer or the keyboard; null when none is. */
  point(hit: Hit | null): void;
  go(hit: Hit): void;
}

export class SearchPanel {
  hits: readonly Hit[] = [];
  at = -1;
  private readonly input = byId<HTMLInputElement>("query");
  private readonly modes = byId("modes");
  private readonly panel = byId("results");
  private aborter: AbortController | null = null;
  private asked = "";
  private readonly typed = debounce(320, () => this.submit("replace"));

  constructor(private readonly events: SearchEvents) {
    const form = byId<HTMLFormElement>("search");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit("push");
      if (isPhone()) this.input.blur(); // the keyboard would cover the hits
    });
    this.input.addEventListener("input", () => this.typed.later());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") this.focusRow(0, event);
    });
    for (const mode of MODES) {
      const radio = h("input", { type: "radio", name: "mode", value: mode, id: `mode-${mode}`, change: () => change({ mode }) });
      this.modes.append(radio, h("label", { for: `mode-${mode}`, title: SAYS[mode] }, mode));
    }
    byId("clear-query").addEventListener("click", () => this.clear());
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  clear(): void {
    this.input.value = "";
    change({ query: "" });
  }

  /** Brings box, modes and hits in line with the view. `again` asks even when only the map has changed. */
  sync(view: View, key: string, again = false): void {
    if (document.activeElement !== this.input || this.input.value.trim() !== view.query) this.input.value = view.query;
    byId("clear-query").hidden = view.query === "";
    byId<HTMLInputElement>(`mode-${view.mode}`).checked = true;
    if (view.query === "") {
      this.aborter?.abort();
      this.asked = "";
      this.show([], false);
      this.panel.hidden = true;
    } else if (again || this.asked !== key) {
      const fresh = this.asked !== key;
      this.asked = key;
      void this.ask(view, fresh);
    }
  }

  /** To the next hit, or with -1 to the one before, round and round. */
  step(by: 1 | -1): void {
    if (this.hits.length === 0) return;
    this.at = (this.at + by + this.hits.length + (this.at < 0 && by < 0 ? 1 : 0)) % this.hits.length;
    this.mark();
    this.events.go(this.hits[this.at]!);
  }

  mark(): void {
    this.panel.querySelectorAll(".hit").forEach((row, i) => {
      row.classList.toggle("active", i === this.at);
      if (i === this.at) row.scrollIntoView({ block: "nearest" });
    });
  }

  private submit(keep: "push" | "replace"): void {
    this.typed.stop();
    const query = this.input.value.trim();
    if (query === current().query && keep === "push" && this.hits.length) return this.step(1);
    change({ query }, current().query === "" ? "push" : keep);
  }

  private async ask(view: View, fresh: boolean): Promise<void> {
    this.aborter?.abort();
    this.aborter = new AbortController();
    this.panel.hidden = false;
    this.panel.setAttribute("aria-busy", "true");
    const active = this.hits[this.at]?.paper.id;
    if (this.hits.length === 0) fill(this.panel, ...Array.from({ length: 4 }, () => h("div", { class: "skeleton hit-shape" })));
    try {
      const found = await search(view.query, view.mode, view.filters, this.aborter.signal);
      this.panel.removeAttribute("aria-busy");
      this.list(found);
      this.show(found.items, fresh);
      // The same question on a map that has grown: whoever walks through the hits goes on where they were.
      this.at = fresh ? -1 : found.items.findIndex(({ paper }) => paper.id === active);
      this.mark();
    } catch (error) {
      if (isAbort(error)) return;
      this.panel.removeAttribute("aria-busy");
      this.asked = "";
      this.show([], false);
      const message = error instanceof ApiError ? error.message : String(error);
      fill(this.panel, h("div", { class: "nothing", role: "alert" }, h("p", {}, message)));
    }
  }

  private show(hits: readonly Hit[], fresh: boolean): void {
    this.hits = hits;
    this.at = -1;
    this.events.found(hits, fresh);
  }

  private list(found: Found): void {
    const count = found.items.length;
    const best = Math.max(...found.items.map(({ score }) => score), 1e-9);
    const head = h(
      "div",
      { class: "results-head" },
      h("h2", { role: "status" }, count === 0 ? "No hits" : `${count} ${count === 1 ? "hit" : "hits"}`),
      h("span", { class: "faint" }, `${found.took_ms < 10 ? found.took_ms.toFixed(1) : Math.round(found.took_ms)} ms`),
      h("span", { class: "spring" }),
      count > 1 && iconButton("previous", "Previous hit (p)", () => this.step(-1)),
      count > 1 && iconButton("next", "Next hit (n)", () => this.step(1)),
    );
    const notes = found.notes.map((note) => h("p", { class: "note" }, note));
    if (count === 0) {
      const words = "Nothing matches. Try the other ways of searching, fewer words, or fewer filters.";
      return fill(this.panel, head, ...notes, h("div", { class: "nothing" }, h("p", {}, words)));
    }
    fill(this.panel, head, ...notes, h("ol", { class: "hits" }, ...found.items.map((hit, i) => this.row(hit, i, best))));
    this.panel.scrollTop = 0;
  }

  private row(hit: Hit, i: number, best: number): HTMLElement {
    const { paper, signals } = hit;
    const go = (): void => {
      this.at = i;
      this.mark();
      this.events.go(hit);
    };
    const { words, meaning } = signals;
    const share = (rank: number): number => 60 / (59 + rank); // as reciprocal rank fusion weighs it: rank 1 is whole
    return h(
      "li",
      { class: "hit", pointerenter: () => this.events.point(hit), pointerleave: () => this.events.point(null) },
      h(
        "button",
        { type: "button", click: go, keydown: (event: KeyboardEvent) => this.arrow(event, i) },
        h("span", { class: "hit-title" }, paper.title),
        h("span", { class: "meta" }, [paper.source, paper.field, date(paper.date)].filter(Boolean).join("  ·  ")),
        h("span", { class: "hit-excerpt" }, ...marked(hit.excerpt ?? paper.excerpt).map((p) => (p.hit ? h("mark", {}, p.text) : p.text))),
        h(
          "span",
          { class: "signals" },
          meter("score", hit.score / best, hit.score.toFixed(4), "Fused score: the longer, the better among these hits"),
          meter("words", words ? share(words.rank) : null, words ? `#${words.rank}` : "–", words ? `Place ${words.rank} by words, score ${words.score.toFixed(3)}` : "Not found by words"),
          meter("meaning", meaning ? Math.max(0, meaning.similarity) : null, meaning ? `${Math.round(100 * meaning.similarity)} %` : "–", meaning ? `Place ${meaning.rank} by meaning, similarity ${meaning.similarity.toFixed(3)}` : "Not found by meaning"),
        ),
        paper.x === null && h("span", { class: "note inline" }, "not on the map yet"),
      ),
    );
  }

  private arrow(event: KeyboardEvent, i: number): void {
    if (event.key === "ArrowDown") this.focusRow(i + 1, event);
    if (event.key === "ArrowUp") i === 0 ? this.input.focus() : this.focusRow(i - 1, event);
  }

  private focusRow(i: number, event: Event): void {
    const row = this.panel.querySelectorAll<HTMLButtonElement>(".hit > button")[i];
    if (!row) return;
    event.preventDefault();
    event.stopPropagation();
    row.focus();
  }
}

/** A labelled bar; `part` is null when this signal says nothing of the document. */
function meter(name: string, part: number | null, value: string, says: string): HTMLElement {
  const bar = h("span", { class: "bar-fill" });
  bar.style.width = `${Math.round(100 * Math.min(1, Math.max(0, part ?? 0)))}%`;
  return h(
    "span",
    { class: `signal ${name}${part === null ? " absent" : ""}`, title: says },
    h("span", { class: "signal-name" }, name),
    h("span", { class: "bar", "aria-hidden": "true" }, bar),
    h("span", { class: "signal-value" }, value),
  );
}
