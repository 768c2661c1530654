// The WebGL picture: one deck.gl layer of points, and the camera over it. deck.gl and not regl-scatterplot, because
// regl writes its drawing code at run time, which a page that allows no eval refuses, and knows no touch.

import { Deck, OrthographicView, type OrthographicViewState } from "@deck.gl/core";
import { ScatterplotLayer } from "@deck.gl/layers";
import { reducedMotion } from "../dom.ts";
import { easeInOut, flight } from "../pure/fly.ts";
import type { Frame } from "../pure/cover.ts";
import type { Scale, Theme } from "../pure/colours.ts";
import type { Points } from "../pure/tile.ts";
import type { Camera } from "../pure/view.ts";
import { Cloud } from "./cloud.ts";

/** Pixels at each side that panels cover: what flies to the middle, flies to the middle of the rest. */
export interface Insets {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

const DEEPEST_SPAN = 2 / 2 ** 13;
const WIDEST_SPAN = 6;
const CORE = 0.42; // of a glowing point's radius is its disc; the rest is glow

/** How much of what lies below a point hides: under 1, light adds up where points crowd, to 1 / COVER of their colour. */
const COVER = 0.66;

class GlowLayer extends ScatterplotLayer {
  static override layerName = "GlowLayer";
  override getShaders() {
    const shaders = super.getShaders() as { inject?: Record<string, string> };
    const shine = `
      float away = length(geometry.uv);
      float soft = fwidth(away);
      float disc = 1.0 - smoothstep(${CORE} - soft, ${CORE} + soft, away);
      float halo = 0.26 * pow(max(0.0, 1.0 - away), 2.2);
      color.a *= max(disc, halo);
      color = vec4(color.rgb * color.a, color.a * ${COVER});
    `;
    return { ...shaders, inject: { ...shaders.inject, "fs:DECKGL_FILTER_COLOR": shine } };
  }
}

export class Scene {
  readonly cloud = new Cloud();
  private readonly deck: Deck<OrthographicView>;
  private camera: Camera = { x: 0, y: 0, span: 2.2 };
  private theme: Theme = "dark";
  private readonly cameraListeners: ((meant: boolean) => void)[] = [];
  private flying = 0;
  private stepping = false;
  private data: { length: number; attributes?: Record<string, { value: Float32Array | Uint8Array; size: number; normalized?: boolean }> } = { length: 0 };
  private insets: Insets = { left: 0, right: 0, top: 0, bottom: 0 };

  constructor(
    private readonly container: HTMLElement,
    canvas: HTMLCanvasElement,
    broken: (error: Error) => void,
  ) {
    this.deck = new Deck({
      canvas,
      width: "100%",
      height: "100%",
      views: new OrthographicView({ id: "map", flipY: false }),
      viewState: this.viewState(),
      controller: { inertia: 220, scrollZoom: { speed: 0.012, smooth: true }, keyboard: false, dragRotate: false },
      useDevicePixels: Math.min(2, window.devicePixelRatio || 1),
      onViewStateChange: ({ viewState, interactionState }) => {
        if (interactionState?.isDragging || interactionState?.isZooming || interactionState?.isPanning) this.stop();
        this.follow(viewState as OrthographicViewState);
      },
      onError: (error) => broken(error),
      getCursor: () => "",
      layers: [],
    });
    new ResizeObserver(() => this.moved(false)).observe(container);
  }

  /** `meant` when somebody moved the camera or sent it somewhere; not when a window changed its size. */
  onCamera(listener: (meant: boolean) => void): void {
    this.cameraListeners.push(listener);
  }

  frame(): Frame {
    const { clientWidth: width, clientHeight: height } = this.container;
    return { x: this.camera.x, y: this.camera.y, scale: Math.min(width, height) / this.camera.span, width, height };
  }

  view(): Camera {
    return this.camera;
  }

  cover(insets: Insets): void {
    this.insets = insets;
  }

  project(x: number, y: number): [number, number] {
    const { x: cx, y: cy, scale, width, height } = this.frame();
    return [width / 2 + (x - cx) * scale, height / 2 - (y - cy) * scale];
  }

  unproject(px: number, py: number): [number, number] {
    const { x: cx, y: cy, scale, width, height } = this.frame();
    return [cx + (px - width / 2) / scale, cy - (py - height / 2) / scale];
  }

  /** The radius of a point's disc in pixels: grows as the eye comes nearer, shrinks where many crowd. */
  radius(): number {
    const { scale, width, height } = this.frame();
    const crowd = Math.sqrt((width * height) / Math.max(400, this.cloud.points.count));
    const near = Math.max(0, Math.log2(2.2 / this.camera.span));
    const size = Math.min(3.1, Math.max(0.95, crowd * 0.19)) * (1 + 0.17 * near);
    return Math.min(size, 7, scale);
  }

  /** The camera that shows these bounds in the part of the window that is free. */
  toShow(bounds: Bounds, leastSpan = 0.06): Camera {
    const { width, height } = this.frame();
    const { left, right, top, bottom } = this.insets;
    const free = { width: Math.max(120, width - left - right), height: Math.max(120, height - top - bottom) };
    const scale = Math.min(
      free.width / Math.max(1e-6, bounds.right - bounds.left),
      free.height / Math.max(1e-6, bounds.top - bounds.bottom),
      Math.min(width, height) / leastSpan,
    );
    return {
      x: (bounds.left + bounds.right) / 2 - (left - right) / 2 / scale,
      y: (bounds.bottom + bounds.top) / 2 + (top - bottom) / 2 / scale,
      span: Math.min(width, height) / scale,
    };
  }

  jump(camera: Camera, meant = false): void {
    this.stop();
    this.camera = within(camera);
    this.moved(meant);
  }

  fly(camera: Camera): void {
    this.stop();
    const target = within(camera);
    if (reducedMotion()) return this.jump(target, true);
    const path = flight(this.camera, target);
    const duration = Math.min(1500, Math.max(320, path.length * 420));
    const begun = performance.now();
    const step = (): void => {
      const part = Math.min(1, (performance.now() - begun) / duration);
      this.camera = path.at(easeInOut(part));
      this.flying = part < 1 ? requestAnimationFrame(step) : 0;
      this.moved(true);
    };
    this.flying = requestAnimationFrame(step);
  }

  /** Zooms about the middle of the window, or about a point of it. */
  zoom(factor: number): void {
    const { left, right, top, bottom } = this.insets;
    const { width, height } = this.frame();
    const [x, y] = this.unproject((left + width - right) / 2, (top + height - bottom) / 2);
    const keep = 1 / factor;
    this.fly({ x: x + (this.camera.x - x) * keep, y: y + (this.camera.y - y) * keep, span: this.camera.span * keep });
  }

  pan(right: number, up: number): void {
    const { scale } = this.frame();
    this.fly({ ...this.camera, x: this.camera.x + right / scale, y: this.camera.y + up / scale });
  }

  stop(): void {
    cancelAnimationFrame(this.flying);
    this.flying = 0;
  }

  show(points: Points): void {
    this.cloud.change(points, performance.now(), reducedMotion());
    this.animate();
  }

  paint(scale: Scale, theme: Theme): void {
    this.theme = theme;
    this.cloud.paint(scale);
    this.redraw();
  }

  highlight(group: number | null): void {
    this.cloud.highlight(group);
    this.redraw();
  }

  private animate(): void {
    if (this.stepping) return;
    this.stepping = true;
    const step = (): void => {
      this.stepping = this.cloud.step(performance.now());
      this.redraw();
      for (const listener of this.cameraListeners) listener(false);
      if (this.stepping) requestAnimationFrame(step);
    };
    step();
  }

  private follow(state: OrthographicViewState): void {
    const [x, y] = state.target as [number, number];
    const { clientWidth, clientHeight } = this.container;
    const zoom = state.zoom as number;
    this.camera = within({ x, y, span: Math.min(clientWidth, clientHeight) / 2 ** zoom });
    this.moved(true);
  }

  private moved(meant: boolean): void {
    this.deck.setProps({ viewState: this.viewState() });
    this.draw();
    for (const listener of this.cameraListeners) listener(meant);
  }

  private viewState(): OrthographicViewState {
    const size = Math.max(1, Math.min(this.container.clientWidth, this.container.clientHeight));
    return {
      target: [this.camera.x, this.camera.y, 0],
      zoom: Math.log2(size / this.camera.span),
      minZoom: Math.log2(size / WIDEST_SPAN),
      maxZoom: Math.log2(size / DEEPEST_SPAN),
    };
  }

  /** Hands the buffers over anew; a camera that moves needs no more than `draw`. */
  private redraw(): void {
    const { count, positions, colours } = this.cloud;
    this.data = {
      length: count,
      // A fresh view on the same memory tells deck.gl that the numbers have changed.
      attributes: {
        getPosition: { value: positions.subarray(0, 2 * count), size: 2 },
        getFillColor: { value: colours.subarray(0, 4 * count), size: 4, normalized: true },
      },
    };
    this.draw();
  }

  private draw(): void {
    const dark = this.theme === "dark";
    const radius = this.radius();
    const { scale, width, height } = this.frame();
    const area = Math.min(width * height, 2.2 * scale * scale);
    const crowded = (this.cloud.points.count * Math.PI * radius * radius) / Math.max(1, area);
    const opacity = Math.min(0.95, Math.max(0.3, (dark ? 0.92 : 0.85) / (1 + 0.5 * crowded)));
    const shared = { data: this.data, getRadius: 1, radiusUnits: "pixels" as const, opacity, antialiasing: true, pickable: false };
    this.deck.setProps({
      layers: [
        dark
          ? new GlowLayer({ ...shared, id: "glow", radiusScale: radius / CORE, parameters: OVER })
          : new ScatterplotLayer({ ...shared, id: "discs", radiusScale: radius, parameters: LAID }),
      ],
    });
  }
}

const FLAT = { depthWriteEnabled: false, depthCompare: "always", blend: true } as const;
const OVER = {
  ...FLAT,
  blendColorOperation: "add",
  blendColorSrcFactor: "one",
  blendColorDstFactor: "one-minus-src-alpha",
  blendAlphaOperation: "add",
  blendAlphaSrcFactor: "one",
  blendAlphaDstFactor: "one-minus-src-alpha",
} as const;
const LAID = { ...OVER, blendColorSrcFactor: "src-alpha" } as const;

function within({ x, y, span }: Camera): Camera {
  const hold = (value: number): number => Math.min(1.4, Math.max(-1.4, value));
  return { x: hold(x), y: hold(y), span: Math.min(WIDEST_SPAN, Math.max(DEEPEST_SPAN, span)) };
}
