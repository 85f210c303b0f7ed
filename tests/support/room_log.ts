/**
 * A room's log as a server tells it, and what must hold of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { askApi } from "./test_app.ts";
import type { Frame, WsClient } from "./ws_client.ts";

/** Reads every entry after a number, over HTTP. */
export async function readLog(
  server: string,
  roomId: string,
  afterSeq = 0,
): Promise<Frame[]> {
  const entries: Frame[] = [];
  for (let hasMore = true; hasMore;) {
    const last = entries.at(-1)?.seq ?? afterSeq;
    const path = `/management/rooms/${roomId}/messages?after_seq=${last}`;
    const { status, body } = await askApi(server, `GET ${path}&limit=200`);
    assert.equal(status, 200, JSON.stringify(body));
    entries.push(...body.entries);
    hasMore = body.has_more;
  }
  return entries;
}

/** Asserts that the numbers go on by one from `afterSeq`. */
export function assertNoGap(log: readonly Frame[], afterSeq = 0): void {
  let wanted = afterSeq;
  for (const { seq } of log) assert.equal(seq, wanted += 1, "a gap in seq");
}

/**
 * Asserts that the log has each message that a client was told is accepted, by
 * an `Ack` or by hearing it, under the same number and id.
 */
export function assertKept(log: readonly Frame[], client: WsClient): void {
  const idOf = new Map(log.map(({ seq, id }) => [seq, id]));
  for (const frame of client.received) {
    const { type, payload } = frame;
    const promised = type === "Ack" ? payload : frame;
    if (type !== "Ack" && frame.seq === undefined) continue;
    const { seq, id } = promised ?? {};
    assert.equal(idOf.get(seq as number), id, `lost: ${JSON.stringify(frame)}`);
  }
}

/** Asserts that no send was accepted twice. */
export function assertSentOnce(log: readonly Frame[]): void {
  const names = log.flatMap(({ type, payload, client_msg_id: name }) =>
    type === "Message" && name !== undefined
      ? [`${payload?.["from"]} ${name}`]
      : []
  );
  assert.equal(new Set(names).size, names.length, "a send was accepted twice");
}
