// Box and lasso: a drag with Shift or with a tool chosen draws a shape on the map instead of moving it.

import type { Point } from "../pure/view.ts";
import { MAX_CORNERS } from "../pure/view.ts";
import type { Overlay } from "./overlay.ts";
import type { Scene } from "./scene.ts";

export type Tool = "move" | "box" | "lasso";

const LEAST_STEP = 4; // pixels between two corners
const LEAST_SIZE = 6; // pixels: anything smaller was a click

export class Drawing {
  private tool: Tool = "move";
  private start: Point | null = null;
  private corners: Point[] = [];
  private shape: Tool = "move";

  constructor(
    private readonly container: HTMLElement,
    private readonly scene: Scene,
    private readonly overlay: Overlay,
    private readonly done: (polygon: readonly Point[] | null) => void,
  ) {
    // In the capture phase, so that the camera does not see a drag that is a drawing.
    container.addEventListener("pointerdown", (event) => this.down(event), true);
    window.addEventListener("pointermove", (event) => this.move(event), true);
    window.addEventListener("pointerup", (event) => this.up(event), true);
    window.addEventListener("pointercancel", () => this.cancel(), true);
  }

  use(tool: Tool): void {
    this.tool = tool;
    this.container.classList.toggle("drawing", tool !== "move");
  }

  get isDrawing(): boolean {
    return this.start !== null;
  }

  cancel(): void {
    this.start = null;
    this.overlay.stroke = null;
    this.overlay.draw();
  }

  private point(event: PointerEvent): Point {
    const { left, top } = this.container.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  private down(event: PointerEvent): void {
    const shape = this.tool !== "move" ? this.tool : event.shiftKey ? "box" : null;
    if (!shape || event.button !== 0 || !event.isPrimary) return;
    event.stopPropagation();
    event.preventDefault();
    this.shape = shape;
    this.start = this.point(event);
    this.corners = [this.start];
  }

  private move(event: PointerEvent): void {
    if (!this.start) return;
    event.stopPropagation();
    const at = this.point(event);
    if (this.shape === "box") {
      const [x, y] = this.start;
      this.corners = [this.start, [at[0], y], at, [x, at[1]]];
    } else {
      const last = this.corners.at(-1)!;
      if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= LEAST_STEP) this.corners.push(at);
    }
    this.overlay.stroke = this.corners;
    this.overlay.draw();
  }

  private up(event: PointerEvent): void {
    if (!this.start) return;
    event.stopPropagation();
    const xs = this.corners.map(([x]) => x);
    const ys = this.corners.map(([, y]) => y);
    const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
    const every = Math.ceil(this.corners.length / (MAX_CORNERS / 5));
    const kept = this.corners.filter((_, i) => i % every === 0);
    this.cancel();
    this.done(size >= LEAST_SIZE && kept.length >= 3 ? kept.map(([x, y]) => this.scene.unproject(x, y)) : null);
  }
}
