/**
 * What a link's quality is made of, for who wants to know.
 *
 * @module
 */
/// <reference lib="dom" />

import { get } from "./api.ts";
import { byId, el } from "./elements.ts";
import { fill } from "./fill.ts";
import type { LinkDetail, QualityPart } from "./live_facts.ts";
import { words } from "./words.ts";

const REFRESH_MS = 5000;

/** The parts in the order of their weight, and how each is said. */
const PARTS: readonly [string, string, (value: number) => string][] = [
  ["live_share", words.qualityShare, (share) => percentText(share)],
  ["reconnects_per_hour", words.qualityReconnects, (count) => roundText(count)],
  ["longest_silence_ms", words.qualitySilence, (ms) => secondsText(ms)],
  ["lag_ms", words.qualityLag, (ms) => secondsText(ms)],
];

/** Fills the list of parts for as long as it is unfolded. */
export function bindQuality(path: string): void {
  const box = byId("quality-box", HTMLDetailsElement);
  const load = async () => {
    if (!box.open || document.hidden) return;
    const { isOk, body: { quality } } = await get<LinkDetail>(path);
    if (isOk && quality !== undefined) show(quality);
  };
  box.addEventListener("toggle", () => void load());
  setInterval(() => void load(), REFRESH_MS);
}

function show({ parts }: LinkDetail["quality"]): void {
  const rows = PARTS.map(([key, name, textOf]) => {
    const part = parts[key];
    return el(
      "div",
      {},
      el("dt", {}, name),
      el("dd", {}, part === undefined ? "–" : valueText(part, textOf)),
      el("dd", { class: "hint" }, part === undefined ? "" : scoreText(part)),
    );
  });
  byId("quality-parts", HTMLElement).replaceChildren(...rows);
}

function valueText(
  { value }: QualityPart,
  textOf: (value: number) => string,
): string {
  return value === null ? "–" : textOf(value);
}

function scoreText({ score, weight }: QualityPart): string {
  return score === null
    ? words.qualityUnknown
    : fill(words.qualityScore, { score, weight });
}

function percentText(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function secondsText(ms: number): string {
  return `${roundText(ms / 1000)} s`;
}

function roundText(value: number): string {
  return String(Math.round(value * 10) / 10);
}
