/**
 * Puts what a room has in no batch into batches, step by step.
 *
 * @module
 */

import {
  type BatchKind,
  marksOf,
  type RoomMarks,
  selectMarks,
  selectUnbatched,
} from "./batch_marks.ts";
import {
  type BatchOptions,
  type BatchStep,
  chatStep,
  sessionStep,
} from "./batch_step.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import type { SqlRow } from "./sqlite_protocol.ts";

/** A room's marks, and its messages that are in no batch. */
export interface RoomNews {
  readonly marks: RoomMarks;
  readonly unbatched: readonly SqlRow[];
}

/**
 * Takes steps until a room has nothing in no batch. When another run took a
 * step meanwhile, this one's did nothing, and goes on from there.
 *
 * @returns how many batches were made.
 */
export async function queueBatches(
  connection: SqliteConnection,
  kind: BatchKind,
  { roomId, ...options }: BatchOptions & { readonly roomId: string },
): Promise<number> {
  let made = 0;
  for (;;) {
    const step = await nextStep(connection, kind, { roomId, ...options });
    if (step === undefined || step.group.length === 0) return made;
    const [moved = 0] = await connection.transaction([step.group]);
    if (moved === 0) continue;
    made += step.batchCount;
    if (step.isWhole) return made;
  }
}

async function nextStep(
  connection: SqliteConnection,
  kind: BatchKind,
  { roomId, ...options }: BatchOptions & { readonly roomId: string },
): Promise<BatchStep | undefined> {
  if (kind === "session") {
    const [row] = await connection.rows(selectMarks(roomId));
    return row && sessionStep(marksOf(row, roomId), options);
  }
  const news = await readNews(connection, roomId, options);
  return news && chatStep(news.marks, news.unbatched, options);
}

/** What a room has in no batch, all of one moment. */
export async function readNews(
  connection: SqliteConnection,
  roomId: string,
  { size }: BatchOptions,
): Promise<RoomNews | undefined> {
  const [[row] = [], unbatched = []] = await connection.query(
    selectMarks(roomId),
    selectUnbatched(roomId, size),
  );
  return row && { marks: marksOf(row, roomId), unbatched };
}
