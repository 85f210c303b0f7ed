/**
 * Records that are accepted and not in the database yet, oldest first.
 *
 * Two orders at once: over all rooms, and within each room. Taking copies the
 * oldest of either order and removes nothing, so a flush that fails has
 * nothing to put back: its records still stand at the head. Every step costs
 * the records it touches and never all that is pending.
 *
 * @module
 */

import type { DurableRecord } from "../wire/record.ts";
import { roomIdOf } from "../wire/record.ts";
import type { Holder } from "./record_journal.ts";

/** One record that waits. */
export interface PendingRecord {
  readonly record: DurableRecord;
  readonly roomId: string;
  /** The size of its line in the journal. */
  readonly bytes: number;
  readonly isMessage: boolean;
  readonly holder: Holder;
  /** 1, 2, 3… in the order of acceptance. */
  readonly order: number;
  /** When it was accepted, on the monotonic clock, in ms. */
  readonly addedMs: number;
}

/** What is known of a record when it is added. */
export interface NewPending {
  readonly bytes: number;
  readonly holder: Holder;
  readonly addedMs: number;
}

interface Node extends PendingRecord {
  older: Node | undefined;
  newer: Node | undefined;
  newerInRoom: Node | undefined;
}

interface RoomLine {
  oldest: Node;
  newest: Node;
}

/** A queue in two orders. */
export class PendingRecords {
  readonly #rooms = new Map<string, RoomLine>();
  #oldest: Node | undefined;
  #newest: Node | undefined;
  #records = 0;
  #messages = 0;
  #bytes = 0;
  #lastOrder = 0;

  get records(): number {
    return this.#records;
  }

  /** Those of the records that somebody said, or a device or a link sent. */
  get messages(): number {
    return this.#messages;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The order of the newest record that was ever added. */
  get lastOrder(): number {
    return this.#lastOrder;
  }

  /** The oldest record, of all or of one room. */
  oldest(roomId?: string): PendingRecord | undefined {
    if (roomId === undefined) return this.#oldest;
    return this.#rooms.get(roomId)?.oldest;
  }

  add(record: DurableRecord, { bytes, holder, addedMs }: NewPending): void {
    this.#lastOrder += 1;
    const node: Node = {
      record,
      roomId: roomIdOf(record),
      bytes,
      isMessage: isMessage(record),
      holder,
      order: this.#lastOrder,
      addedMs,
      older: this.#newest,
      newer: undefined,
      newerInRoom: undefined,
    };
    if (this.#newest === undefined) this.#oldest = node;
    else this.#newest.newer = node;
    this.#newest = node;
    this.#addToRoom(node);
    this.#records += 1;
    this.#bytes += bytes;
    if (node.isMessage) this.#messages += 1;
  }

  /** The oldest records, of all or of one room; they stay where they are. */
  take(countMax: number, roomId?: string): PendingRecord[] {
    const taken: PendingRecord[] = [];
    if (roomId === undefined) {
      let node = this.#oldest;
      while (node !== undefined && taken.length < countMax) {
        taken.push(node);
        node = node.newer;
      }
      return taken;
    }
    let node = this.#rooms.get(roomId)?.oldest;
    while (node !== undefined && taken.length < countMax) {
      taken.push(node);
      node = node.newerInRoom;
    }
    return taken;
  }

  /** Removes the oldest records of some rooms, as {@linkcode take} gave them. */
  remove(taken: readonly PendingRecord[]): void {
    for (const { roomId } of taken) {
      const node = this.#removeOldestOf(roomId);
      if (node === undefined) continue;
      this.#unlink(node);
      this.#records -= 1;
      this.#bytes -= node.bytes;
      if (node.isMessage) this.#messages -= 1;
    }
  }

  #addToRoom(node: Node): void {
    const line = this.#rooms.get(node.roomId);
    if (line === undefined) {
      this.#rooms.set(node.roomId, { oldest: node, newest: node });
      return;
    }
    line.newest.newerInRoom = node;
    line.newest = node;
  }

  #removeOldestOf(roomId: string): Node | undefined {
    const line = this.#rooms.get(roomId);
    if (line === undefined) return undefined;
    const node = line.oldest;
    if (node.newerInRoom === undefined) this.#rooms.delete(roomId);
    else line.oldest = node.newerInRoom;
    return node;
  }

  #unlink(node: Node): void {
    const { older, newer } = node;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}

function isMessage(record: DurableRecord): boolean {
  if (record.type !== "entry") return false;
  const { kind } = record.entry;
  return kind === "message" || kind === "relay" || kind === "live";
}
