/**
 * What one client makes of what it hears.
 *
 * @module
 */

import type { RoomsFrame } from "../../src/wire/rooms_entry.ts";
import type { ResumePoint } from "../../src/room/room_input.ts";
import type { NamedSend, Promises, Told } from "./promises.ts";
import type { Verdict } from "./verdict.ts";

/** Who listens to what. */
export interface ListenerOptions {
  readonly roomId: string;
  /** The session's. */
  readonly id: string;
  readonly userId: string;
  /** Whether it is told which entries are its own. */
  readonly isPersonal: boolean;
  /** What the client said it knows. */
  readonly resume: ResumePoint | null;
  readonly promises: Promises;
  readonly verdict: Verdict;
  readonly now: () => number;
  /** Whether an entry is in the journal or in the database. */
  readonly isKept: (entryId: string) => boolean;
}

/** One client's ears. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #verdict: Verdict;
  /** Numbers that were passed over and not announced yet. */
  readonly #holes = new Set<number>();
  #nextSeq: number | undefined;
  /** The gap that the welcome made necessary, until it comes. */
  #dueGap: { readonly from: number; readonly to: number } | undefined;
  #sentNamed = 0;
  #answeredNamed = 0;
  #mutedCount = 0;
  /** Whether it read too slowly once, and so may miss what may be dropped. */
  wasSlow = false;
  epoch = "";

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#verdict = options.verdict;
  }

  /** Whether it was welcomed. */
  get isWelcome(): boolean {
    return this.#nextSeq !== undefined;
  }

  /** The number up to which it knows all. */
  get knownSeq(): number {
    const next = this.#nextSeq ?? 1;
    return Math.min(next, ...this.#holes) - 1;
  }

  /** Whether every named send has an answer, or a notice instead. */
  get isAnswered(): boolean {
    const open = this.#sentNamed - this.#answeredNamed;
    return open >= 0 && open <= this.#mutedCount;
  }

  /** The client sends a message. */
  sent(clientMsgId: string | undefined): void {
    if (clientMsgId === undefined) return;
    this.#sentNamed += 1;
    this.#options.promises.sent(this.#named(clientMsgId));
  }

  /** The client hears a frame. */
  hear(frame: RoomsFrame): void {
    if (typeof frame.seq === "number") return this.#onEntry(frame);
    switch (frame.type) {
      case "WelcomeInfo":
        return this.#onWelcome(frame);
      case "Gap":
        return this.#onGap(frame.payload as { from: number; to: number });
      case "Ack":
        return this.#onAck(frame.payload as Told & { client_msg_id: string });
      case "Error":
        return this.#onError(frame);
      case "History":
        return this.#onHistory(frame.payload as { entries: RoomsFrame[] });
      case "YouAreMuted":
        this.#mutedCount += 1;
        return;
      case "arrived":
      case "departed":
      case "typing":
        this.#verdict.check(
          this.isWelcome,
          "access",
          () => `heard ${frame.type} before the welcome`,
        );
    }
  }

  #onHistory({ entries }: { entries: readonly RoomsFrame[] }): void {
    const { promises, roomId } = this.#options;
    const firstSeq = Number(entries[0]?.seq ?? 1);
    entries.forEach(({ seq, id }, index) => {
      const isRight = seq === firstSeq + index &&
        promises.entry(roomId, seq)?.id === id;
      this.#verdict.check(
        isRight,
        "hearing",
        () => `history has ${seq} ${id} at ${index} from ${firstSeq}`,
      );
    });
  }

  #onWelcome(frame: RoomsFrame): void {
    const epoch = String(frame.epoch);
    const lastSeq = Number(frame.last_seq);
    const recovered = frame.recovered === true;
    const { resume } = this.#options;
    const isSameLog = resume?.epoch === epoch;
    const sinceSeq = resume?.sinceSeq ?? 0;
    this.#verdict.check(!this.isWelcome, "hearing", () => "welcomed twice");
    this.#verdict.check(
      !recovered || (isSameLog && sinceSeq <= lastSeq),
      "hearing",
      () => `recovered ${resume?.epoch} ${sinceSeq} at ${epoch} ${lastSeq}`,
    );
    this.epoch = epoch;
    this.#nextSeq = 1 + (recovered ? sinceSeq : lastSeq);
    if (recovered || !isSameLog || sinceSeq >= lastSeq) return;
    this.#dueGap = { from: sinceSeq + 1, to: lastSeq };
  }

  #onEntry({ seq, id, payload, deleted, ...beside }: RoomsFrame): void {
    const { promises, roomId, isKept, id: sessionId } = this.#options;
    if (typeof seq !== "number" || typeof id !== "string") return;
    const next = this.#nextSeq;
    if (next === undefined) {
      return this.#verdict.fail("hearing", `${seq} came before the welcome`);
    }
    this.#verdict.check(
      seq === next || (seq > next && this.wasSlow),
      "hearing",
      () => `heard ${seq}, wanted ${next}`,
    );
    this.#verdict.check(
      seq <= promises.heardUntil(sessionId),
      "silence",
      () => `heard ${seq} after it had left`,
    );
    this.#verdict.check(
      this.#dueGap === undefined,
      "hearing",
      () => `heard ${seq} before the gap that it missed`,
    );
    for (let hole = next; hole < seq; hole++) this.#holes.add(hole);
    this.#nextSeq = seq + 1;
    const entry = promises.entry(roomId, seq);
    this.#verdict.check(
      entry?.id === id,
      "hearing",
      () => `heard ${seq} ${id}, accepted ${entry?.id}`,
    );
    this.#verdict.check(
      !promises.isRefused(id),
      "refused",
      () => `heard ${seq}, which was refused`,
    );
    this.#verdict.check(
      isKept(id),
      "journal first",
      () => `heard ${seq} ${id}, which is nowhere`,
    );
    const { isPersonal, userId } = this.#options;
    this.#verdict.check(
      beside["is_own"] === (isPersonal ? entry?.actor === userId : undefined),
      "own",
      () => `${seq} of ${entry?.actor} is own: ${beside["is_own"]}`,
    );
    if (entry?.kind !== "message" || deleted === true) return;
    const { content } = payload as { content: string };
    this.#verdict.check(
      content === entry.payload.content,
      "hearing",
      () => `heard "${content}" for "${entry.payload.content}"`,
    );
  }

  #onGap({ from, to }: { from: number; to: number }): void {
    const next = this.#nextSeq ?? 1;
    const due = this.#dueGap;
    const isSensible = from <= to && this.isWelcome &&
      (due === undefined || (from === due.from && to === due.to));
    this.#verdict.check(isSensible, "hearing", () => `gap ${from}-${to}`);
    this.#dueGap = undefined;
    for (const hole of this.#holes) {
      if (hole >= from && hole <= to) this.#holes.delete(hole);
    }
    if (to < next) return;
    this.#verdict.check(
      from <= next,
      "hearing",
      () => `gap ${from}-${to}, wanted ${next}`,
    );
    this.#nextSeq = to + 1;
  }

  #onAck({ client_msg_id: clientMsgId, id, seq }: Told & {
    client_msg_id: string;
  }): void {
    const { promises, now } = this.#options;
    this.#answeredNamed += 1;
    promises.acknowledged(this.#named(clientMsgId), { id, seq }, now());
  }

  #onError({ client_msg_id: clientMsgId }: RoomsFrame): void {
    if (typeof clientMsgId !== "string") return;
    this.#answeredNamed += 1;
    this.#options.promises.refusedSend(this.#named(clientMsgId));
  }

  #named(clientMsgId: string): NamedSend {
    const { roomId, userId } = this.#options;
    return { roomId, userId, clientMsgId };
  }
}
