/**
 * Something that is done once for all who ask at about the same time.
 *
 * @module
 */

/**
 * Never runs twice at once. Who asks while it runs gets the run after, which
 * sees all that was there when they asked.
 */
export class SharedRun<Result> {
  readonly #work: () => Promise<Result>;
  #waiting: Promise<Result> | undefined;
  #landed: Promise<unknown> = Promise.resolve();

  constructor(work: () => Promise<Result>) {
    this.#work = work;
  }

  /** Settles when all that was asked for until now is over. Never rejects. */
  get landed(): Promise<unknown> {
    return this.#landed;
  }

  /** Settles as the run does that begins after this call. */
  run(): Promise<Result> {
    if (this.#waiting !== undefined) return this.#waiting;
    const run = this.#runAfter(this.#landed);
    this.#waiting = run;
    this.#landed = run.catch(() => {});
    return run;
  }

  async #runAfter(before: Promise<unknown>): Promise<Result> {
    await before;
    this.#waiting = undefined;
    return await this.#work();
  }
}
