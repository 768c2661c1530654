// One document: what it says, who wrote it, where it leads, and what stands near it in meaning.

import { ApiError, getNeighbours, getPaper, isAbort, type Neighbour, type PaperDetail } from "../api.ts";
import { byId, fill, h, iconButton } from "../dom.ts";
import { authors, date, reflow, safeLink } from "../pure/text.ts";
import { change, shareAddress } from "../store.ts";
import { copy } from "./notices.ts";

export interface DocumentEvents {
  opened(paper: PaperDetail, fly: boolean): void;
  neighbours(found: readonly Neighbour[]): void;
  point(neighbour: Neighbour | null): void;
  closed(): void;
}

export class DocumentPanel {
  private readonly panel = byId("document");
  private aborter: AbortController | null = null;
  private id: number | null = null;
  private failed: (() => void) | null = null;

  constructor(private readonly events: DocumentEvents) {}

  /** The API is back: what it could not tell before, it may tell now. */
  recover(): void {
    this.failed?.();
  }

  /** Shows this document; `fly` when the camera should follow. Null closes the panel. */
  async open(id: number | null, fly: boolean): Promise<void> {
    if (id === this.id) return;
    this.id = id;
    this.failed = null;
    this.aborter?.abort();
    if (id === null) {
      this.panel.hidden = true;
      document.body.classList.remove("document-open");
      this.events.closed();
      return;
    }
    this.aborter = new AbortController();
    const { signal } = this.aborter;
    this.panel.hidden = false;
    document.body.classList.add("document-open");
    const shapes = ["one-line", "two-lines", "block"].map((shape) => h("div", { class: `skeleton ${shape}` }));
    fill(this.panel, this.head(), ...shapes);
    try {
      const paper = await getPaper(id, signal);
      this.events.opened(paper, fly);
      const near = h("section", { class: "near", "aria-label": "Nearest in meaning" });
      this.write(paper, near);
      this.writeNear(near, await getNeighbours(id, signal));
    } catch (error) {
      if (isAbort(error)) return;
      const away = error instanceof ApiError && error.isAway;
      const again = (): void => {
        this.id = null;
        void this.open(id, fly);
      };
      if (away) this.failed = again;
      const retry = h("button", { type: "button", class: "button", click: again }, "Try again");
      const words = error instanceof ApiError && error.status === 404 ? "This document is not in the store (any more)." : String((error as Error).message);
      fill(this.panel, this.head(), h("div", { class: "nothing", role: "alert" }, h("p", {}, words), away ? retry : null));
    }
  }

  private head(): HTMLElement {
    return h(
      "div",
      { class: "sheet-head" },
      h("span", { class: "spring" }),
      iconButton("link", "Copy a link to this document", () => void copy(shareAddress(), "Link copied")),
      iconButton("close", "Close (Esc)", () => change({ document: null })),
    );
  }

  private write(paper: PaperDetail, near: HTMLElement): void {
    const links = Object.entries(paper.links).flatMap(([name, address]) => {
      const href = safeLink(address);
      return href ? [h("a", { href, target: "_blank", rel: "noopener noreferrer", class: "link" }, name)] : [];
    });
    const facts = [paper.source, paper.field, paper.country, date(paper.date)].filter((fact): fact is string => Boolean(fact));
    fill(
      this.panel,
      this.head(),
      h("p", { class: "facts" }, ...facts.map((fact) => h("span", { class: "fact" }, fact))),
      h("h2", { class: "title", tabindex: -1 }, paper.title),
      paper.authors.length > 0 && h("p", { class: "authors" }, authors(paper.authors, 8)),
      paper.x === null && h("p", { class: "note" }, "Not on the map yet: it is still on its way."),
      h("p", { class: "abstract" }, reflow(paper.abstract) || "No text but the title."),
      links.length > 0 && h("p", { class: "links" }, ...links),
      h("p", { class: "faint small" }, `${paper.source} · ${paper.source_id}`),
      near,
    );
    this.panel.scrollTop = 0;
  }

  private writeNear(section: HTMLElement, found: readonly Neighbour[]): void {
    this.events.neighbours(found);
    if (found.length === 0) {
      return fill(section, h("h3", {}, "Nearest in meaning"), h("p", { class: "faint" }, "Not embedded yet, so nothing is known to be near."));
    }
    const rows = found.map((neighbour) => {
      const { paper, similarity } = neighbour;
      const bar = h("span", { class: "bar-fill" });
      bar.style.width = `${Math.round(100 * Math.max(0, similarity))}%`;
      return h(
        "li",
        { pointerenter: () => this.events.point(neighbour), pointerleave: () => this.events.point(null) },
        h(
          "button",
          { type: "button", class: "neighbour", click: () => change({ document: paper.id }) },
          h("span", { class: "neighbour-title" }, paper.title),
          h("span", { class: "meta" }, [paper.source, paper.field, date(paper.date)].filter(Boolean).join("  ·  ")),
          h("span", { class: "bar", "aria-hidden": "true" }, bar),
          h("span", { class: "signal-value", title: "Cosine similarity" }, similarity.toFixed(2)),
        ),
      );
    });
    fill(section, h("h3", {}, "Nearest in meaning"), h("ol", {}, ...rows));
  }
}
