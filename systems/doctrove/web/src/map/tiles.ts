// Fetches the tiles that the view needs and says what is to be drawn. A generation is one map version, stamp and set of
// filters; the next generation is shown when its tiles have come, so that the map never empties in between.

import { ApiError, getTile, isAbort, type MapInfo } from "../api.ts";
import { ancestors, isWithin, keyOf, ROOT, tilePixels, visibleTiles, zoomLevel, type Frame, type Place } from "../pure/cover.ts";
import { union, type Points, type Tile } from "../pure/tile.ts";
import { filterParameters, type Filters } from "../pure/view.ts";

const AT_ONCE = 6;
const KEPT = 500;
const PATIENCE_MS = 1500;
const RETRY_MS = 2500;
const BUDGET = { desktop: 110_000, phone: 50_000 };

interface Generation {
  readonly key: string;
  readonly map: MapInfo;
  readonly filters: Filters;
  readonly tiles: Map<string, Tile>;
  readonly begun: number;
}

export interface Shown {
  readonly points: Points;
  /** Documents on the map that pass the filters; null when the server did not count them. */
  readonly total: number | null;
  readonly version: number;
}

export class Tiles {
  private shown: Generation | null = null;
  private coming: Generation | null = null;
  private frame: Frame | null = null;
  private readonly loading = new Map<string, AbortController>();
  private drawn = "";
  private ticking = false;

  constructor(
    private readonly show: (shown: Shown) => void,
    private readonly phone: () => boolean,
    private readonly failed: (error: ApiError) => void,
  ) {}

  /** Another map, more points on it, or other filters: what is on the screen stays until the new tiles are there. */
  open(map: MapInfo, filters: Filters): void {
    const key = `${map.version}/${map.stamp}?${filterParameters(filters)}`;
    if ((this.coming ?? this.shown)?.key === key) return;
    this.abort(() => true);
    this.coming = this.shown?.key === key ? null : { key, map, filters, tiles: new Map(), begun: performance.now() };
    if (this.coming) window.setTimeout(() => this.arrived(), PATIENCE_MS + 20);
    this.load();
  }

  look(frame: Frame): void {
    this.frame = frame;
    this.load();
    this.arrived();
  }

  /** The tiles under the view, with those above them: from the first of all to the level that fits the zoom. */
  private cover({ map }: Generation): Place[][] {
    if (!this.frame) return [[ROOT]];
    const width = tilePixels(this.frame, map.points_per_tile, this.phone() ? BUDGET.phone : BUDGET.desktop);
    const z = zoomLevel(this.frame.scale, width, map.max_zoom);
    return [[ROOT], ...visibleTiles(this.frame, z).map((place) => [place, ...ancestors(place)].reverse())];
  }

  /** What is still missing, level by level: a tile that holds all its points speaks for all below it. */
  private missing(generation: Generation): Map<string, Place> {
    const { map, tiles } = generation;
    const missing = new Map<string, Place>();
    for (const line of this.cover(generation)) {
      const next = line.find((place) => !tiles.has(keyOf(place)) || isWhole(tiles.get(keyOf(place))!, map));
      if (next && !tiles.has(keyOf(next))) missing.set(keyOf(next), next);
    }
    return missing;
  }

  private load(): void {
    const generation = this.coming ?? this.shown;
    if (!generation) return;
    const missing = this.missing(generation);
    this.abort((key) => !missing.has(key));
    for (const [key, place] of missing) {
      if (this.loading.size >= AT_ONCE) return;
      if (!this.loading.has(key)) void this.fetch(generation, place, key);
    }
  }

  private async fetch(generation: Generation, place: Place, key: string): Promise<void> {
    const aborter = new AbortController();
    this.loading.set(key, aborter);
    try {
      const tile = await getTile(generation.map.version!, place, generation.filters, aborter.signal);
      generation.tiles.set(key, tile);
      this.arrived();
    } catch (error) {
      if (isAbort(error)) return;
      this.failed(error instanceof ApiError ? error : new ApiError(500, String(error)));
      await new Promise((done) => window.setTimeout(done, RETRY_MS));
    } finally {
      if (this.loading.get(key) === aborter) this.loading.delete(key);
    }
    if (generation === (this.coming ?? this.shown)) this.load();
  }

  private abort(which: (key: string) => boolean): void {
    for (const [key, aborter] of this.loading) {
      if (!which(key)) continue;
      aborter.abort();
      this.loading.delete(key);
    }
  }

  /** Draws at most once a frame, however many tiles come. */
  private arrived(): void {
    if (this.ticking) return;
    this.ticking = true;
    window.setTimeout(() => {
      this.ticking = false;
      this.promote();
      this.draw();
    }, this.shown ? 70 : 0);
  }

  private promote(): void {
    const coming = this.coming;
    if (!coming?.tiles.has(keyOf(ROOT))) return;
    const complete = this.missing(coming).size === 0;
    if (complete || !this.shown || performance.now() - coming.begun > PATIENCE_MS) {
      this.shown = coming;
      this.coming = null;
    }
  }

  private draw(): void {
    const generation = this.shown;
    if (!generation) return;
    const { tiles } = generation;
    const keys = new Set([keyOf(ROOT)]);
    for (const line of this.cover(generation)) {
      for (const place of line) keys.add(keyOf(place));
      const place = line.at(-1)!;
      if (tiles.has(keyOf(place))) continue;
      for (const key of tiles.keys()) if (isWithin(placeOf(key), place)) keys.add(key);
    }
    const used = [...keys].filter((key) => tiles.has(key));
    for (const key of used) {
      // The most recently drawn stand last, so that the first are the ones to forget.
      const tile = tiles.get(key)!;
      tiles.delete(key);
      tiles.set(key, tile);
    }
    for (const key of tiles.keys()) {
      if (tiles.size <= KEPT) break;
      if (!keys.has(key)) tiles.delete(key);
    }
    const drawing = `${generation.key} ${used.sort().join(" ")}`;
    if (drawing === this.drawn) return;
    this.drawn = drawing;
    const root = tiles.get(keyOf(ROOT))!;
    const total = root.total ?? (isWhole(root, generation.map) ? root.count : null);
    this.show({ points: union(used.map((key) => tiles.get(key)!)), total, version: generation.map.version! });
  }
}

const isWhole = (tile: Tile, map: MapInfo): boolean =>
  tile.total === null ? tile.count < map.points_per_tile : tile.count >= tile.total;

function placeOf(key: string): Place {
  const [z, x, y] = key.split("/").map(Number);
  return { z: z!, x: x!, y: y! };
}
