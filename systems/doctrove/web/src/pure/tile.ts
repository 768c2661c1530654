// One tile of the map, as `docs/doctrove-api.md` lays it out: little-endian columns, each padded to 4 bytes.

export interface Columns {
  readonly count: number;
  readonly ids: Float64Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly day: Int32Array;
  readonly source: Uint16Array;
  readonly field: Uint16Array;
  readonly country: Uint16Array;
  readonly cluster: Uint16Array;
}

export interface Tile extends Columns {
  readonly version: number;
  /** Points in the tile before sampling; null when the server did not count them. */
  readonly total: number | null;
}

export const NO_DAY = -2147483648;

const HEADER = 16;
const MAGIC = 0x31545444; // "DTT1"
const NOT_COUNTED = 0xffffffff;
const padded = (bytes: number): number => (bytes + 3) & ~3;

/** Throws when the bytes are not a whole tile: a cut-off answer must not become a half map. */
export function decodeTile(buffer: ArrayBuffer): Tile {
  if (buffer.byteLength < HEADER) throw new Error(`a tile of ${buffer.byteLength} bytes has no header`);
  const head = new DataView(buffer);
  if (head.getUint32(0, true) !== MAGIC) throw new Error("not a map tile: it does not begin with DTT1");
  const n = head.getUint32(4, true);
  const total = head.getUint32(8, true);
  const expected = HEADER + 20 * n + 4 * padded(2 * n);
  if (buffer.byteLength !== expected) {
    throw new Error(`a tile of ${n} points has ${expected} bytes, but ${buffer.byteLength} came`);
  }
  let at = HEADER;
  const take = (bytes: number): ArrayBuffer => buffer.slice(at, (at += bytes));
  const short = (): Uint16Array => new Uint16Array(take(padded(2 * n)), 0, n);
  return {
    count: n,
    total: total === NOT_COUNTED ? null : total,
    version: head.getUint32(12, true),
    ids: new Float64Array(take(8 * n)),
    x: new Float32Array(take(4 * n)),
    y: new Float32Array(take(4 * n)),
    day: new Int32Array(take(4 * n)),
    source: short(),
    field: short(),
    country: short(),
    cluster: short(),
  };
}

export function emptyColumns(count: number): Columns {
  return {
    count,
    ids: new Float64Array(count),
    x: new Float32Array(count),
    y: new Float32Array(count),
    day: new Int32Array(count),
    source: new Uint16Array(count),
    field: new Uint16Array(count),
    country: new Uint16Array(count),
    cluster: new Uint16Array(count),
  };
}

/** The points of several tiles; `rows` says in which row an id stands. */
export interface Points extends Columns {
  readonly rows: ReadonlyMap<number, number>;
}

/** Every point once, whichever of the tiles brought it. */
export function union(tiles: readonly Columns[]): Points {
  const rows = new Map<number, number>();
  const kept = tiles.map((tile) => {
    const own = new Uint32Array(tile.count);
    let n = 0;
    for (let i = 0; i < tile.count; i++) {
      const id = tile.ids[i]!;
      if (rows.has(id)) continue;
      rows.set(id, rows.size);
      own[n++] = i;
    }
    return own.subarray(0, n);
  });
  const all = emptyColumns(rows.size);
  let at = 0;
  tiles.forEach((tile, t) => {
    const own = kept[t]!;
    gather(tile.ids, own, all.ids, at);
    gather(tile.x, own, all.x, at);
    gather(tile.y, own, all.y, at);
    gather(tile.day, own, all.day, at);
    gather(tile.source, own, all.source, at);
    gather(tile.field, own, all.field, at);
    gather(tile.country, own, all.country, at);
    gather(tile.cluster, own, all.cluster, at);
    at += own.length;
  });
  return { ...all, rows };
}

type Column = Float64Array | Float32Array | Int32Array | Uint16Array;

function gather(from: Column, rows: Uint32Array, to: Column, at: number): void {
  if (rows.length === from.length) return to.set(from, at);
  for (let i = 0; i < rows.length; i++) to[at + i] = from[rows[i]!]!;
}

/** The row of the point nearest to (x, y) within `reach`, all in map units; -1 when there is none. */
export function nearest(points: Columns, x: number, y: number, reach: number): number {
  let best = reach * reach;
  let row = -1;
  for (let i = 0; i < points.count; i++) {
    const dx = points.x[i]! - x;
    const dy = points.y[i]! - y;
    const d = dx * dx + dy * dy;
    if (d <= best) {
      best = d;
      row = i;
    }
  }
  return row;
}
