// The points as they stand on the screen at this moment. New ones fade in, gone ones fade out, and one that stands
// elsewhere on a newer map travels there: a change of tiles is never a flicker.

import { easeInOut, easeOut } from "../pure/fly.ts";
import { union, type Points } from "../pure/tile.ts";
import type { Scale } from "../pure/colours.ts";

const FADE_MS = 420;
const MOVE_MS = 1800;
const DIMMED = 0.07;

export class Cloud {
  /** What is on the map; rows of the buffers beyond `points.count` are points that are leaving. */
  points: Points = union([]);
  count = 0;
  positions = new Float32Array(0);
  colours = new Uint8Array(0);

  private ids = new Float64Array(0);
  private groups = new Uint8Array(0);
  private from = new Float32Array(0);
  private to = new Float32Array(0);
  private alpha = new Float32Array(0);
  private alphaFrom = new Float32Array(0);
  private started = 0;
  private duration = 0;
  private scale: Scale | null = null;
  private highlighted: number | null = null;

  /** Goes over to these points; `instantly` for people who asked for less motion. */
  change(points: Points, now: number, instantly: boolean): void {
    const before = { ids: this.ids, positions: this.positions, alpha: this.alpha, groups: this.groups, count: this.count };
    const rows = this.points.rows;
    const leaving: number[] = [];
    for (let row = 0; row < before.count && !instantly; row++) {
      if (!points.rows.has(before.ids[row]!) && before.alpha[row]! > 0.02) leaving.push(row);
    }
    const arriving = points.count;
    const total = arriving + leaving.length;
    this.points = points;
    this.allocate(total);
    let moves = false;
    for (let row = 0; row < arriving; row++) {
      const [x, y] = [points.x[row]!, points.y[row]!];
      const old = rows.get(points.ids[row]!) ?? -1;
      this.ids[row] = points.ids[row]!;
      this.to[2 * row] = x;
      this.to[2 * row + 1] = y;
      this.from[2 * row] = old < 0 ? x : before.positions[2 * old]!;
      this.from[2 * row + 1] = old < 0 ? y : before.positions[2 * old + 1]!;
      this.alphaFrom[row] = old < 0 ? 0 : before.alpha[old]!;
      moves ||= old >= 0 && (this.from[2 * row] !== x || this.from[2 * row + 1] !== y);
    }
    leaving.forEach((old, i) => {
      const row = arriving + i;
      this.ids[row] = before.ids[old]!;
      for (const axis of [0, 1]) {
        this.from[2 * row + axis] = this.to[2 * row + axis] = before.positions[2 * old + axis]!;
      }
      this.alphaFrom[row] = before.alpha[old]!;
      this.groups[row] = before.groups[old]!;
    });
    this.started = now;
    this.duration = instantly ? 0 : moves ? MOVE_MS : FADE_MS;
    this.regroup();
    this.step(now);
  }

  /** Colours by this scale from now on. */
  paint(scale: Scale): void {
    this.scale = scale;
    this.regroup();
    this.colour();
  }

  /** Lets one group of the legend stand out; null ends it. */
  highlight(group: number | null): void {
    this.highlighted = group;
    this.colour();
  }

  /** Moves on to the time `now`; true while there is more to come. */
  step(now: number): boolean {
    const part = this.duration === 0 ? 1 : Math.min(1, (now - this.started) / this.duration);
    const along = easeInOut(part);
    const fade = easeOut(Math.min(1, (now - this.started) / FADE_MS));
    const stay = this.points.count;
    if (part >= 1) {
      this.positions.set(this.to);
      this.count = stay;
    } else {
      for (let i = 0; i < 2 * this.count; i++) this.positions[i] = this.from[i]! + (this.to[i]! - this.from[i]!) * along;
    }
    for (let row = 0; row < this.count; row++) {
      const start = this.alphaFrom[row]!;
      this.alpha[row] = start + ((row < stay ? 1 : 0) - start) * (part >= 1 ? 1 : fade);
    }
    this.colour();
    return part < 1;
  }

  /** Where a document stands now, on the screen or not; null when no tile has brought it. */
  find(id: number): [number, number] | null {
    const row = this.points.rows.get(id);
    return row === undefined ? null : [this.positions[2 * row]!, this.positions[2 * row + 1]!];
  }

  private allocate(total: number): void {
    this.count = total;
    this.ids = new Float64Array(total);
    this.groups = new Uint8Array(total);
    this.positions = new Float32Array(2 * total);
    this.from = new Float32Array(2 * total);
    this.to = new Float32Array(2 * total);
    this.alpha = new Float32Array(total);
    this.alphaFrom = new Float32Array(total);
    this.colours = new Uint8Array(4 * total);
  }

  private regroup(): void {
    if (this.scale) this.groups.set(this.scale.groups(this.points));
  }

  private colour(): void {
    const entries = this.scale?.entries ?? [];
    for (let row = 0; row < this.count; row++) {
      const group = this.groups[row]!;
      const [r, g, b] = entries[group]?.colour ?? [128, 128, 128];
      const strength = this.highlighted === null || this.highlighted === group ? 1 : DIMMED;
      this.colours[4 * row] = r;
      this.colours[4 * row + 1] = g;
      this.colours[4 * row + 2] = b;
      this.colours[4 * row + 3] = Math.round(255 * this.alpha[row]! * strength);
    }
  }
}
