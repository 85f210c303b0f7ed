/**
 * Every live room with its history, the seed's oldest form of a pull.
 *
 * The form has no pages, so a busy server's whole answer need not fit in
 * memory: it is written room by room, as fast as it is read. Each room's
 * history is cut at {@linkcode SYNC_RECORDS_MAX}; the paged routes have the
 * rest.
 *
 * @module
 */

import { dataSyncPayload, SYNC_RECORDS_MAX } from "../callback/room_sync.ts";
import type { PageQuery } from "../store/store.ts";
import type { HistoryStore, RoomDirectory } from "./ports.ts";

const NEWEST: PageQuery = { page: 1, limit: SYNC_RECORDS_MAX };

/**
 * The snapshot as a JSON array, in pieces.
 *
 * The first piece is made before this resolves: a database that does not work
 * is still a plain refusal then.
 */
export async function snapshotStream(
  rooms: RoomDirectory,
  store: HistoryStore,
): Promise<ReadableStream<Uint8Array>> {
  const pieces = snapshotPieces(rooms, store);
  const encoder = new TextEncoder();
  let held: IteratorResult<string, void> | undefined = await pieces.next();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = held ?? await pieces.next();
      held = undefined;
      if (piece.done) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    async cancel() {
      await pieces.return();
    },
  });
}

async function* snapshotPieces(
  rooms: RoomDirectory,
  store: HistoryStore,
): AsyncGenerator<string, void, void> {
  let separator = "[";
  for (const room of [...rooms.all()]) {
    const chat = await store.chat(room.id, NEWEST);
    const query = { ...NEWEST, closedOnly: true };
    const sessions = await store.sessions(room.id, query);
    const payload = dataSyncPayload(room.id, room.facts(), {
      chat: chat.rows,
      stays: sessions.rows,
    });
    yield separator + JSON.stringify(payload);
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}
