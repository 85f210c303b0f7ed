/**
 * Every live room with its history, the seed's oldest form of a pull.
 *
 * The form has no pages, so a busy server's whole answer need not fit in
 * memory: it is written room by room, as fast as it is read. Each room's
 * history is cut at {@linkcode SNAPSHOT_RECORDS_MAX}; the paged routes have
 * the rest.
 *
 * @module
 */

import type { RoomFacts } from "../room/room_facts.ts";
import type { ChatRow, PageQuery, SessionRow } from "../store/store.ts";
import { chatRecord, sessionRecord } from "./history_page.ts";
import type { HistoryStore, RoomDirectory } from "./ports.ts";
import { toSecs } from "./page.ts";

/** Most messages, and most stays, of one room: the newest. */
export const SNAPSHOT_RECORDS_MAX = 10_000;

const NEWEST: PageQuery = { page: 1, limit: SNAPSHOT_RECORDS_MAX };

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
    const payload = snapshot(room.id, room.facts(), {
      chat: chat.rows,
      sessions: sessions.rows,
    });
    yield separator + JSON.stringify(payload);
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

function snapshot(
  roomId: string,
  facts: RoomFacts,
  history: {
    readonly chat: readonly ChatRow[];
    readonly sessions: readonly SessionRow[];
  },
) {
  return {
    room_id: roomId,
    admin_user_ids: facts.adminUserIds,
    start_time: toSecs(facts.createdAt),
    current_users: facts.currentUsers,
    peak_users: facts.peakUsers,
    total_joins: facts.totalJoins,
    chat_history: history.chat.map(chatRecord),
    session_history: history.sessions.map(sessionRecord),
  };
}
