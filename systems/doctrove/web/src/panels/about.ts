// The pill that says which map this is, and the sheet that says how good it is.

import { getVersions, type MapInfo, type MapVersion, type Quality } from "../api.ts";
import { byId, fill, h, iconButton } from "../dom.ts";
import { brief, date, number, plural } from "../pure/text.ts";

const kindOf = (kind: string | null): string => (kind === "umap" ? "fitted" : (kind ?? "none"));

export class About {
  private readonly pill = byId<HTMLButtonElement>("status");
  private readonly sheet = byId<HTMLDialogElement>("about");
  private map: MapInfo | null = null;

  constructor() {
    this.pill.addEventListener("click", () => void this.open());
  }

  /** `shown` is how many pass the filters, when that is known and filters are set. */
  show(map: MapInfo, shown: number | null): void {
    this.map = map;
    this.pill.hidden = false;
    if (map.version === null) return fill(this.pill, h("span", { class: "pulse idle" }), h("span", {}, "No map yet"));
    const busy = isBusy(map);
    const left = map.papers - map.placed;
    const counted = left > 0 ? `${brief(map.placed)} of ${brief(map.papers)} placed` : plural(map.placed, "document");
    const words = [
      `Map ${map.version}`,
      kindOf(map.kind),
      shown === null ? counted : `${number(shown)} match`,
      map.progress?.building ? "a better fit is being made" : null,
    ];
    const inside = words.filter((word) => word !== null).map((word) => h("span", {}, word));
    fill(this.pill, h("span", { class: `pulse ${busy ? "busy" : ""}` }), ...inside);
    if (this.sheet.open) this.write();
  }

  private async open(): Promise<void> {
    this.write();
    this.sheet.showModal();
    const versions = await getVersions().catch(() => []);
    if (this.sheet.open) this.write(versions);
  }

  private versions: readonly MapVersion[] = [];

  private write(versions: readonly MapVersion[] = this.versions): void {
    this.versions = versions;
    const map = this.map;
    if (!map) return;
    const { progress, quality } = map;
    const rows: [string, string, string][] = [
      ["Documents", number(map.papers), `${number(map.placed)} of them on this map`],
      ["Being embedded", number(progress?.to_embed ?? 0), "documents whose meaning is still to be read"],
      ["Being placed", number(progress?.to_place ?? 0), "documents that still wait for their place"],
      ["Model", map.model ?? "none", "turns a text into the numbers that the map is made of"],
      ...qualityRows(quality),
    ];
    fill(
      this.sheet,
      h("div", { class: "sheet-head" }, h("h2", {}, "About this map"), h("span", { class: "spring" }), iconButton("close", "Close (Esc)", () => this.sheet.close())),
      h(
        "p",
        { class: "lead" },
        map.version === null
          ? "There is no map yet: it is made as soon as documents have been embedded."
          : map.kind === "quick"
            ? "A quick first projection, so that there is something to see at once. A fitted map takes its place when it is ready, and the points move there."
            : "Documents that mean similar things stand close together. The distance between far clusters, and the axes, mean nothing.",
      ),
      h("dl", {}, ...rows.map(([name, value, why]) => h("div", {}, h("dt", {}, name), h("dd", {}, value), h("dd", { class: "why" }, why)))),
      versions.length > 0 && versionTable(versions),
    );
  }
}

export const isBusy = ({ progress, version }: MapInfo): boolean =>
  version === null || (progress !== null && (progress.to_embed > 0 || progress.to_place > 0 || progress.building !== null));

const percent = (value: number | null): string => (value === null ? "not measured" : `${(100 * value).toFixed(1)} %`);

function qualityRows(quality: Quality | null): [string, string, string][] {
  if (!quality) return [];
  return [
    ["Trustworthiness", percent(quality.trustworthiness), "how far neighbours on the map are neighbours in meaning"],
    ["Neighbour agreement", percent(quality.neighbour_agreement), "of the nearest in meaning are also the nearest here"],
    ["Drift", quality.drift === null ? "not measured" : quality.drift.toFixed(2), "0: new documents fit as well as those it was made from"],
    ["Fitted on", quality.fitted_on === null ? "–" : number(quality.fitted_on), "documents in the sample"],
  ];
}

function versionTable(versions: readonly MapVersion[]): HTMLElement {
  const head = ["Version", "Kind", "State", "Trustworthiness", "Since"].map((name) => h("th", { scope: "col" }, name));
  const rows = versions.slice(0, 12).map((v) =>
    h(
      "tr",
      {},
      h("td", {}, String(v.version)),
      h("td", {}, kindOf(v.kind)),
      h("td", {}, v.status ?? ""),
      h("td", {}, percent(v.quality?.trustworthiness ?? null)),
      h("td", {}, date(v.activated_at ?? null)),
    ),
  );
  return h("section", {}, h("h3", {}, "Versions"), h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)));
}
