/**
 * Where a page is in the log of a live room.
 *
 * Likes and visits are gathered for a second before they are told, so a number
 * may come after greater ones. The page goes on after the last number before
 * which nothing is missing, and passes over what it is then shown again.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

/** Numbers after a missing one that are remembered. */
const AHEAD_MAX = 2000;

/** A message, or several that are told as one. */
interface Numbered {
  readonly seq: number;
  /** The first number of several. */
  readonly from_seq?: number;
}

/** From where a next connection goes on, and how far back the page reads. */
export class LivePlace {
  #epoch: string | undefined;
  /** Nothing up to here is missing. */
  #throughSeq = 0;
  /** Shown already, beyond that. */
  readonly #ahead = new Set<number>();
  #oldestSeq: number | undefined;

  /** Where what the page shows without a hole begins; `undefined` is nowhere. */
  get oldestSeq(): number | undefined {
    return this.#oldestSeq;
  }

  /** What a connection's address says, from its `?` on. */
  query(): string {
    if (this.#epoch === undefined) return "";
    const epoch = encodeURIComponent(this.#epoch);
    return `?since=${this.#throughSeq}&epoch=${epoch}`;
  }

  /**
   * A connection was told where the log is.
   *
   * @param lastSeq the number of the last message that came with that; 0 is
   * none.
   * @returns whether what is shown already stays, and goes on from there.
   */
  enter(
    { epoch, lastSeq, recovered }: {
      readonly epoch: string;
      readonly lastSeq: number;
      readonly recovered: boolean;
    },
  ): boolean {
    // Where too much was missed, nothing comes but word of the gap.
    const goesOn = epoch === this.#epoch && (recovered || lastSeq === 0);
    this.#epoch = epoch;
    if (goesOn) return true;
    this.#throughSeq = lastSeq;
    this.#ahead.clear();
    this.#oldestSeq = undefined;
    return false;
  }

  /** A message came; answers whether it is new here. */
  note({ seq, from_seq: fromSeq = seq }: Numbered): boolean {
    const isNew = seq > this.#throughSeq && !this.#ahead.has(seq);
    if (isNew) this.skip(fromSeq, seq);
    this.#oldestSeq ??= fromSeq;
    return isNew;
  }

  /** A message from before what is shown is shown too. */
  noteOlder(seq: number): void {
    this.#oldestSeq = Math.min(this.#oldestSeq ?? seq, seq);
  }

  /** Messages up to this one are not shown any more. */
  forget(seq: number): void {
    this.#oldestSeq = Math.max(this.#oldestSeq ?? 0, seq + 1);
  }

  /** Numbers that will not come: nothing is said of them, or they were shown. */
  skip(fromSeq: number, toSeq: number): void {
    if (toSeq - fromSeq >= AHEAD_MAX) this.#settle(toSeq);
    for (let seq = fromSeq; seq <= toSeq; seq++) {
      if (seq > this.#throughSeq) this.#ahead.add(seq);
    }
    const isTooFar = this.#ahead.size > AHEAD_MAX;
    this.#settle(isTooFar ? Math.min(...this.#ahead) : this.#throughSeq);
  }

  /** Misses nothing up to a number, nor what follows it without a hole. */
  #settle(throughSeq: number): void {
    if (throughSeq > this.#throughSeq) {
      this.#throughSeq = throughSeq;
      for (const seq of this.#ahead) {
        if (seq <= throughSeq) this.#ahead.delete(seq);
      }
    }
    while (this.#ahead.delete(this.#throughSeq + 1)) this.#throughSeq += 1;
  }
}
