// Keeps what is known of the map fresh: asks every few seconds while there is progress, seldom when there is none, at
// growing distances when the API is away, and at once when somebody comes back to the page.

import { getLabels, getMap, getYears, onContact, type Label, type MapInfo, type YearCount } from "./api.ts";
import { isBusy } from "./panels/about.ts";

const BUSY_MS = 2500;
const IDLE_MS = 15_000;
const AWAY_MS = [1500, 2500, 4000, 6000];

export interface World {
  readonly map: MapInfo;
  readonly labels: readonly Label[];
  readonly years: readonly YearCount[];
}

export class Live {
  world: World | null = null;
  private timer = 0;
  private asking = false;
  private failures = 0;

  constructor(
    private readonly changed: (world: World, before: World | null) => void,
    private readonly contact: (reached: boolean) => void,
  ) {
    onContact((reached) => {
      if (reached === (this.failures === 0)) return;
      this.failures = reached ? 0 : 1;
      this.contact(reached);
      this.again(reached ? 0 : AWAY_MS[0]!);
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.ask();
    });
    void this.ask();
  }

  async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    clearTimeout(this.timer);
    try {
      await this.refresh();
      this.again(this.world && isBusy(this.world.map) ? BUSY_MS : IDLE_MS);
    } catch {
      if (this.failures === 0) this.contact(false);
      this.again(AWAY_MS[Math.min(this.failures, AWAY_MS.length - 1)]!);
      this.failures++;
    } finally {
      this.asking = false;
    }
  }

  private again(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), document.hidden ? IDLE_MS : milliseconds);
  }

  private async refresh(): Promise<void> {
    const map = await getMap();
    const before = this.world;
    const same = before && before.map.version === map.version && before.map.stamp === map.stamp;
    const [labels, years] = same
      ? [before.labels, before.years]
      : await Promise.all([map.version === null ? [] : getLabels(map.version), getYears()]);
    this.world = { map, labels, years };
    this.changed(this.world, before);
  }
}
