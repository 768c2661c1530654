// Which tiles a view of the map needs. The map is the square from -1 to 1; row 0 of the tiles is at the bottom.

export interface Place {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

export interface Frame {
  /** Centre of the view in map units. */
  readonly x: number;
  readonly y: number;
  /** Pixels per map unit. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

export const keyOf = ({ z, x, y }: Place): string => `${z}/${x}/${y}`;
export const ROOT: Place = { z: 0, x: 0, y: 0 };

/** How wide a tile may stand on the screen so that about `budget` points are drawn at most. */
export function tilePixels(frame: Frame, pointsPerTile: number, budget: number): number {
  const ideal = Math.sqrt((frame.width * frame.height * pointsPerTile) / budget);
  return Math.min(1024, Math.max(160, ideal));
}

export function zoomLevel(scale: number, tileWidth: number, maxZoom: number): number {
  return Math.min(maxZoom, Math.max(0, Math.round(Math.log2((2 * scale) / tileWidth))));
}

/** Tiles of level `z` under the view, with a margin (a part of its size) so that panning finds them ready. */
export function visibleTiles(frame: Frame, z: number, margin = 0.15): Place[] {
  const n = 2 ** z;
  const column = (v: number): number => Math.min(n - 1, Math.max(0, Math.floor(((v + 1) / 2) * n)));
  const halfWidth = ((0.5 + margin) * frame.width) / frame.scale;
  const halfHeight = ((0.5 + margin) * frame.height) / frame.scale;
  if (frame.x + halfWidth < -1 || frame.x - halfWidth > 1) return [];
  if (frame.y + halfHeight < -1 || frame.y - halfHeight > 1) return [];
  const tiles: Place[] = [];
  for (let x = column(frame.x - halfWidth); x <= column(frame.x + halfWidth); x++) {
    for (let y = column(frame.y - halfHeight); y <= column(frame.y + halfHeight); y++) tiles.push({ z, x, y });
  }
  const centre = { x: ((frame.x + 1) / 2) * n - 0.5, y: ((frame.y + 1) / 2) * n - 0.5 };
  const away = (t: Place): number => Math.hypot(t.x - centre.x, t.y - centre.y);
  return tiles.sort((a, b) => away(a) - away(b));
}

export function parent({ z, x, y }: Place): Place | null {
  return z === 0 ? null : { z: z - 1, x: x >> 1, y: y >> 1 };
}

export function ancestors(place: Place): Place[] {
  const line: Place[] = [];
  for (let up = parent(place); up; up = parent(up)) line.push(up);
  return line;
}

export function isWithin(inner: Place, outer: Place): boolean {
  const steps = inner.z - outer.z;
  return steps >= 0 && inner.x >> steps === outer.x && inner.y >> steps === outer.y;
}
