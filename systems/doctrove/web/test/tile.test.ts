import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeTile, nearest, NO_DAY, union, type Columns } from "../src/pure/tile.ts";

interface Row {
  id: number;
  x: number;
  y: number;
  day?: number;
  source?: number;
}

/** Written by the layout in docs/doctrove-api.md, independently of the code that reads it. */
function encode(rows: Row[], total = rows.length, version = 7): ArrayBuffer {
  const n = rows.length;
  const even = n + (n % 2);
  const buffer = new ArrayBuffer(16 + 20 * n + 8 * even);
  const view = new DataView(buffer);
  [..."DTT1"].forEach((letter, i) => view.setUint8(i, letter.charCodeAt(0)));
  view.setUint32(4, n, true);
  view.setUint32(8, total, true);
  view.setUint32(12, version, true);
  rows.forEach((row, i) => {
    view.setFloat64(16 + 8 * i, row.id, true);
    view.setFloat32(16 + 8 * n + 4 * i, row.x, true);
    view.setFloat32(16 + 12 * n + 4 * i, row.y, true);
    view.setInt32(16 + 16 * n + 4 * i, row.day ?? NO_DAY, true);
    view.setUint16(16 + 20 * n + 2 * i, row.source ?? 0, true);
    view.setUint16(16 + 20 * n + 2 * even + 2 * i, 2, true);
    view.setUint16(16 + 20 * n + 4 * even + 2 * i, 3, true);
    view.setUint16(16 + 20 * n + 6 * even + 2 * i, 400 + i, true);
  });
  return buffer;
}

const three = [
  { id: 1, x: -0.5, y: 0.25, day: 18_000, source: 1 },
  { id: 2 ** 40, x: 0.5, y: 0.5 },
  { id: 3, x: 1, y: -1, source: 65_535 },
];

test("a tile is read column by column, also with an odd number of points", () => {
  const tile = decodeTile(encode(three, 90));
  assert.equal(tile.count, 3);
  assert.equal(tile.total, 90);
  assert.equal(tile.version, 7);
  assert.deepEqual([...tile.ids], [1, 2 ** 40, 3]);
  assert.deepEqual([...tile.x], [-0.5, 0.5, 1]);
  assert.deepEqual([...tile.y], [0.25, 0.5, -1]);
  assert.deepEqual([...tile.day], [18_000, NO_DAY, NO_DAY]);
  assert.deepEqual([...tile.source], [1, 0, 65_535]);
  assert.deepEqual([...tile.field], [2, 2, 2]);
  assert.deepEqual([...tile.country], [3, 3, 3]);
  assert.deepEqual([...tile.cluster], [400, 401, 402]);
});

test("an empty tile and one that was not counted are tiles too", () => {
  assert.equal(decodeTile(encode([])).count, 0);
  assert.equal(decodeTile(encode(three, 4_294_967_295)).total, null);
});

test("a tile that was cut off is refused, and so is anything else", () => {
  const whole = encode(three);
  for (const length of [0, 15, 16, 40, whole.byteLength - 1]) {
    assert.throws(() => decodeTile(whole.slice(0, length)), /tile/);
  }
  assert.throws(() => decodeTile(new TextEncoder().encode("<!doctype html><p>").buffer as ArrayBuffer), /DTT1/);
});

test("a union holds every point once", () => {
  const a = decodeTile(encode(three));
  const b = decodeTile(encode([three[2]!, { id: 9, x: 0, y: 0 }]));
  assert.deepEqual([...union([a, b]).ids], [1, 2 ** 40, 3, 9]);
  assert.deepEqual([...union([a, b]).x], [-0.5, 0.5, 1, 0]);
  assert.equal(union([a, b]).rows.get(9), 3);
  assert.equal(union([]).count, 0);
});

test("the nearest point is found within reach only", () => {
  const points: Columns = decodeTile(encode(three));
  assert.equal(nearest(points, 0.49, 0.5, 0.1), 1);
  assert.equal(nearest(points, 0.49, 0.5, 0.001), -1);
});
