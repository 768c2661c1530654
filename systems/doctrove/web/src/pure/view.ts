// Everything a view of the map consists of, and its spelling in the address.

export type ColourBy = "cluster" | "source" | "field" | "country" | "year" | "one";
export type Mode = "hybrid" | "words" | "meaning";
export type Point = readonly [number, number];

/** `span` is how many map units the shorter side of the window shows: the same view on every window. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly span: number;
}

export interface Filters {
  readonly source: readonly string[];
  readonly field: readonly string[];
  readonly country: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly text: string;
}

export interface View {
  readonly camera: Camera | null;
  readonly colour: ColourBy;
  readonly filters: Filters;
  readonly query: string;
  readonly mode: Mode;
  readonly document: number | null;
  readonly selection: readonly Point[] | null;
}

export const COLOURS: readonly ColourBy[] = ["cluster", "source", "field", "country", "year", "one"];
export const MODES: readonly Mode[] = ["hybrid", "words", "meaning"];
export const LISTS = ["source", "field", "country"] as const;
export const NO_FILTERS: Filters = { source: [], field: [], country: [], from: null, to: null, text: "" };
export const START: View = {
  camera: null,
  colour: "cluster",
  filters: NO_FILTERS,
  query: "",
  mode: "hybrid",
  document: null,
  selection: null,
};

export const MAX_CORNERS = 1000;

export function filterParameters(filters: Filters): URLSearchParams {
  const out = new URLSearchParams();
  for (const name of LISTS) for (const value of [...filters[name]].sort()) out.append(name, value);
  if (filters.from) out.set("from", filters.from);
  if (filters.to) out.set("to", filters.to);
  if (filters.text) out.set("text", filters.text);
  return out;
}

export const isFiltered = (filters: Filters): boolean => filterParameters(filters).size > 0;

/** The part of the address after `#`; empty for the start view. */
export function encodeView(view: View): string {
  const out = filterParameters(view.filters);
  if (view.query) out.set("q", view.query);
  if (view.query && view.mode !== START.mode) out.set("mode", view.mode);
  if (view.colour !== START.colour) out.set("colour", view.colour);
  if (view.document !== null) out.set("document", String(view.document));
  if (view.selection) out.set("lasso", view.selection.map(([x, y]) => `${short(x)},${short(y)}`).join(" "));
  if (view.camera) out.set("at", [view.camera.x, view.camera.y, view.camera.span].map(short).join(","));
  // Commas are as safe in a fragment as their escapes, and people read addresses.
  return out.toString().replaceAll("%2C", ",");
}

/** Never throws: what cannot be read in an address that somebody typed is left out. */
export function decodeView(hash: string): View {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const one = <T extends string>(name: string, of: readonly T[], otherwise: T): T =>
    of.find((value) => value === given.get(name)) ?? otherwise;
  const documentId = Number(given.get("document") ?? Number.NaN);
  return {
    camera: camera(given.get("at")),
    colour: one("colour", COLOURS, START.colour),
    filters: {
      source: given.getAll("source"),
      field: given.getAll("field"),
      country: given.getAll("country"),
      from: day(given.get("from")),
      to: day(given.get("to")),
      text: (given.get("text") ?? "").slice(0, 1000),
    },
    query: (given.get("q") ?? "").slice(0, 10_000),
    mode: one("mode", MODES, START.mode),
    document: Number.isSafeInteger(documentId) && documentId > 0 ? documentId : null,
    selection: polygon(given.get("lasso")),
  };
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

function numbers(text: string): number[] | null {
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return values.every((value) => Number.isFinite(value) && Math.abs(value) <= 1000) ? values : null;
}

function camera(text: string | null): Camera | null {
  const [x, y, span, ...more] = (text && numbers(text)) || [];
  if (x === undefined || y === undefined || span === undefined || more.length > 0 || span <= 0) return null;
  return { x, y, span };
}

function polygon(text: string | null): Point[] | null {
  if (!text) return null;
  const corners: Point[] = [];
  for (const part of text.split(" ")) {
    const [x, y, ...more] = numbers(part) ?? [];
    if (x === undefined || y === undefined || more.length > 0) return null;
    corners.push([x, y]);
  }
  return corners.length >= 3 && corners.length <= MAX_CORNERS ? corners : null;
}

function day(text: string | null): string | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const parsed = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== text ? null : text;
}
