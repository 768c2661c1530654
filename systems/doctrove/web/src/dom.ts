// Elements from values. Text enters a page only as text: nothing here reads HTML.

type Child = Node | string | null | undefined | false;
type Properties = Record<string, unknown>;

/** Properties are set as attributes; functions listen to the event of their name; `false` and null are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value as EventListener);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));
}

export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

const PATHS: Readonly<Record<string, string>> = {
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.7-1.8L20 20",
  filter: "M4 6h16M7 12h10M10 18h4",
  lasso: "M12 4c5 0 8.5 2.3 8.5 5.5S17 15 12 15s-8.5-2.3-8.5-5.5S7 4 12 4Zm-5 10.5c-1.5 1-1.5 3 .5 3.5s2 2 .5 3",
  box: "M4 7V5.5A1.5 1.5 0 0 1 5.5 4H7m3.5 0h3M17 4h1.5A1.5 1.5 0 0 1 20 5.5V7m0 3.5v3M7 20H5.5A1.5 1.5 0 0 1 4 18.5V17m0-3.5v-3M10.5 20h1m2.5-6.5 6 2.3-2.6 1.1-1.1 2.6-2.3-6Z",
  fit: "M9 4H4v5m11-5h5v5M9 20H4v-5m11 5h5v-5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  theme: "M12 3.5a8.5 8.5 0 1 0 8.5 8.5A6.5 6.5 0 0 1 12 3.5Z",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  help: "M9.2 9a3 3 0 1 1 4.3 2.7c-.9.5-1.5 1-1.5 2.3m0 3.5v.01",
  close: "M6 6l12 12M18 6 6 18",
  next: "m9 5 7 7-7 7",
  previous: "m15 5-7 7 7 7",
  palette: "M12 3.5a8.5 8.5 0 0 0 0 17c1.5 0 2-1 1.7-2-.5-1.8.3-3 2-3H18c1.5 0 2.5-1 2.5-3 0-5-4-9-8.5-9ZM7.5 12h.01M9.5 8h.01M14.5 8h.01",
};

export function icon(name: keyof typeof PATHS & string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.append(path);
  return svg;
}

export function iconButton(name: keyof typeof PATHS & string, label: string, click: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, click }, icon(name));
}

export const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const isPhone = (): boolean => matchMedia("(max-width: 720px)").matches;

/** Nobody points at it, works in it or has scrolled it: it may be written anew under their eyes. */
export const isIdle = (panel: HTMLElement): boolean =>
  !panel.matches(":hover") &&
  !panel.contains(document.activeElement) &&
  [panel, ...panel.querySelectorAll(".rows")].every(({ scrollTop }) => scrollTop === 0);

/** Runs `act` after `milliseconds` of silence. */
export function debounce(milliseconds: number, act: () => void): { later(): void; stop(): void } {
  let timer = 0;
  const stop = (): void => clearTimeout(timer);
  return {
    later() {
      stop();
      timer = window.setTimeout(act, milliseconds);
    },
    stop,
  };
}
