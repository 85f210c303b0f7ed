/**
 * Handing what a turn said to the sessions, a slice at a time.
 *
 * One message to 1000 sessions takes milliseconds, to 100,000 half a second:
 * between two slices sockets are read and other rooms run. Nobody joins or
 * leaves in between, since that takes a turn and the room takes none until all
 * was handed out.
 *
 * @module
 */

import type { Packet } from "../wire/packet.ts";
import type { Session } from "./session.ts";
import type { Speech } from "./speech.ts";

/** Sessions between two looks at the clock. */
const STRIDE = 64;

/** What a slice of a delivery did. */
export interface DeliveryTally {
  messageCount: number;
  frameCount: number;
}

/** One turn's words on their way out. */
export class Delivery {
  readonly #speech: Speech;
  readonly #own: Iterator<Session>;
  readonly #rest: Iterator<Session>;
  readonly tally: DeliveryTally = { messageCount: 0, frameCount: 0 };

  constructor(speech: Speech, audience: ReadonlySet<Session>) {
    this.#speech = speech;
    this.#own = speech.viewed();
    const isShared = speech.broadcastCount > 0;
    this.#rest = isShared ? audience.values() : [].values();
  }

  /** Goes on until `isDue` says that time is up; `true` when all is done. */
  run(isDue: () => boolean): boolean {
    const isOwnDone = this.#walk(this.#own, (one) => this.#speakTo(one), isDue);
    if (!isOwnDone) return false;
    return this.#walk(this.#rest, (one) => this.#shareWith(one), isDue);
  }

  #walk(
    sessions: Iterator<Session>,
    visit: (session: Session) => void,
    isDue: () => boolean,
  ): boolean {
    for (let count = 1;; count++) {
      const next = sessions.next();
      if (next.done) return true;
      visit(next.value);
      if (count % STRIDE === 0 && isDue()) return false;
    }
  }

  #speakTo(session: Session): void {
    const { packet, close } = this.#speech.ownPart(session);
    if (packet !== null) this.#deliver(session, packet);
    if (close !== undefined) session.close(close);
  }

  #shareWith(session: Session): void {
    if (this.#speech.hasView(session)) return;
    const packet = this.#speech.sharedPacket(session.dialect);
    if (packet !== null) this.#deliver(session, packet);
  }

  #deliver(session: Session, packet: Packet): void {
    const messageCount = session.deliver(packet);
    this.tally.messageCount += messageCount;
    const isOneFrame = session.isBatched && messageCount > 0;
    this.tally.frameCount += isOneFrame ? 1 : messageCount;
  }
}
