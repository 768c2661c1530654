// The one view on the screen, in step with the address: whoever changes it, everybody hears of it.

import { decodeView, encodeView, type View } from "./pure/view.ts";

type Listener = (now: View, before: View) => void;
type Keep = "push" | "replace";

const listeners: Listener[] = [];
let view = decodeView(location.hash);
let writing = 0;

export const current = (): View => view;

export function listen(listener: Listener): void {
  listeners.push(listener);
}

/** `push` makes a step that the browser's back button undoes; `replace` does not. */
export function change(patch: Partial<View>, keep: Keep = "push"): void {
  const before = view;
  view = { ...view, ...patch };
  if (encodeView(view) === encodeView(before)) return;
  // The step back leads to where the camera stood, not to where it was when last written.
  if (keep === "push" && writing) history.replaceState(null, "", addressOf(before));
  write(keep);
  for (const listener of listeners) listener(view, before);
}

/** The camera moves at every frame: its place is written when it has come to rest. */
export function settle(patch: Partial<View>): void {
  view = { ...view, ...patch };
  clearTimeout(writing);
  writing = window.setTimeout(() => write("replace"), 250);
}

function write(keep: Keep): void {
  clearTimeout(writing);
  writing = 0;
  const address = addressOf(view);
  if (keep === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

function addressOf(some: View): string {
  const hash = encodeView(some);
  return `${location.pathname}${location.search}${hash && `#${hash}`}`;
}

export function shareAddress(): string {
  return `${location.origin}${location.pathname}#${encodeView(view)}`;
}

function reread(): void {
  clearTimeout(writing);
  const before = view;
  const next = decodeView(location.hash);
  if (encodeView(next) === encodeView(before)) return;
  view = next;
  for (const listener of listeners) listener(view, before);
}

window.addEventListener("popstate", reread);
window.addEventListener("hashchange", reread);
