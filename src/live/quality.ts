/**
 * How well a link does, as one number and the parts that it is made of.
 *
 * @module
 */

/** One thing that is judged. */
export interface Part {
  /** As measured; `null` while nothing is known. */
  readonly value: number | null;
  /** 0 to 100, whole; `null` where there is no value. */
  readonly score: number | null;
  /** Its share of the whole, in percent, when every part is known. */
  readonly weight: number;
}

/** What is judged. */
export interface Measures<Of> {
  /** The share, 0 to 1, of the time it was wanted that it was live. */
  readonly liveShare: Of;
  /** Attempts an hour of that time. */
  readonly reconnectsPerHour: Of;
  /** The longest time without a message while it was live. */
  readonly longestSilenceMs: Of;
  /** From a message's own time until it was kept; the median of the newest. */
  readonly lagMs: Of;
}

/** How well a link does. */
export interface Quality {
  /** 0 to 100, whole; `null` before anything is known. */
  readonly score: number | null;
  readonly parts: Measures<Part>;
}

interface Rule {
  readonly weight: number;
  /** This, or anything better, is 100. */
  readonly best: number;
  /** This, or anything worse, is 0; between the two it is linear. */
  readonly worst: number;
}

const RULES: Measures<Rule> = {
  liveShare: { weight: 50, best: 1, worst: 0 },
  reconnectsPerHour: { weight: 20, best: 0, worst: 12 },
  longestSilenceMs: { weight: 15, best: 60_000, worst: 600_000 },
  lagMs: { weight: 15, best: 1000, worst: 30_000 },
};

/**
 * Judges a link.
 *
 * What is not known counts neither for it nor against it. While the share of
 * time is not known, nothing is: a link without a past has no quality.
 */
export function qualityOf(measures: Measures<number | null>): Quality {
  const parts = {
    liveShare: partOf(RULES.liveShare, measures.liveShare),
    reconnectsPerHour: partOf(
      RULES.reconnectsPerHour,
      measures.reconnectsPerHour,
    ),
    longestSilenceMs: partOf(RULES.longestSilenceMs, measures.longestSilenceMs),
    lagMs: partOf(RULES.lagMs, measures.lagMs),
  };
  const isKnown = parts.liveShare.score !== null;
  return { score: isKnown ? meanOf(Object.values(parts)) : null, parts };
}

function partOf({ weight, best, worst }: Rule, value: number | null): Part {
  if (value === null) return { value, score: null, weight };
  const share = (value - worst) / (best - worst);
  const score = Math.round(100 * Math.min(Math.max(share, 0), 1));
  return { value, score, weight };
}

function meanOf(parts: readonly Part[]): number {
  let sum = 0;
  let weights = 0;
  for (const { score, weight } of parts) {
    if (score === null) continue;
    sum += score * weight;
    weights += weight;
  }
  return Math.round(sum / weights);
}
