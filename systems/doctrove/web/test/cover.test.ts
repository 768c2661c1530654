import assert from "node:assert/strict";
import { test } from "node:test";
import { ancestors, isWithin, keyOf, tilePixels, visibleTiles, zoomLevel } from "../src/pure/cover.ts";

const window = { x: 0, y: 0, scale: 400, width: 1000, height: 800 };

test("the whole map in view needs the tiles of the whole level, the middle ones first", () => {
  const tiles = visibleTiles(window, 2, 0);
  assert.equal(tiles.length, 16);
  assert.deepEqual(new Set(tiles.slice(0, 4).map(keyOf)), new Set(["2/1/1", "2/1/2", "2/2/1", "2/2/2"]));
});

test("row 0 is at the bottom of the map", () => {
  const low = { ...window, y: -0.9, x: -0.9, scale: 10_000 };
  assert.deepEqual(visibleTiles(low, 1, 0), [{ z: 1, x: 0, y: 0 }]);
});

test("a view beyond the map needs nothing, one over its edge only what exists", () => {
  assert.deepEqual(visibleTiles({ ...window, x: 9 }, 4), []);
  for (const { x, y } of visibleTiles({ ...window, x: 1, y: 1 }, 3)) assert.ok(x >= 0 && x < 8 && y >= 0 && y < 8);
});

test("panning changes which tiles are seen but never their level", () => {
  const width = tilePixels(window, 4096, 100_000);
  const levels = [0, 0.001, 0.3].map((x) => zoomLevel({ ...window, x }.scale, width, 12));
  assert.equal(new Set(levels).size, 1);
});

test("levels grow by one with every doubling and stay within the map's", () => {
  assert.equal(zoomLevel(256, 256, 12), 1);
  assert.equal(zoomLevel(512, 256, 12), 2);
  assert.equal(zoomLevel(1, 256, 12), 0);
  assert.equal(zoomLevel(2 ** 40, 256, 12), 12);
});

test("as many tiles are on the screen as the budget of points allows", () => {
  const width = tilePixels(window, 4096, 100_000);
  const tiles = (window.width * window.height) / width ** 2;
  assert.ok(Math.abs(tiles * 4096 - 100_000) < 1);
});

test("ancestors lead up to the first tile and contain the place", () => {
  const place = { z: 3, x: 5, y: 2 };
  assert.deepEqual(ancestors(place).map(keyOf), ["2/2/1", "1/1/0", "0/0/0"]);
  for (const above of ancestors(place)) assert.ok(isWithin(place, above));
  assert.ok(!isWithin(place, { z: 1, x: 0, y: 0 }));
  assert.ok(!isWithin({ z: 0, x: 0, y: 0 }, place));
});
