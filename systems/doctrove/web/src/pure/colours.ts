// Colours of the points. The categorical palettes were searched for the largest smallest distance in OKLab under
// ordinary sight and simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009); a test measures them.

import type { Label, MapInfo, YearCount } from "../api.ts";
import { NO_DAY, type Columns } from "./tile.ts";
import type { ColourBy } from "./view.ts";

export type Rgb = readonly [number, number, number];
export type Theme = "dark" | "light";

export interface Entry {
  readonly name: string;
  readonly colour: Rgb;
  readonly count: number | null;
  /** What a click means: filter by this name, these years, or fly to this cluster of level 0. */
  readonly pick:
    | { readonly kind: "term"; readonly name: string }
    | { readonly kind: "years"; readonly from: number; readonly to: number }
    | { readonly kind: "cluster"; readonly cluster: number }
    | null;
}

/** Every point belongs to one group: an entry of the legend. */
export interface Scale {
  readonly by: ColourBy;
  readonly entries: readonly Entry[];
  readonly groups: (points: Columns) => Uint8Array;
}

export const PALETTE: Readonly<Record<Theme, readonly string[]>> = {
  dark: ["#29caf7", "#ee861d", "#9166ee", "#8cfdd0", "#e64252", "#ddc173", "#f29dbe", "#3994a9", "#d4f646", "#8098e8"],
  light: ["#259bfc", "#b60844", "#af9f2a", "#3122b9", "#f14aa4", "#7c130b", "#635bdb", "#b37054", "#680760", "#754d85"],
};
const REST: Readonly<Record<Theme, string>> = { dark: "#6b7690", light: "#98a0b0" };
const ONE: Readonly<Record<Theme, string>> = { dark: "#5cc8ff", light: "#2467d6" };
// Ends of viridis that stand out from the page of the theme; brightness alone orders the years.
const YEARS: Readonly<Record<Theme, readonly string[]>> = {
  dark: ["#5b51a8", "#3f7fc0", "#2aa9a8", "#5fd07e", "#d7e84a"],
  light: ["#c9b500", "#4aa84f", "#1c8482", "#33589a", "#43206f"],
};

export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export const css = ([r, g, b]: Rgb, alpha = 1): string => `rgb(${r} ${g} ${b} / ${alpha})`;

/** The colour at `part` (0 to 1) of the way through evenly spaced stops. */
export function ramp(stops: readonly string[], part: number): Rgb {
  const at = Math.min(1, Math.max(0, part)) * (stops.length - 1);
  const left = Math.min(stops.length - 2, Math.floor(at));
  const [a, b] = [rgb(stops[left]!), rgb(stops[left + 1]!)];
  const mix = (i: 0 | 1 | 2): number => Math.round(a[i] + (b[i] - a[i]) * (at - left));
  return [mix(0), mix(1), mix(2)];
}

export interface Known {
  readonly map: MapInfo;
  readonly labels: readonly Label[];
  readonly years: readonly YearCount[];
}

export function makeScale(by: ColourBy, known: Known, theme: Theme): Scale {
  if (by === "one") {
    const all: Entry = { name: "all documents", colour: rgb(ONE[theme]), count: known.map.placed, pick: null };
    return { by, entries: [all], groups: (points) => new Uint8Array(points.count) };
  }
  if (by === "year") return yearScale(known, theme);
  if (by === "cluster") return clusterScale(known, theme);
  const terms = [...known.map.terms[by]].sort((a, b) => b.count - a.count);
  const shown = terms.slice(0, room(theme, terms.length));
  const rest = terms.slice(shown.length).reduce((sum, term) => sum + term.count, 0);
  const without = Math.max(0, known.map.placed - terms.reduce((sum, term) => sum + term.count, 0));
  const entries = shown.map(({ name, count }, i): Entry => ({ name, count, ...coloured(theme, i, { kind: "term", name }) }));
  const groupOf = new Map(shown.map(({ code }, i) => [code, i]));
  return withRest(by, entries, theme, rest + without, (points, row) => groupOf.get(points[by][row]!));
}

function clusterScale({ labels, map }: Known, theme: Theme): Scale {
  const coarse = labels.filter(({ level }) => level === 0).sort((a, b) => b.papers - a.papers);
  const shown = coarse.slice(0, room(theme, coarse.length));
  const entries = shown.map(
    ({ label, papers, cluster }, i): Entry => ({ name: label, count: papers, ...coloured(theme, i, { kind: "cluster", cluster }) }),
  );
  const groupOfCoarse = new Map(shown.map(({ cluster }, i) => [cluster, i]));
  const parents = [1, 2].map((level) => new Map(labels.filter((l) => l.level === level).map((l) => [l.cluster, l.parent])));
  const groupOf = new Map<number, number>();
  for (const [fine, middle] of parents[1]!) {
    const group = groupOfCoarse.get(parents[0]!.get(middle ?? -1) ?? -1);
    if (group !== undefined) groupOf.set(fine, group);
  }
  const rest = map.placed - shown.reduce((sum, { papers }) => sum + papers, 0);
  return withRest("cluster", entries, theme, rest, (points, row) => groupOf.get(points.cluster[row]!));
}

const DAYS_A_YEAR = 365.2425;
export const yearOf = (day: number): number => new Date(day * 86_400_000).getUTCFullYear();

function yearScale({ years, map }: Known, theme: Theme): Scale {
  const first = years[0]?.year ?? Number(map.first_day?.slice(0, 4) ?? 2000);
  const last = years.at(-1)?.year ?? Number(map.last_day?.slice(0, 4) ?? first);
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((s) => (last - first + 1) / s <= 9) ?? 5000;
  const start = Math.floor(first / step) * step;
  const bins = Math.floor((last - start) / step) + 1;
  const entries = Array.from({ length: bins }, (_, bin): Entry => {
    const from = start + bin * step;
    const to = from + step - 1;
    const count = years.reduce((sum, { year, count }) => (year >= from && year <= to ? sum + count : sum), 0);
    const name = step === 1 ? String(from) : `${from} – ${to}`;
    return { name, count, colour: ramp(YEARS[theme], bins === 1 ? 1 : bin / (bins - 1)), pick: { kind: "years", from, to } };
  });
  // Dividing by the mean year is right but for the days about New Year, where the calendar decides.
  const exact = (day: number): number => {
    const guess = 1970 + day / DAYS_A_YEAR;
    const near = Math.abs(guess - Math.round(guess)) < 0.01;
    return near ? yearOf(day) : Math.floor(guess);
  };
  const dated = years.reduce((sum, { count }) => sum + count, 0);
  return withRest("year", entries, theme, Math.max(0, map.placed - dated), (points, row) => {
    const day = points.day[row]!;
    if (day === NO_DAY) return undefined;
    const bin = Math.floor((exact(day) - start) / step);
    return bin >= 0 && bin < bins ? bin : undefined;
  });
}

/** As many entries as there are colours. */
const room = (theme: Theme, wanted: number): number => Math.min(wanted, PALETTE[theme].length);

const coloured = (theme: Theme, i: number, pick: Entry["pick"]): Pick<Entry, "colour" | "pick"> => ({
  colour: rgb(PALETTE[theme][i]!),
  pick,
});

function withRest(
  by: ColourBy,
  entries: Entry[],
  theme: Theme,
  rest: number,
  groupOf: (points: Columns, row: number) => number | undefined,
): Scale {
  const other = entries.length;
  const name = by === "year" ? "no date" : "other";
  const all = [...entries, { name, colour: rgb(REST[theme]), count: rest > 0 ? rest : null, pick: null }];
  const groups = (points: Columns): Uint8Array => {
    const out = new Uint8Array(points.count);
    for (let row = 0; row < points.count; row++) out[row] = groupOf(points, row) ?? other;
    return out;
  };
  return { by, entries: all, groups };
}
