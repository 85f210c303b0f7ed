/**
 * A server in a process of its own whose live rooms come from an upstream of
 * the test, and what must hold of them across its lives.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Json } from "./live_client.ts";
import type { LiveUpstream } from "./live_upstream.ts";
import type { UpstreamConnection } from "./live_upstream_connection.ts";
import type { ProcessOptions } from "./server_process.ts";
import { askApi } from "./test_app.ts";
import { eventually } from "./within.ts";

/** Messages that an upstream tells again to whoever connects. */
const RESENT = 20;

/** Most entries of one page of messages. */
const PAGE_MAX = 200;

/**
 * A server in `cwd` with the source `demo`, which is the default.
 *
 * @param source fields of the source in place of single ones.
 */
export function liveProcess(
  cwd: string,
  upstream: LiveUpstream,
  { source = {}, env = {} }: {
    readonly source?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): ProcessOptions {
  const demo = { type: "websocket", url: upstream.url(), ...source };
  const text = JSON.stringify({ sources: { demo } });
  Deno.writeTextFileSync(`${cwd}/sources.json`, text);
  const settings = {
    LIVE_SOURCES_FILE: "sources.json",
    LIVE_DEFAULT_SOURCE: "demo",
    LIVE_BACKOFF_JITTER: "0",
  };
  return { cwd, env: { ...settings, ...env } };
}

/** Has a server start or stop a live room. */
export async function order(
  server: string,
  what: "start" | "stop",
  liveId: string,
): Promise<void> {
  const body = { "live_id": liveId };
  const answer = await askApi(server, `POST /api/live/${what}`, { body });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}

/** All that a server knows of a link. */
export async function askLink(server: string, liveId: string): Promise<Json> {
  const { status, body } = await askApi(server, `GET /api/live/${liveId}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Waits until a link is in one of these states. */
export async function untilState(
  server: string,
  liveId: string,
  ...states: string[]
): Promise<Json> {
  let link: Json;
  return await eventually(async () => {
    link = await askLink(server, liveId);
    return states.includes(link.state) && link;
  }, { what: () => `${liveId} to be ${states}, not ${link?.state}` });
}

/** Waits until a link has counted so many messages. */
export async function untilCounted(
  server: string,
  liveId: string,
  messages: number,
): Promise<void> {
  let link: Json;
  await eventually(async () => {
    link = await askLink(server, liveId);
    return link.stats.messages >= messages;
  }, { what: () => `${messages} messages, not ${link?.stats.messages}` });
  assert.equal(link.stats.messages, messages);
}

/** The whole log of a live room; its numbers go on by one. */
export async function readLiveLog(
  server: string,
  liveId: string,
): Promise<Json[]> {
  const entries: Json[] = [];
  for (let hasMore = true; hasMore;) {
    const after = entries.at(-1)?.seq ?? 0;
    const path = `/api/live/${liveId}/messages?after_seq=${after}`;
    const { body } = await askApi(server, `GET ${path}&limit=${PAGE_MAX}`);
    entries.push(...body.messages);
    hasMore = body.has_more;
  }
  const numbers = entries.map(({ seq }) => seq);
  assert.deepEqual(numbers, entries.map((_, index) => index + 1), "a gap");
  return entries;
}

/** Asserts that what a link has counted is what its room's log holds. */
export function assertCounted(
  { stats }: Json,
  log: readonly Json[],
): void {
  const data = log.map((entry) => entry.data);
  const ofType = (type: string) => data.filter((one) => one.type === type);
  const sum = (type: string, field: string) =>
    ofType(type).reduce((total, one) => total + one[field], 0);
  assert.deepEqual(
    [stats.messages, stats.chats, stats.gifts, stats.likes, stats.members],
    [
      data.length,
      ofType("chat").length,
      sum("gift", "gift_count"),
      sum("like", "count"),
      ofType("member").length,
    ],
  );
}

/**
 * What one live room says over all connections to it. Whoever connects is told
 * the last messages again, as platforms do.
 */
export class ResentFeed {
  readonly said: { readonly id: string }[] = [];
  readonly #upstream: LiveUpstream;
  readonly #liveId: string;
  #connection: UpstreamConnection | undefined;

  constructor(upstream: LiveUpstream, liveId: string) {
    this.#upstream = upstream;
    this.#liveId = liveId;
  }

  /** Takes the next connection to the room. */
  async connected(): Promise<void> {
    this.#connection = await this.#upstream.connection(this.#liveId);
    for (const message of this.said.slice(-RESENT)) {
      this.#connection.send(message);
    }
  }

  /** Says something to who is connected, if anybody is. */
  say(message: { readonly id: string }): void {
    this.said.push(message);
    this.#connection?.send(message);
  }
}
