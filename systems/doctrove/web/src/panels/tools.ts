// The tool bar, the keys, and the sheet that lists the keys.

import { byId, fill, h, iconButton } from "../dom.ts";
import type { Tool } from "../map/draw.ts";

export interface Actions {
  focusSearch(): void;
  escape(): void;
  zoom(factor: number): void;
  pan(right: number, up: number): void;
  fit(): void;
  step(by: 1 | -1): void;
  use(tool: Tool): void;
  listView(): void;
  share(): void;
  theme(): void;
  legend(): void;
}

const KEYS: readonly [string, string][] = [
  ["/", "search"],
  ["n  p", "next and previous hit"],
  ["Esc", "close what is open, step by step"],
  ["+  −", "zoom"],
  ["arrows", "pan"],
  ["f", "fit the whole map"],
  ["b  l", "select with a box, with a lasso"],
  ["Shift + drag", "select with a box at once"],
  ["v", "list the documents in view"],
  ["c", "copy a link to this view"],
  ["t", "dark or light"],
  ["?", "this sheet"],
];
const PAN = 140; // pixels

export class Tools {
  private readonly box: HTMLButtonElement;
  private readonly lasso: HTMLButtonElement;
  private readonly help = byId<HTMLDialogElement>("help");
  private tool: Tool = "move";

  constructor(private readonly actions: Actions) {
    this.box = iconButton("box", "Select with a box (b)", () => this.use("box"));
    this.lasso = iconButton("lasso", "Select with a lasso (l)", () => this.use("lasso"));
    const group = (name: string, ...buttons: HTMLElement[]): HTMLElement => h("div", { class: "tool-group", role: "group", "aria-label": name }, ...buttons);
    const legend = iconButton("palette", "Colours", () => actions.legend());
    legend.classList.add("phone-only");
    fill(
      byId("tools"),
      group("Select", this.box, this.lasso, iconButton("list", "List the documents in view (v)", actions.listView)),
      group(
        "Camera",
        iconButton("plus", "Zoom in (+)", () => actions.zoom(2)),
        iconButton("minus", "Zoom out (−)", () => actions.zoom(0.5)),
        iconButton("fit", "Fit the whole map (f)", actions.fit),
      ),
      group(
        "Page",
        legend,
        iconButton("link", "Copy a link to this view (c)", actions.share),
        iconButton("theme", "Dark or light (t)", actions.theme),
        iconButton("help", "Keys (?)", () => this.showHelp()),
      ),
    );
    window.addEventListener("keydown", (event) => this.key(event));
  }

  /** Chooses a tool, or with the same tool again puts it away. */
  use(tool: Tool): void {
    this.tool = this.tool === tool ? "move" : tool;
    this.box.setAttribute("aria-pressed", String(this.tool === "box"));
    this.lasso.setAttribute("aria-pressed", String(this.tool === "lasso"));
    this.actions.use(this.tool);
  }

  get active(): Tool {
    return this.tool;
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const writing = target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
    if (event.key === "Escape") {
      if (document.querySelector("dialog[open]")) return;
      return writing ? target.blur() : this.actions.escape();
    }
    if (writing || document.querySelector("dialog[open]")) return;
    const act = this.byKey(event.key, target);
    if (!act) return;
    event.preventDefault();
    act();
  }

  private byKey(key: string, target: HTMLElement): (() => void) | null {
    const a = this.actions;
    const onMap = target === document.body || target.closest("#map, #tools") !== null;
    const arrows: Record<string, () => void> = {
      ArrowLeft: () => a.pan(-PAN, 0),
      ArrowRight: () => a.pan(PAN, 0),
      ArrowUp: () => a.pan(0, PAN),
      ArrowDown: () => a.pan(0, -PAN),
    };
    const keys: Record<string, () => void> = {
      "/": a.focusSearch,
      "+": () => a.zoom(2),
      "=": () => a.zoom(2),
      "-": () => a.zoom(0.5),
      f: a.fit,
      n: () => a.step(1),
      p: () => a.step(-1),
      b: () => this.use("box"),
      l: () => this.use("lasso"),
      v: a.listView,
      c: a.share,
      t: a.theme,
      "?": () => this.showHelp(),
    };
    return keys[key] ?? (onMap ? (arrows[key] ?? null) : null);
  }

  private showHelp(): void {
    const rows = KEYS.map(([keys, does]) => h("div", {}, h("dt", {}, ...keys.split("  ").map((key) => h("kbd", {}, key))), h("dd", {}, does)));
    const close = iconButton("close", "Close (Esc)", () => this.help.close());
    fill(this.help, h("div", { class: "sheet-head" }, h("h2", {}, "Keys"), h("span", { class: "spring" }), close), h("dl", { class: "keys" }, ...rows));
    this.help.showModal();
  }
}
