/**
 * One room's history, a page at a time, for a backend that pulls it.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import {
  type ChatRecord,
  chatRecord,
  durationSecs,
  type SessionRecord,
  sessionRecord,
} from "../callback/record_body.ts";
import type { PageQuery, SessionRow } from "../store/store.ts";
import type { HistoryStore } from "./ports.ts";
import { type PageBody, pageBody, type PageSize } from "./page.ts";

/** The seed's pages of chat (COMPAT 2.2). */
export const CHAT_PAGE: PageSize = { limitDefault: 1000, limitMax: 10_000 };
/** The seed's pages of stays. */
export const SESSION_PAGE: PageSize = { limitDefault: 500, limitMax: 5000 };

/** A stay with what only the operator may see; instants in epoch ms. */
export interface StayRecord {
  readonly session_id: string;
  readonly user_id: string;
  readonly nickname: string;
  readonly ip: string;
  readonly joined_at: number;
  readonly left_at: number | null;
  readonly duration_seconds: number | null;
  readonly close_code: number | null;
}

/** Chat messages, newest first. */
export async function chatPage(
  store: HistoryStore,
  roomId: string,
  query: PageQuery,
): Promise<PageBody<ChatRecord>> {
  const page = await store.chat(roomId, query);
  return pageBody(roomId, { page, query, record: chatRecord });
}

/** Stays that ended, newest first. */
export async function sessionPage(
  store: HistoryStore,
  roomId: string,
  query: PageQuery,
): Promise<PageBody<SessionRecord>> {
  const page = await store.sessions(roomId, { ...query, closedOnly: true });
  return pageBody(roomId, { page, query, record: sessionRecord });
}

/** All stays, newest first, those that go on too. */
export async function stayPage(
  store: HistoryStore,
  roomId: string,
  query: PageQuery,
): Promise<PageBody<StayRecord>> {
  const page = await store.sessions(roomId, { ...query, closedOnly: false });
  return pageBody(roomId, { page, query, record: stayRecord });
}

function stayRecord(row: SessionRow): StayRecord {
  return {
    session_id: row.id,
    user_id: row.userId,
    nickname: row.nickname,
    ip: row.ip,
    joined_at: row.joinedAt,
    left_at: row.leftAt,
    duration_seconds: durationSecs(row),
    close_code: row.closeCode,
  };
}
