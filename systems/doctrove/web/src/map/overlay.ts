// What is drawn over the points: rings about hits and documents, lines to neighbours, outlines of clusters and selections.

import type { Point } from "../pure/view.ts";
import type { Scene } from "./scene.ts";

export interface Ring {
  readonly id: number;
  readonly x: number | null;
  readonly y: number | null;
}

export class Overlay {
  hits: readonly Ring[] = [];
  hit: number | null = null;
  document: Ring | null = null;
  neighbours: readonly Ring[] = [];
  hovered: Ring | null = null;
  region: readonly Point[] | null = null;
  selection: readonly Point[] | null = null;
  /** The stroke under the pointer, in pixels. */
  stroke: readonly Point[] | null = null;

  private readonly context: CanvasRenderingContext2D;
  private asked = false;
  private colours = { ring: "#fff", accent: "#5cc8ff", veil: "rgb(92 200 255 / 0.1)", halo: "#000" };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scene: Scene,
  ) {
    this.context = canvas.getContext("2d")!;
  }

  /** Reads the colours of the theme from the style sheet. */
  restyle(): void {
    const style = getComputedStyle(document.documentElement);
    const read = (name: string): string => style.getPropertyValue(name).trim();
    this.colours = { ring: read("--ring"), accent: read("--accent"), veil: read("--veil"), halo: read("--page") };
    this.draw();
  }

  draw(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.paint();
    });
  }

  private paint(): void {
    const { width, height } = this.scene.frame();
    const density = Math.min(2, window.devicePixelRatio || 1);
    const [w, h] = [Math.round(width * density), Math.round(height * density)];
    if (this.canvas.width !== w || this.canvas.height !== h) [this.canvas.width, this.canvas.height] = [w, h];
    const c = this.context;
    c.setTransform(density, 0, 0, density, 0, 0);
    c.clearRect(0, 0, width, height);
    c.lineJoin = "round";
    if (this.region) this.outline(this.region, this.colours.ring, 0.35);
    if (this.selection) this.outline(this.selection, this.colours.accent, 0.9);
    if (this.stroke) this.path(this.stroke, this.colours.accent, 0.9);
    this.links();
    const radius = this.scene.radius();
    for (const ring of this.hits) if (ring.id !== this.hit) this.ring(ring, Math.max(5, radius + 3), 1.5, this.colours.accent, 0.95, true);
    for (const ring of this.neighbours) this.ring(ring, Math.max(4, radius + 2), 1.25, this.colours.ring, 0.75);
    const active = this.hits.find(({ id }) => id === this.hit);
    if (active) this.target(active, this.colours.accent, radius);
    if (this.document) this.target(this.document, this.colours.ring, radius);
    if (this.hovered) this.ring(this.hovered, Math.max(6, radius + 4), 2, this.colours.ring, 1);
  }

  /** Where a ring stands: the point as it is drawn now, else the place that the API told. */
  private at(ring: Ring): [number, number] | null {
    const now = this.scene.cloud.find(ring.id);
    const [x, y] = now ?? [ring.x, ring.y];
    return x === null || y === null ? null : this.scene.project(x, y);
  }

  private ring(ring: Ring, radius: number, line: number, colour: string, alpha: number, filled = false): void {
    const at = this.at(ring);
    if (!at) return;
    const c = this.context;
    c.globalAlpha = alpha;
    c.beginPath();
    c.arc(at[0], at[1], radius, 0, 2 * Math.PI);
    if (filled) {
      c.fillStyle = this.colours.veil;
      c.fill();
    }
    c.lineWidth = line + 2;
    c.strokeStyle = this.colours.halo;
    c.globalAlpha = alpha * 0.5;
    c.stroke();
    c.globalAlpha = alpha;
    c.lineWidth = line;
    c.strokeStyle = colour;
    c.stroke();
    c.globalAlpha = 1;
  }

  private target(ring: Ring, colour: string, radius: number): void {
    this.ring(ring, Math.max(7, radius + 4), 2.25, colour, 1);
    this.ring(ring, Math.max(13, radius + 10), 1, colour, 0.55);
    const at = this.at(ring);
    if (!at) return;
    this.context.fillStyle = colour;
    this.context.beginPath();
    this.context.arc(at[0], at[1], Math.max(2.5, radius * 0.8), 0, 2 * Math.PI);
    this.context.fill();
  }

  private links(): void {
    const from = this.document && this.at(this.document);
    if (!from) return;
    const c = this.context;
    c.strokeStyle = this.colours.ring;
    c.globalAlpha = 0.28;
    c.lineWidth = 1;
    c.beginPath();
    for (const neighbour of this.neighbours) {
      const to = this.at(neighbour);
      if (!to) continue;
      c.moveTo(...from);
      c.lineTo(...to);
    }
    c.stroke();
    c.globalAlpha = 1;
  }

  private outline(corners: readonly Point[], colour: string, alpha: number): void {
    this.path(corners.map(([x, y]) => this.scene.project(x, y)), colour, alpha);
  }

  private path(corners: readonly Point[], colour: string, alpha: number): void {
    const c = this.context;
    c.beginPath();
    for (const [x, y] of corners) c.lineTo(x, y);
    c.closePath();
    c.fillStyle = this.colours.veil;
    c.fill();
    c.globalAlpha = alpha;
    c.lineWidth = 1.5;
    c.strokeStyle = colour;
    c.stroke();
    c.globalAlpha = 1;
  }
}
