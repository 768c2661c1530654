// Dark or light: as the system says, until somebody chooses.

import type { Theme } from "./pure/colours.ts";

const KEY = "docscope-theme";
const system = matchMedia("(prefers-color-scheme: light)");

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "dark" || value === "light" ? value : null;
  } catch {
    return null; // storage can be forbidden; the choice then lasts as long as the page
  }
}

let chosen = stored();
export const theme = (): Theme => chosen ?? (system.matches ? "light" : "dark");

export function startTheme(changed: () => void): void {
  const apply = (): void => {
    document.documentElement.dataset.theme = theme();
    changed();
  };
  system.addEventListener("change", apply);
  document.documentElement.dataset.theme = theme();
  toggle = () => {
    chosen = theme() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // see above
    }
    apply();
  };
}

let toggle = (): void => {};
export const toggleTheme = (): void => toggle();
