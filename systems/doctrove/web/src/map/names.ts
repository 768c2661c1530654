// The names of the clusters over the map: buttons that fade in and out as the zoom changes, and fly to their cluster.

import type { Label } from "../api.ts";
import { h } from "../dom.ts";
import { place, weight, type Box, type Candidate } from "../pure/labels.ts";
import { plural } from "../pure/text.ts";
import type { Scene } from "./scene.ts";

interface Name {
  label: Label;
  readonly element: HTMLButtonElement;
  width: number;
  height: number;
  shown: boolean;
}

const MOST = 60;

export class Names {
  private names: Name[] = [];
  private asked = false;
  private settled = 0;

  constructor(
    private readonly layer: HTMLElement,
    private readonly scene: Scene,
    private readonly taken: () => Box[],
    private readonly homeSpan: () => number,
    private readonly on: { click(label: Label): void; hover(label: Label | null): void },
  ) {}

  /** A name that was there before stays where it is, so that news of the map does not make them flicker. */
  set(labels: readonly Label[]): void {
    const before = new Map(this.names.map((name) => [idOf(name.label), name]));
    this.names = labels.filter(({ label }) => label).map((label) => {
      const known = before.get(idOf(label));
      before.delete(idOf(label));
      return known ? Object.assign(known, { label }) : this.make(label);
    });
    for (const { element } of before.values()) element.remove();
    const fresh = this.names.filter(({ element }) => !element.isConnected);
    this.layer.append(...fresh.map(({ element }) => element));
    // Sizes are read once, all together: reading them in turn with writing would lay the page out for every name.
    for (const name of fresh) Object.assign(name, { width: name.element.offsetWidth, height: name.element.offsetHeight });
    this.draw();
  }

  draw(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.arrange();
    });
  }

  private make(label: Label): Name {
    const element = h("button", { type: "button", class: `name level-${label.level}`, tabindex: -1 }, label.label);
    const name: Name = { label, element, width: 0, height: 0, shown: false };
    element.addEventListener("click", () => this.on.click(name.label));
    element.addEventListener("pointerleave", () => this.on.hover(null));
    element.addEventListener("pointerenter", () => {
      element.title = plural(name.label.papers, "document");
      this.on.hover(name.label);
    });
    return name;
  }

  private arrange(): void {
    const { width, height } = this.scene.frame();
    const zoom = Math.log2(this.homeSpan() / this.scene.view().span);
    const inside: (Candidate & { name: Name; level: number })[] = [];
    for (const name of this.names) {
      const says = weight(name.label.level, zoom);
      const [x, y] = this.scene.project(name.label.x, name.label.y);
      const near = x > -200 && x < width + 200 && y > -60 && y < height + 60;
      if (says > 0 && near) {
        // A name that stands already is not driven out by one that is hardly more important.
        const size = Math.log2(1 + name.label.papers) + (name.shown ? 1.5 : 0);
        const priority = says * 1000 - name.label.level * 100 + size;
        inside.push({ key: keyOf(name), x, y, width: name.width, height: name.height, priority, name, level: says });
      }
    }
    const most = inside.sort((a, b) => b.priority - a.priority).slice(0, 4 * MOST);
    const fitting = place(most, width, height, this.taken());
    const standing = new Set(most.filter(({ key }) => fitting.has(key)).slice(0, MOST).map(({ key }) => key));
    for (const { name, x, y, level } of most) {
      name.element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
      name.element.classList.toggle("quiet", level < 1);
    }
    for (const name of this.names) {
      const shown = standing.has(keyOf(name));
      if (shown !== name.shown) name.element.classList.toggle("shown", shown);
      name.shown = shown;
    }
    this.settled = this.settled || window.setTimeout(() => this.layer.classList.add("ready"), 50);
  }
}

const keyOf = ({ label }: Name): string => `${label.level}/${label.cluster}`;
const idOf = (label: Label): string => `${label.level}/${label.cluster}/${label.label}`;
