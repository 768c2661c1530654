import assert from "node:assert/strict";
import { test } from "node:test";
import { place, weight, type Candidate } from "../src/pure/labels.ts";

const at = (key: string, x: number, y: number, priority: number): Candidate => ({ key, x, y, width: 80, height: 20, priority });

test("of two names that overlap the more important one stands", () => {
  const shown = place([at("minor", 100, 100, 1), at("major", 120, 105, 2), at("far", 400, 300, 0)], 800, 600, []);
  assert.deepEqual(shown, new Set(["major", "far"]));
});

test("no name stands under a panel or cut off by the window", () => {
  const panel = { left: 0, top: 0, right: 300, bottom: 600 };
  assert.deepEqual(place([at("covered", 100, 100, 1), at("out", 790, 100, 1), at("free", 500, 100, 1)], 800, 600, [panel]), new Set(["free"]));
});

test("no two names that stand overlap, however many there are", () => {
  const many = Array.from({ length: 300 }, (_, i) => at(String(i), (i * 137) % 800, (i * 89) % 600, i % 7));
  const shown = many.filter(({ key }) => place(many, 800, 600, []).has(key));
  assert.ok(shown.length > 20);
  for (const a of shown) for (const b of shown) if (a !== b) assert.ok(Math.abs(a.x - b.x) >= 80 || Math.abs(a.y - b.y) >= 20);
});

test("every zoom has a level that speaks, coarse far away and fine near by", () => {
  for (let zoom = -2; zoom < 12; zoom += 0.1) assert.ok([0, 1, 2].some((level) => weight(level, zoom) === 1), `zoom ${zoom}`);
  assert.deepEqual([0, 1, 2].map((level) => weight(level, 0)), [1, 0.5, 0]);
  assert.deepEqual([0, 1, 2].map((level) => weight(level, 6)), [0, 0, 1]);
});
