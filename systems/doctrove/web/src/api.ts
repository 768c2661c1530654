// DocTrove's API as DocScope uses it (docs/doctrove-api.md). Every answer that is not 2xx becomes an ApiError.

import { decodeTile, type Tile } from "./pure/tile.ts";
import { filterParameters, type Filters, type Mode, type Point } from "./pure/view.ts";
import type { Place } from "./pure/cover.ts";

export interface Paper {
  readonly id: number;
  readonly source: string;
  readonly source_id: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly date: string | null;
  readonly field: string | null;
  readonly country: string | null;
  readonly excerpt: string;
  readonly x: number | null;
  readonly y: number | null;
  readonly cluster: number | null;
}

export interface PaperDetail extends Paper {
  readonly abstract: string;
  readonly links: Readonly<Record<string, unknown>>;
}

export interface Term {
  readonly code: number;
  readonly name: string;
  readonly count: number;
}

export interface Quality {
  readonly trustworthiness: number | null;
  readonly neighbour_agreement: number | null;
  readonly drift: number | null;
  readonly fitted_on: number | null;
}

export interface Progress {
  readonly to_embed: number;
  readonly to_place: number;
  readonly building: string | null;
}

export interface MapInfo {
  readonly version: number | null;
  readonly kind: string | null;
  readonly stamp: number | string | null;
  readonly papers: number;
  readonly placed: number;
  readonly quality: Quality | null;
  readonly model: string | null;
  readonly max_zoom: number;
  readonly points_per_tile: number;
  readonly terms: { readonly source: readonly Term[]; readonly field: readonly Term[]; readonly country: readonly Term[] };
  readonly first_day: string | null;
  readonly last_day: string | null;
  readonly progress: Progress | null;
  readonly activated_at: string | null;
}

/** A version of the map in its history; what an older one did not measure is null. */
export interface MapVersion {
  readonly version: number;
  readonly kind: string;
  readonly status?: string;
  readonly quality?: Quality | null;
  readonly activated_at?: string | null;
}

export interface Label {
  readonly level: number;
  readonly cluster: number;
  readonly parent: number | null;
  readonly label: string;
  readonly terms: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly papers: number;
  readonly region: readonly Point[];
}

export interface Hit {
  readonly paper: Paper;
  readonly score: number;
  readonly signals: {
    readonly words: { readonly rank: number; readonly score: number } | null;
    readonly meaning: { readonly rank: number; readonly similarity: number } | null;
  };
  readonly excerpt: string | null;
}

export interface Found {
  readonly query: string;
  readonly mode: Mode;
  readonly model: string | null;
  readonly items: readonly Hit[];
  readonly notes: readonly string[];
  readonly took_ms: number;
}

export interface Count {
  readonly name: string | null;
  readonly count: number;
}

export interface Selected {
  readonly count: number;
  readonly items: readonly Paper[];
  readonly next: string | null;
  readonly by: { readonly source: readonly Count[]; readonly field: readonly Count[]; readonly cluster: readonly Count[] };
}

export interface Neighbour {
  readonly paper: Paper;
  readonly similarity: number;
}

export interface YearCount {
  readonly year: number;
  readonly count: number;
}

export class ApiError extends Error {
  /** `status` is 0 when no answer came at all. */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
  /** The API or the way to it is away: worth trying again, unlike a mistake in the request. */
  get isAway(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

type Heard = (reached: boolean) => void;
let heard: Heard = () => {};
/** Called after every request: whether the API answered. */
export const onContact = (listener: Heard): void => {
  heard = listener;
};

async function ask(path: string, signal?: AbortSignal, body?: unknown): Promise<Response> {
  const init: RequestInit = { signal: signal ?? null };
  if (body !== undefined) {
    init.method = "POST";
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    heard(false);
    throw new ApiError(0, "The server does not answer.");
  }
  heard(response.status < 502);
  if (response.ok) return response;
  throw new ApiError(response.status, await reason(response));
}

async function reason(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: string; title?: string; errors?: { hint?: string }[] };
    const hint = problem.errors?.[0]?.hint;
    return [problem.detail ?? problem.title, hint].filter(Boolean).join(" ") || `HTTP ${response.status}`;
  } catch {
    return `HTTP ${response.status}`;
  }
}

const json = async <T>(path: string, signal?: AbortSignal, body?: unknown): Promise<T> =>
  (await (await ask(path, signal, body)).json()) as T;

function withFilters(path: string, filters: Filters, more: Record<string, string | number | null> = {}): string {
  const query = filterParameters(filters);
  for (const [name, value] of Object.entries(more)) if (value !== null) query.set(name, String(value));
  return query.size ? `${path}?${query}` : path;
}

export const getMap = (signal?: AbortSignal): Promise<MapInfo> => json("/api/map", signal);

export async function getVersions(): Promise<readonly MapVersion[]> {
  return (await json<{ items: MapVersion[] }>("/api/map/versions")).items;
}

export async function getLabels(version: number): Promise<readonly Label[]> {
  return (await json<{ items: Label[] }>(`/api/map/${version}/labels`)).items;
}

export async function getTile(version: number, at: Place, filters: Filters, signal: AbortSignal): Promise<Tile> {
  const response = await ask(withFilters(`/api/map/${version}/tiles/${at.z}/${at.x}/${at.y}`, filters), signal);
  return decodeTile(await response.arrayBuffer());
}

export const getPaper = (id: number, signal?: AbortSignal): Promise<PaperDetail> => json(`/api/papers/${id}`, signal);

export async function getNeighbours(id: number, signal?: AbortSignal): Promise<readonly Neighbour[]> {
  return (await json<{ items: Neighbour[] }>(`/api/papers/${id}/neighbours?limit=10`, signal)).items;
}

export const search = (q: string, mode: Mode, filters: Filters, signal?: AbortSignal): Promise<Found> =>
  json(withFilters("/api/search", filters, { q, mode, limit: 30 }), signal);

export const select = (
  version: number,
  polygon: readonly Point[],
  filters: Filters,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Selected> =>
  json(withFilters(`/api/map/${version}/selection`, filters, { limit: 50, cursor }), signal, { polygon });

/** Documents a year, oldest first. */
export async function getYears(): Promise<readonly YearCount[]> {
  const { by } = await json<{ by: { year: Count[] } }>("/api/statistics");
  return by.year
    .flatMap(({ name, count }) => (name === null ? [] : [{ year: Number(name), count }]))
    .sort((a, b) => a.year - b.year);
}
