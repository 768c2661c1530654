// Which cluster labels stand on the map, and where: no two overlap, the more important one stays.

export interface Candidate {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly priority: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Keys of the labels that fit, centred on their places; `taken` are areas that panels cover. */
export function place(candidates: readonly Candidate[], width: number, height: number, taken: readonly Box[], gap = 6): Set<string> {
  const boxes = [...taken];
  const shown = new Set<string>();
  for (const c of [...candidates].sort((a, b) => b.priority - a.priority)) {
    const box = {
      left: c.x - c.width / 2 - gap,
      right: c.x + c.width / 2 + gap,
      top: c.y - c.height / 2 - gap / 2,
      bottom: c.y + c.height / 2 + gap / 2,
    };
    if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height) continue;
    if (boxes.some((other) => overlap(box, other))) continue;
    boxes.push(box);
    shown.add(c.key);
  }
  return shown;
}

/** How strongly a level of labels speaks at `zoom`, doublings beyond the view of the whole map: 0 is silent. */
export function weight(level: number, zoom: number, levels = 3): number {
  const own = 1.6 * level;
  const last = level === levels - 1;
  if (level > 0 && zoom < own - 1.7) return 0;
  if (level > 0 && zoom < own - 0.5) return 0.5;
  if (last || zoom < own + 1.1) return 1;
  return 0;
}
