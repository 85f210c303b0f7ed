/**
 * Whether a run has kept what the server promises.
 *
 * A promise is often seen broken deep within a turn, where the room would
 * catch what is thrown. So the first fault is kept, and thrown between steps.
 *
 * @module
 */

/** What is watched. */
export type Invariant =
  /** Nothing reaches a session after its close, nor is meant for it. */
  | "silence"
  /** Those here are those who joined and have not left. */
  | "members"
  /** A log's numbers go up by one, and never back. */
  | "seq"
  /** What is heard is in the journal or the database already. */
  | "journal first"
  /** What was accepted, heard or acknowledged is there after a crash. */
  | "kept"
  /** What is stored and what is pending is what was accepted. */
  | "stored and pending"
  /** Neither lane waits more than one run of the other; each is in order. */
  | "lanes"
  /** A session hears the log in order, once, its gaps announced. */
  | "hearing"
  /** A named send is answered once, and a repeat as the first time. */
  | "answers"
  /** Only those who may enter a room hear of it, or say anything in it. */
  | "access"
  /** Each is told which entries are their own. */
  | "own"
  /** A message is marked as read once, and by somebody else. */
  | "marks"
  /** What was refused is never seen. */
  | "refused"
  /** A room comes back as it was. */
  | "recovery"
  /** Nothing fails that no fault explains, and all work ends. */
  | "health";

/** A promise that was not kept. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

/** The first fault of a run. */
export class Verdict {
  #first: BrokenPromise | undefined;

  /** Remembers a fault, unless there was one before. */
  fail(invariant: Invariant, what: string): void {
    this.#first ??= new BrokenPromise(invariant, what);
  }

  /** Remembers a fault unless something holds. */
  check(holds: boolean, invariant: Invariant, what: () => string): void {
    if (!holds) this.fail(invariant, what());
  }

  /** Throws the first fault, if there is one. */
  settle(): void {
    if (this.#first !== undefined) throw this.#first;
  }
}
