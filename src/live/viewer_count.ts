/**
 * How many watch, where a `stats` message says so.
 *
 * @module
 */

import { countOf } from "./chinese_count.ts";

/** What such a message says; `null` where it does not. */
export interface ViewerCount {
  readonly currentViewers: number | null;
  /** As it is shown, which may be a round number; at most 32 characters. */
  readonly totalViewers: string | null;
  readonly totalViewersCount: number | null;
}

/** Longer texts are not shown. */
const TEXT_CHARS_MAX = 32;

/** Reads the fields of a `stats` message (COMPAT 4.3). */
export function viewerCountOf(
  data: Readonly<Record<string, unknown>>,
): ViewerCount {
  const total = data["total_viewers"];
  return {
    currentViewers: numberOf(data["current_viewers"]),
    totalViewers: shownOf(total),
    totalViewersCount: numberOf(data["total_viewers_count"]) ?? numberOf(total),
  };
}

function numberOf(value: unknown): number | null {
  if (typeof value === "string") return countOf(value);
  if (typeof value !== "number") return null;
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) && whole >= 0 ? whole : null;
}

function shownOf(value: unknown): string | null {
  if (typeof value === "number") return numberOf(value)?.toString() ?? null;
  const isShown = typeof value === "string" && value !== "" &&
    value.length <= TEXT_CHARS_MAX;
  return isShown ? value : null;
}
