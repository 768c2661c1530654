// A flight from one view to another that first rises and then sinks, so that the eye keeps its bearings.
// The path is the one of van Wijk and Nuij, "Smooth and efficient zooming and panning" (2003), with their
// rho² = 2; a flight over no distance is a plain zoom.

import type { Camera } from "./view.ts";

export interface Flight {
  /** Length of the path in the paper's own measure; about the number of doublings the eye passes. */
  readonly length: number;
  at(part: number): Camera;
}

const RHO = Math.SQRT2;

export function flight(from: Camera, to: Camera): Flight {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const far = Math.hypot(dx, dy);
  const [w0, w1] = [from.span, to.span];
  if (far < 1e-9 || far / Math.min(w0, w1) < 1e-4) {
    const length = Math.abs(Math.log(w1 / w0)) / RHO;
    const at = (t: number): Camera => ({ x: from.x + t * dx, y: from.y + t * dy, span: w0 * (w1 / w0) ** t });
    return { length, at };
  }
  const b = (w: number, sign: number): number =>
    (w1 * w1 - w0 * w0 + sign * RHO ** 4 * far * far) / (2 * w * RHO * RHO * far);
  const r = (v: number): number => Math.log(Math.sqrt(v * v + 1) - v);
  const r0 = r(b(w0, 1));
  const r1 = r(b(w1, -1));
  const length = (r1 - r0) / RHO;
  return {
    length,
    at(t) {
      if (t >= 1) return to;
      const s = t * length;
      const u = (w0 / (RHO * RHO * far)) * (Math.cosh(r0) * Math.tanh(RHO * s + r0) - Math.sinh(r0));
      return { x: from.x + u * dx, y: from.y + u * dy, span: (w0 * Math.cosh(r0)) / Math.cosh(RHO * s + r0) };
    },
  };
}

export const easeInOut = (t: number): number => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);
export const easeOut = (t: number): number => 1 - (1 - t) ** 3;
