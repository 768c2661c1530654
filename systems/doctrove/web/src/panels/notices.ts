// What is said over the map: that the API is away, that there is nothing to see and why, that a link was copied.

import { byId, fill, h } from "../dom.ts";

let hiding = 0;

export function toast(text: string): void {
  const element = byId("toast");
  element.textContent = text;
  element.classList.add("shown");
  clearTimeout(hiding);
  hiding = window.setTimeout(() => element.classList.remove("shown"), 2600);
}

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    // Without the right to the clipboard the address bar holds the same address.
    toast("Copy the address from the address bar");
  }
}

export function banner(text: string | null, retry: () => void = () => {}): void {
  const element = byId("banner");
  element.hidden = text === null;
  if (text === null || element.firstChild?.textContent === text) return;
  fill(element, h("span", {}, text), h("button", { type: "button", class: "button", click: retry }, "Try again"));
}

export interface Nothing {
  readonly title: string;
  readonly text: string;
  readonly command?: string;
  readonly action?: { readonly name: string; readonly act: () => void };
}

let said = "";

/** A word in the middle of an empty map; null takes it away. */
export function nothing(what: Nothing | null): void {
  const element = byId("empty");
  const saying = what ? `${what.title} ${what.text}` : "";
  if (saying === said) return;
  said = saying;
  element.hidden = what === null;
  if (!what) return fill(element);
  fill(
    element,
    h("h2", {}, what.title),
    h("p", {}, what.text),
    what.command ? h("pre", {}, h("code", {}, what.command)) : null,
    what.action ? h("button", { type: "button", class: "button primary", click: what.action.act }, what.action.name) : null,
  );
}
