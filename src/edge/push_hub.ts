/**
 * What is pushed to users outside any room: user → open connections.
 *
 * Nothing is kept for who is not connected: a frame says how things are now,
 * and who connects later is told then.
 *
 * @module
 */

import { Packet } from "../wire/packet.ts";
import { encodePush, type PushFrame } from "../wire/presence_frame.ts";

/** One connection of a user. */
interface Listener {
  readonly userId: string;
  deliver(packet: Packet): number;
}

/** A connection's place in the hub. */
export class PushLine {
  readonly #listener: Listener;
  #isLinkTold = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Says a frame to this connection. */
  tell(frame: PushFrame): void {
    this.deliver(packetOf(frame), frame.type);
  }

  /** Says a frame that was looked up, unless a newer one came before it. */
  tellLookedUp(frame: PushFrame): void {
    if (!this.#isLinkTold) this.tell(frame);
  }

  deliver(packet: Packet, type: PushFrame["type"]): void {
    if (type === "heart_link") this.#isLinkTold = true;
    this.#listener.deliver(packet);
  }
}

/** Every connection that is not a room's. */
export class PushHub {
  readonly #lines = new Map<string, Set<PushLine>>();

  /** Whether anybody would be reached. */
  isListening(userId: string): boolean {
    return this.#lines.has(userId);
  }

  /** Says a frame to all connections of a user; answers how many there are. */
  push(userId: string, frame: PushFrame): number {
    const lines = this.#lines.get(userId);
    if (lines === undefined) return 0;
    const packet = packetOf(frame);
    const count = lines.size;
    // One that is given up for being too slow leaves the set, which is allowed.
    for (const line of lines) line.deliver(packet, frame.type);
    return count;
  }

  /** Takes a connection in, until `close` is given its line. */
  open(listener: Listener): PushLine {
    const line = new PushLine(listener);
    const lines = this.#lines.get(listener.userId);
    if (lines === undefined) this.#lines.set(listener.userId, new Set([line]));
    else lines.add(line);
    return line;
  }

  /** The connection is gone. May be called twice. */
  close(userId: string, line: PushLine): void {
    const lines = this.#lines.get(userId);
    lines?.delete(line);
    if (lines?.size === 0) this.#lines.delete(userId);
  }
}

/** Who is online is said again with the next change; all else is not. */
function packetOf(frame: PushFrame): Packet {
  const droppable = frame.type === "presence_update";
  return new Packet([{ frame: encodePush(frame), droppable, seq: null }]);
}
