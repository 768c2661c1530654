// Words and numbers as people read them.

const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const number = (value: number): string => whole.format(value);
export const brief = (value: number): string => (value < 10_000 ? whole.format(value) : compact.format(value));
export const plural = (count: number, one: string): string => `${number(count)} ${one}${count === 1 ? "" : "s"}`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `2019-04-05` as `5 Apr 2019`; anything else unchanged. */
export function date(iso: string | null): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  return parts ? `${Number(parts[3])} ${MONTHS[Number(parts[2]) - 1]} ${parts[1]}` : (iso ?? "");
}

export function authors(names: readonly string[], most = 3): string {
  return names.length <= most ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}

/** Text that was broken into lines for a terminal, as paragraphs again; lists and indented lines keep their breaks. */
export function reflow(text: string): string {
  return text.trim().replace(/([^\n])\n(?![\n\s\-*•>|+]|\d+[.)]|:)/g, "$1 ");
}

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

/** Splits at the private characters with which the API marks hits. */
export function marked(text: string): Piece[] {
  return text
    .split(/[\uE000\uE001]/)
    .map((piece, i) => ({ text: piece, hit: i % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

/** The address when a browser may open it, else null: `javascript:` and the like never become a link. */
export function safeLink(address: unknown): string | null {
  if (typeof address !== "string") return null;
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
