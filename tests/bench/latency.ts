/**
 * Waits, and how long the longest of each hundred were.
 *
 * @module
 */

/** In ms; all 0 when nothing was measured. */
export interface LatencyFacts {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export class Latencies {
  readonly #micros: number[] = [];

  add(micros: number): void {
    this.#micros.push(micros);
  }

  facts(): LatencyFacts {
    const sorted = Float64Array.from(this.#micros).sort();
    return {
      count: sorted.length,
      p50Ms: quantile(sorted, 0.5) / 1000,
      p99Ms: quantile(sorted, 0.99) / 1000,
      maxMs: (sorted.at(-1) ?? 0) / 1000,
    };
  }
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, share * sorted.length | 0)] ?? 0;
}
