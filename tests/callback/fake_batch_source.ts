/**
 * Rooms with news, and what was queued of them.
 *
 * @module
 */

import type {
  BatchSize,
  BatchSource,
  HistoryKind,
} from "../../src/callback/outbox.ts";

export class FakeBatchSource implements BatchSource {
  /** Rooms by id, with how many batches each owes. */
  readonly news: Record<HistoryKind, Map<string, number>> = {
    chat: new Map(),
    session: new Map(),
  };
  readonly ended = new Set<string>();
  /** Rooms that nothing can be queued of. */
  readonly broken = new Set<string>();
  /** Every call that queues, in words. */
  readonly calls: string[] = [];
  /** What rooms were asked for. */
  readonly pages: string[] = [];
  readonly sizes: BatchSize[] = [];
  /** What lists of rooms are refused with. */
  failure: Error | undefined;
  /** Awaited before each room. */
  gate: Promise<void> = Promise.resolve();
  snapshotCount = 0;

  roomsWithNews(
    kind: HistoryKind,
    { afterRoomId, limit }: { afterRoomId: string; limit: number },
  ): Promise<string[]> {
    this.pages.push(`${kind} after "${afterRoomId}"`);
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const rooms = [...this.news[kind].keys()].sort();
    const later = rooms.filter((roomId) => roomId > afterRoomId);
    return Promise.resolve(later.slice(0, limit));
  }

  async queueBatches(
    kind: HistoryKind,
    roomId: string,
    { size, at }: { size: BatchSize; at: number },
  ): Promise<number> {
    await this.#begin(`${kind} ${roomId} ${at}`, roomId);
    this.sizes.push(size);
    const count = this.news[kind].get(roomId) ?? 0;
    this.news[kind].delete(roomId);
    return count;
  }

  endedRooms(limit: number): Promise<string[]> {
    this.pages.push(`ended ${limit}`);
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve([...this.ended].sort().slice(0, limit));
  }

  async queueClosing(
    roomId: string,
    { size, at }: { size: BatchSize; at: number },
  ): Promise<void> {
    await this.#begin(`close ${roomId} ${at}`, roomId);
    this.sizes.push(size);
    this.ended.delete(roomId);
  }

  queueSnapshots(types: readonly string[], at: number): Promise<number> {
    this.calls.push(`snapshots ${types.join("+")} ${at}`);
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve(this.snapshotCount);
  }

  async #begin(call: string, roomId: string): Promise<void> {
    this.calls.push(call);
    await this.gate;
    if (this.broken.has(roomId)) throw new Error(`no ${roomId}`);
  }
}
