// The point under the pointer, and the card beside it.

import { getPaper, type PaperDetail } from "../api.ts";
import { debounce, fill, h } from "../dom.ts";
import { nearest, NO_DAY } from "../pure/tile.ts";
import { date } from "../pure/text.ts";
import type { Overlay } from "./overlay.ts";
import type { Scene } from "./scene.ts";

const KEPT = 400;
const WAIT_MS = 110;

export interface Facts {
  source(code: number): string | null;
  field(code: number): string | null;
  cluster(code: number): string | null;
}

export class Hover {
  private readonly cache = new Map<number, PaperDetail>();
  private id: number | null = null;
  private pointer: [number, number] = [0, 0];
  private asked = false;
  private aborter: AbortController | null = null;
  private readonly fetchSoon = debounce(WAIT_MS, () => void this.fetch());

  constructor(
    private readonly container: HTMLElement,
    private readonly card: HTMLElement,
    private readonly scene: Scene,
    private readonly overlay: Overlay,
    private readonly facts: Facts,
    private readonly click: (id: number | null) => void,
  ) {
    let down: [number, number] | null = null;
    container.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      if (event.buttons) return this.hide();
      this.pointer = [event.offsetX, event.offsetY];
      if (event.target instanceof HTMLButtonElement) return this.hide();
      this.look();
    });
    container.addEventListener("pointerleave", () => this.hide());
    container.addEventListener("pointerdown", (event) => (down = [event.clientX, event.clientY]));
    container.addEventListener("click", (event) => {
      if (event.target instanceof HTMLButtonElement || !down) return;
      if (Math.hypot(event.clientX - down[0], event.clientY - down[1]) > 5) return;
      const { left, top } = container.getBoundingClientRect();
      this.click(this.under(event.clientX - left, event.clientY - top));
    });
  }

  hide(): void {
    if (this.id === null) return;
    this.id = null;
    this.fetchSoon.stop();
    this.card.hidden = true;
    this.container.classList.remove("pointing");
    this.overlay.hovered = null;
    this.overlay.draw();
  }

  private under(px: number, py: number): number | null {
    const [x, y] = this.scene.unproject(px, py);
    const reach = Math.max(9, this.scene.radius() + 4) / this.scene.frame().scale;
    const row = nearest(this.scene.cloud.points, x, y, reach);
    return row < 0 ? null : this.scene.cloud.points.ids[row]!;
  }

  private look(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      const id = this.under(...this.pointer);
      if (id === this.id) return this.place();
      this.hide();
      if (id !== null) this.show(id);
    });
  }

  private show(id: number): void {
    this.id = id;
    this.container.classList.add("pointing");
    this.overlay.hovered = { id, x: null, y: null };
    this.overlay.draw();
    this.write();
    this.place();
    if (!this.cache.has(id)) this.fetchSoon.later();
  }

  private async fetch(): Promise<void> {
    const id = this.id;
    if (id === null) return;
    this.aborter?.abort();
    this.aborter = new AbortController();
    try {
      const paper = await getPaper(id, this.aborter.signal);
      this.cache.set(id, paper);
      for (const key of this.cache.keys()) {
        if (this.cache.size <= KEPT) break;
        this.cache.delete(key);
      }
      if (this.id === id) {
        this.write();
        this.place();
      }
    } catch {
      // The card keeps what the tile told; that the API is away is said by the banner.
    }
  }

  private write(): void {
    const points = this.scene.cloud.points;
    const row = points.ids.indexOf(this.id!);
    const paper = this.cache.get(this.id!);
    const day = row < 0 ? NO_DAY : points.day[row]!;
    const when = paper?.date ?? (day === NO_DAY ? null : new Date(day * 86_400_000).toISOString());
    const source = paper?.source ?? this.facts.source(points.source[row] ?? 0);
    const field = paper?.field ?? this.facts.field(points.field[row] ?? 0);
    const cluster = this.facts.cluster(points.cluster[row] ?? 0);
    fill(
      this.card,
      h("p", { class: "card-meta" }, [source, field, date(when)].filter(Boolean).join("  ·  ")),
      paper ? h("h3", {}, paper.title) : h("div", { class: "skeleton two-lines", "aria-label": "loading" }),
      paper?.excerpt ? h("p", { class: "card-excerpt" }, paper.excerpt) : null,
      cluster ? h("p", { class: "card-cluster" }, cluster) : null,
    );
    this.card.hidden = false;
  }

  private place(): void {
    if (this.id === null) return;
    const { width, height } = this.scene.frame();
    const [x, y] = this.pointer;
    const { offsetWidth, offsetHeight } = this.card;
    const left = x + 18 + offsetWidth > width - 8 ? x - offsetWidth - 18 : x + 18;
    const top = Math.min(Math.max(8, y - 24), height - offsetHeight - 8);
    this.card.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
  }
}
