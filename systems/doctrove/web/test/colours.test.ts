import assert from "node:assert/strict";
import { test } from "node:test";
import type { MapInfo } from "../src/api.ts";
import { makeScale, PALETTE, ramp, rgb, type Known, type Rgb, type Theme } from "../src/pure/colours.ts";
import { emptyColumns, NO_DAY } from "../src/pure/tile.ts";

// Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
const SIGHTS: Readonly<Record<string, readonly number[]>> = {
  ordinary: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const linear = (colour: Rgb): number[] => colour.map((v) => (v <= 10.31 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
const see = (light: number[], m: readonly number[]): number[] =>
  [0, 3, 6].map((row) => Math.min(1, Math.max(0, m[row]! * light[0]! + m[row + 1]! * light[1]! + m[row + 2]! * light[2]!)));

function oklab([r, g, b]: number[]): number[] {
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const luminance = (colour: Rgb): number => {
  const [r, g, b] = linear(colour);
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};

for (const theme of ["dark", "light"] as Theme[]) {
  for (const [name, matrix] of Object.entries(SIGHTS)) {
    test(`the colours of the ${theme} theme differ under ${name}`, () => {
      const seen = PALETTE[theme].map((hex) => oklab(see(linear(rgb(hex)), matrix)));
      seen.forEach((a, i) => {
        seen.slice(0, i).forEach((b, j) => {
          const distance = Math.hypot(...a.map((v, axis) => v - b[axis]!));
          assert.ok(distance > 0.055, `${PALETTE[theme][i]} and ${PALETTE[theme][j]}: ${distance.toFixed(3)}`);
        });
      });
    });
  }
  test(`every colour of the ${theme} theme stands out from its page`, () => {
    const page = luminance(rgb(theme === "dark" ? "#0e1426" : "#ffffff"));
    for (const hex of PALETTE[theme]) {
      const own = luminance(rgb(hex));
      const contrast = (Math.max(own, page) + 0.05) / (Math.min(own, page) + 0.05);
      assert.ok(contrast > 2.3, `${hex}: ${contrast.toFixed(2)}`);
    }
  });
}

const map = {
  placed: 100,
  first_day: "1999-01-01",
  last_day: "2024-12-31",
  terms: { source: [{ code: 7, name: "arxiv", count: 30 }, { code: 2, name: "python-docs", count: 60 }], field: [], country: [] },
} as unknown as MapInfo;
const label = (level: number, cluster: number, parent: number | null, papers = 10) => ({
  level, cluster, parent, papers, label: `${level}/${cluster}`, terms: [], x: 0, y: 0, region: [],
});
const known: Known = {
  map,
  labels: [label(0, 1, null, 10), label(0, 2, null, 50), label(1, 5, 2), label(1, 6, 1), label(2, 30, 5), label(2, 31, 6)],
  years: [{ year: 1999, count: 5 }, { year: 2024, count: 50 }],
};

test("terms are coloured from the most frequent down, what has none is other", () => {
  const scale = makeScale("source", known, "dark");
  assert.deepEqual(scale.entries.map(({ name, count }) => [name, count]), [["python-docs", 60], ["arxiv", 30], ["other", 10]]);
  const points = { ...emptyColumns(3), source: Uint16Array.of(2, 7, 0) };
  assert.deepEqual([...scale.groups(points)], [0, 1, 2]);
});

test("a point has the colour of the coarse cluster that its fine cluster lies in", () => {
  const points = { ...emptyColumns(3), cluster: Uint16Array.of(30, 31, 0) };
  assert.deepEqual([...makeScale("cluster", known, "light").groups(points)], [0, 1, 2]);
});

test("years are gathered into at most ten groups, to the day", () => {
  const scale = makeScale("year", known, "dark");
  const day = (iso: string): number => Date.parse(iso) / 86_400_000;
  const points = { ...emptyColumns(4), day: Int32Array.of(day("1999-12-31"), day("2000-01-01"), day("2024-06-01"), NO_DAY) };
  assert.ok(scale.entries.length <= 11);
  const [before, after, last, none] = scale.groups(points);
  assert.notEqual(before, after);
  assert.equal(scale.entries[last!]!.name, "2020 – 2024");
  assert.equal(scale.entries[none!]!.name, "no date");
});

test("more terms than colours share one entry", () => {
  const field = Array.from({ length: 40 }, (_, i) => ({ code: i + 1, name: `f${i}`, count: 2 }));
  const scale = makeScale("field", { ...known, map: { ...map, terms: { ...map.terms, field } } }, "dark");
  assert.equal(scale.entries.length, PALETTE.dark.length + 1);
  assert.equal(scale.entries.at(-1)!.count, 100 - 2 * PALETTE.dark.length);
});

test("a ramp begins and ends with its ends", () => {
  assert.deepEqual(ramp(["#000000", "#ffffff"], 0), [0, 0, 0]);
  assert.deepEqual(ramp(["#000000", "#808080", "#ffffff"], 1), [255, 255, 255]);
  assert.deepEqual(ramp(["#000000", "#808080", "#ffffff"], 0.25), [64, 64, 64]);
});
