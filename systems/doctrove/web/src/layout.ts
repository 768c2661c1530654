// Where the panels leave room on the map.

import { isPhone } from "./dom.ts";
import type { Bounds, Insets } from "./map/scene.ts";
import type { Box } from "./pure/labels.ts";
import type { Columns } from "./pure/tile.ts";
import type { Point } from "./pure/view.ts";

const AIR = 48; // pixels about what is flown to

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0;

/** Pixels at each side that panels cover now. */
export function insets(): Insets {
  const { innerWidth: width, innerHeight: height } = window;
  const box = (id: string): DOMRect | null => {
    const element = document.getElementById(id);
    return element && isShown(element) ? element.getBoundingClientRect() : null;
  };
  const sheets = [box("table"), ...(isPhone() ? [box("document"), box("results"), box("filters")] : [])];
  const bottom = Math.max(0, ...sheets.map((rect) => (rect ? height - rect.top : 0)));
  const document_ = box("document");
  if (isPhone()) return { left: 12, right: 12, top: 112, bottom: Math.max(48, bottom) + 16 };
  const side = box("side");
  return {
    left: (side?.right ?? 0) + AIR,
    right: (document_ ? width - document_.left : 56) + AIR,
    top: AIR,
    bottom: Math.max(bottom, 24) + AIR / 2,
  };
}

/** The areas that names of clusters keep clear of. */
export function panelBoxes(): Box[] {
  const cards = document.querySelectorAll<HTMLElement>("#side > :not([hidden]), #document:not([hidden]), #table:not([hidden]), #tools, #status");
  return [...cards].filter(isShown).map((card) => card.getBoundingClientRect());
}

export function boundsOf(places: readonly Point[], air = 0.1): Bounds {
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [h, v] = [(right - left) * air, (top - bottom) * air];
  return { left: left - h, right: right + h, bottom: bottom - v, top: top + v };
}

/** Bounds of nearly all points: the few that lie far out do not make the rest small. */
export function boundsOfMany({ x, y }: Columns): Bounds {
  const [xs, ys] = [x.slice().sort(), y.slice().sort()];
  const out = Math.floor(xs.length * 0.004);
  return { left: xs[out]!, right: xs.at(-1 - out)!, bottom: ys[out]!, top: ys.at(-1 - out)! };
}
