// Where everything is wired together: the store says what the view is, the parts show it.

import type { Hit, Label, Neighbour, Paper } from "./api.ts";
import { byId, isIdle, isPhone } from "./dom.ts";
import { Live, type World } from "./live.ts";
import { Drawing } from "./map/draw.ts";
import { Hover } from "./map/hover.ts";
import { Names } from "./map/names.ts";
import { Overlay, type Ring } from "./map/overlay.ts";
import { Scene } from "./map/scene.ts";
import { Tiles, type Shown } from "./map/tiles.ts";
import { About } from "./panels/about.ts";
import { DocumentPanel } from "./panels/document.ts";
import { clearFilters, FiltersPanel } from "./panels/filters.ts";
import { Legend } from "./panels/legend.ts";
import { banner, copy, nothing, toast } from "./panels/notices.ts";
import { SearchPanel } from "./panels/search.ts";
import { TablePanel } from "./panels/table.ts";
import { Tools } from "./panels/tools.ts";
import { boundsOf, boundsOfMany, insets, panelBoxes } from "./layout.ts";
import { makeScale } from "./pure/colours.ts";
import { plural } from "./pure/text.ts";
import { filterParameters, isFiltered, type Point, type View } from "./pure/view.ts";
import { change, current, listen, settle, shareAddress } from "./store.ts";
import { startTheme, theme, toggleTheme } from "./theme.ts";

const NEAR = 0.16; // map units that a flight to one document shows
const map = byId("map");
const scene = new Scene(map, byId<HTMLCanvasElement>("points"), broken);
const overlay = new Overlay(byId<HTMLCanvasElement>("overlay"), scene);
let shown: Shown | null = null;
let home = { x: 0, y: 0, span: 2.2 };
let placedCamera = current().camera !== null;
/** An address that says where the camera stands is followed; its hits do not move it. */
let placedByAddress = placedCamera && current().query !== "";

const tiles = new Tiles(showPoints, isPhone, () => void live.ask());
const names = new Names(byId("names"), scene, panelBoxes, () => home.span, {
  click: flyToLabel,
  hover: (label) => {
    overlay.region = label && label.region.length > 2 ? label.region : null;
    overlay.draw();
  },
});
const hover = new Hover(map, byId("card"), scene, overlay, { source: term("source"), field: term("field"), cluster: clusterName }, (id) => {
  if (id !== null) change({ document: id });
  else if (isPhone() && current().document !== null) change({ document: null });
});
const drawing = new Drawing(map, scene, overlay, (polygon) => {
  if (tools.active !== "move") tools.use(tools.active);
  if (!polygon) return;
  change({ selection: polygon });
  keepInSight(polygon);
});
const about = new About();
const filters = new FiltersPanel();
const legend = new Legend((group) => scene.highlight(group), (cluster) => {
  const label = live.world?.labels.find((l) => l.level === 0 && l.cluster === cluster);
  if (label) flyToLabel(label);
});
const search = new SearchPanel({ found: showHits, point: (hit) => pointAt(hit?.paper ?? null), go: (hit) => goTo(hit) });
const table = new TablePanel(pointAt);
const documents = new DocumentPanel({
  opened(paper, fly) {
    overlay.document = ring(paper);
    overlay.draw();
    if (fly) flyToPaper(paper);
  },
  neighbours(found: readonly Neighbour[]) {
    overlay.neighbours = found.map(({ paper }) => ring(paper));
    overlay.draw();
  },
  point: (neighbour) => pointAt(neighbour?.paper ?? null),
  closed() {
    overlay.document = null;
    overlay.neighbours = [];
    overlay.draw();
  },
});
const tools = new Tools({
  focusSearch: () => search.focus(),
  escape,
  zoom: (factor) => scene.zoom(factor),
  pan: (right, up) => scene.pan(right, up),
  fit: () => scene.fly(home),
  step: (by) => search.step(by),
  use: (tool) => drawing.use(tool),
  listView,
  share: () => void copy(shareAddress(), "Link to this view copied"),
  theme: toggleTheme,
  legend: () => document.body.classList.toggle("legend-open"),
});
const live = new Live(learn, (reached) => {
  banner(reached ? null : "DocTrove's API does not answer. Trying again …", () => void live.ask());
  if (!reached) return;
  sync(current(), "none");
  documents.recover();
});

startTheme(repaint);
overlay.restyle();
if (current().camera) scene.jump(current().camera!);
scene.onCamera((meant) => {
  tiles.look(scene.frame());
  names.draw();
  overlay.draw();
  hover.hide();
  if (meant) settle({ camera: scene.view() });
});
listen(follow);
filters.sync(current().filters);

/** What the API tells of the map. */
function learn(world: World, before: World | null): void {
  const { map: info, labels, years } = world;
  const view = current();
  const first = before === null;
  const same = before?.labels === labels;
  if (!same) {
    filters.learn(info, years);
    names.set(labels);
    repaint();
  }
  about.show(info, shown && isFiltered(view.filters) ? shown.total : null);
  if (info.version === null) {
    byId("veil").hidden = true;
    const waiting = info.papers > 0;
    return nothing({
      title: waiting ? "The map is being made" : "No documents yet",
      text: waiting
        ? `${plural(info.papers, "document")} in the store so far. The first of them appear here as soon as their meaning has been read.`
        : "As soon as some are read they appear here, point by point. If none are being read now, this loads the documentation of Python and of the installed packages:",
      ...(waiting ? {} : { command: "seatrial run systems/doctrove ingest" }),
    });
  }
  tiles.open(info, view.filters);
  if (!same && !first) sync(view, before.map.version !== info.version ? "all" : "idle");
  if (first) {
    tiles.look(scene.frame());
    sync(view, "none");
    void documents.open(view.document, view.document !== null && view.camera === null);
  }
}

/** The tiles have come: draw them, and find the camera's home when this is the first time. */
function showPoints(next: Shown): void {
  const before = shown;
  shown = next;
  const view = current();
  byId("veil").hidden = true;
  if (!isFiltered(view.filters) && next.points.count > 0 && (before === null || before.version !== next.version || before.points.count < 100)) {
    scene.cover(insets());
    home = scene.toShow(boundsOfMany(next.points));
    if (!placedCamera) scene.jump(home);
  }
  placedCamera ||= next.points.count > 0;
  scene.show(next.points);
  names.draw();
  map.dataset.points = String(next.points.count);
  map.dataset.version = String(next.version);
  if (live.world) about.show(live.world.map, isFiltered(view.filters) ? next.total : null);
  const empty = next.points.count === 0;
  if (!empty) return nothing(null);
  nothing(
    isFiltered(view.filters)
      ? { title: "Nothing matches these filters", text: "No document on the map passes all of them.", action: { name: "Clear the filters", act: clearFilters } }
      : { title: "Nothing is placed yet", text: "Documents appear here as soon as they have a place on the map." },
  );
}

/** The view has changed, here or by the browser's back and forward. */
function follow(now: View, before: View): void {
  const filtered = filterKey(now) !== filterKey(before);
  if (now.colour !== before.colour) repaint();
  if (filtered) {
    filters.sync(now.filters);
    if (live.world?.map.version != null) tiles.open(live.world.map, now.filters);
    repaint();
  }
  sync(now, "none");
  if (now.document !== before.document) void documents.open(now.document, now.document !== null && now.camera === before.camera);
  if (now.camera !== before.camera) scene.fly(now.camera ?? home);
}

/** Search, table and selection in line with the view; `again` asks anew although only the map under them has changed. */
function sync(view: View, again: "none" | "idle" | "all"): void {
  const { version = null, stamp = null } = live.world?.map ?? {};
  const anew = (id: string): boolean => again === "all" || (again === "idle" && isIdle(byId(id)));
  overlay.selection = view.selection;
  overlay.draw();
  search.sync(view, `${view.mode} ${view.query} ${filterKey(view)}`, anew("results"));
  const key = `${version} ${JSON.stringify(view.selection)} ${filterKey(view)}`;
  void table.show(version, view.selection, view.filters, key, anew("table") ? stamp : null);
}

function repaint(): void {
  overlay.restyle();
  if (!live.world) return;
  const { map: info, labels, years } = live.world;
  const scale = makeScale(current().colour, { map: info, labels, years }, theme());
  scene.paint(scale, theme());
  legend.show(scale, current().filters);
}

function showHits(hits: readonly Hit[], fresh: boolean): void {
  overlay.hits = hits.map(({ paper }) => ring(paper));
  if (fresh) overlay.hit = null;
  overlay.draw();
  map.dataset.hits = String(overlay.hits.filter(({ x }) => x !== null).length);
  const places = hits.flatMap(({ paper: { x, y } }) => (x === null || y === null ? [] : [[x, y] as const]));
  if (!fresh || places.length === 0 || current().document !== null) return;
  if (placedByAddress) return void (placedByAddress = false);
  scene.cover(insets());
  scene.fly(scene.toShow(boundsOf(places), 0.3));
}
function goTo(hit: Hit): void {
  overlay.hit = hit.paper.id;
  overlay.draw();
  if (isPhone()) flyToPaper(hit.paper);
  else if (current().document === hit.paper.id) flyToPaper(hit.paper);
  change({ document: isPhone() ? null : hit.paper.id });
}

function flyToPaper({ x, y }: Paper): void {
  if (x === null || y === null) return toast("This document is not on the map yet");
  scene.cover(insets());
  const span = Math.min(scene.view().span, Math.max(NEAR, home.span / 4));
  scene.fly(scene.toShow({ left: x, right: x, bottom: y, top: y }, span));
}

function flyToLabel(label: Label): void {
  scene.cover(insets());
  const corners = label.region.length > 2 ? label.region : regionOf(label);
  const goal = scene.toShow(boundsOf(corners, 0.15), 0.08);
  // A region that is wider than the view already shows would fly backwards: always come nearer.
  scene.fly({ ...goal, span: Math.min(goal.span, scene.view().span * 0.8) });
}

function regionOf({ x, y, level }: Label): [number, number][] {
  const r = home.span / (4 * 2 ** level);
  return [[x - r, y - r], [x + r, y + r]];
}

function pointAt(paper: Paper | null): void {
  overlay.hovered = paper && ring(paper);
  overlay.draw();
}

function listView(): void {
  const { left, right, top, bottom } = insets();
  const { width, height } = scene.frame();
  const corners = [[left, top], [width - right, top], [width - right, height - bottom], [left, height - bottom]] as const;
  change({ selection: corners.map(([x, y]) => scene.unproject(x, y)) });
}

/** The table opens over a part of the map: a selection that lies under it comes out. */
function keepInSight(polygon: readonly Point[]): void {
  const { left, right, top, bottom } = insets();
  const { width, height } = scene.frame();
  const hidden = polygon.some(([x, y]) => {
    const [px, py] = scene.project(x, y);
    return px < left - 48 || px > width - right || py < top - 48 || py > height - bottom;
  });
  scene.cover(insets());
  if (hidden) scene.fly(scene.toShow(boundsOf(polygon), scene.view().span / 3));
}

function escape(): void {
  const view = current();
  if (drawing.isDrawing) drawing.cancel();
  else if (tools.active !== "move") tools.use(tools.active);
  else if (filters.isOpen) filters.open(false);
  else if (document.body.classList.contains("legend-open")) document.body.classList.remove("legend-open");
  else if (view.document !== null) change({ document: null });
  else if (view.selection) change({ selection: null });
  else if (view.query) search.clear();
}

function broken(error: Error): void {
  byId("veil").hidden = true;
  nothing({ title: "The map cannot be drawn here", text: `This browser offers no WebGL 2 (${error.message}). Search, filters and lists still work.` });
}

const ring = ({ id, x, y }: Paper): Ring => ({ id, x, y });
const filterKey = (view: View): string => filterParameters(view.filters).toString();

function term(kind: "source" | "field"): (code: number) => string | null {
  return (code) => live.world?.map.terms[kind].find((t) => t.code === code)?.name ?? null;
}

function clusterName(code: number): string | null {
  return live.world?.labels.find((l) => l.level === 2 && l.cluster === code)?.label ?? null;
}
