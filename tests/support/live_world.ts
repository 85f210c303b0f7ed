/**
 * The real server with a source that the test has in its hand: what is sent,
 * what misbehaves, and how time goes on.
 *
 * Time stands still unless a test moves it, and what goes over sockets is
 * real: so a test waits for the event, and then moves time.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Env } from "../../src/config.ts";
import {
  type Json,
  LiveClient,
  liveUrl,
  type WatchOptions,
} from "./live_client.ts";
import {
  type LiveUpstream,
  type LiveUpstreamOptions,
  startLiveUpstream,
} from "./live_upstream.ts";
import type { UpstreamConnection } from "./live_upstream_connection.ts";
import { TempFolder } from "./temp_folder.ts";
import { newTestApp, type TestApp, type TestAppOptions } from "./test_app.ts";
import { eventually } from "./within.ts";

/** The longest step of the clock: leases are renewed between two, in ms. */
const STEP_MS = 5000;

/** Most entries of one page of messages. */
const PAGE_MAX = 200;

/** The ladder's exact waits, and no pings that time outruns. */
const SETTINGS: Env = {
  LIVE_DEFAULT_SOURCE: "demo",
  LIVE_BACKOFF_JITTER: "0",
  LIVE_PING_SECONDS: "0",
  LIVE_STALL_SECONDS: "0",
  WS_FLUSH_INTERVAL: "3600",
};

/** What a world is made with. */
export interface LiveWorldOptions extends TestAppOptions {
  readonly settings?: Env;
  readonly upstream?: LiveUpstreamOptions;
  /** Whether the source has a status to ask for. */
  readonly hasStatus?: boolean;
  /** Fields of the source `demo`, in place of single ones. */
  readonly source?: Readonly<Record<string, unknown>>;
}

/** Starts an upstream, and a server that has it for its source `demo`. */
export async function newLiveWorld(
  options: LiveWorldOptions = {},
): Promise<LiveWorld> {
  const upstream = startLiveUpstream(options.upstream);
  const folder = new TempFolder();
  try {
    const app = await newTestApp({
      ...SETTINGS,
      LIVE_SOURCES_FILE: writeSources(folder, upstream, options),
      ...options.settings,
    }, options);
    return new LiveWorld({ app, folder, upstream });
  } catch (error) {
    await upstream[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
    throw error;
  }
}

/** Writes a file of sources; returns its path. */
export function writeSources(
  folder: TempFolder,
  upstream: LiveUpstream,
  { hasStatus = false, source = {} }: LiveWorldOptions = {},
): string {
  const status = {
    url: upstream.statusUrl(),
    field: "room.status",
    live: [0],
    ended: [2],
  };
  const demo = {
    type: "websocket",
    url: upstream.url(),
    ...(hasStatus ? { status } : {}),
    ...source,
  };
  const file = folder.file("sources.json");
  Deno.writeTextFileSync(file, JSON.stringify({ sources: { demo } }));
  return file;
}

interface Parts {
  readonly app: TestApp;
  readonly folder: TempFolder;
  readonly upstream: LiveUpstream;
}

export class LiveWorld implements AsyncDisposable {
  readonly app: TestApp;
  readonly upstream: LiveUpstream;
  readonly #folder: TempFolder;
  readonly #viewers: LiveClient[] = [];

  constructor({ app, folder, upstream }: Parts) {
    this.app = app;
    this.upstream = upstream;
    this.#folder = folder;
  }

  /** Asks for a live room, and has what that is answered. */
  async post(what: "start" | "stop", liveId: unknown): Promise<Json> {
    const body = { "live_id": liveId };
    return await this.app.api(`POST /api/live/${what}`, { body });
  }

  /** Starts a live room, which connects. */
  async start(liveId: string): Promise<UpstreamConnection> {
    const { status, body } = await this.post("start", liveId);
    assert.equal(status, 200, JSON.stringify(body));
    return await this.connected(liveId);
  }

  /** The next connection to a live room, once the server knows of it too. */
  async connected(liveId: string): Promise<UpstreamConnection> {
    const connection = await this.upstream.connection(liveId);
    await this.expectState(liveId, "live");
    return connection;
  }

  /** All that is known of a link. */
  async ask(liveId: string): Promise<Json> {
    const { status, body } = await this.app.api(`GET /api/live/${liveId}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** Waits until a link is in a state; returns all that is known of it. */
  async expectState(liveId: string, state: string): Promise<Json> {
    let link: Json;
    return await eventually(async () => {
      link = await this.ask(liveId);
      return link.state === state && link;
    }, { what: () => `${state}, not ${JSON.stringify(link)}` });
  }

  /** Waits until the log of a live room ends with a number. */
  async expectKept(liveId: string, lastSeq: number): Promise<void> {
    let link: Json;
    await eventually(async () => {
      link = await this.ask(liveId);
      return link.last_seq >= lastSeq;
    }, { what: () => `seq ${lastSeq}, not ${link.last_seq}` });
    assert.equal(link.last_seq, lastSeq);
  }

  /** Watches a live room; the client is closed with the world. */
  async watch(liveId: string, options: WatchOptions = {}): Promise<LiveClient> {
    const url = liveUrl(this.app.url, liveId, options);
    const viewer = await LiveClient.open(url, options);
    this.#viewers.push(viewer);
    return viewer;
  }

  /** The whole log of a live room, as viewers read it; checks its numbers. */
  async log(liveId: string): Promise<Json[]> {
    const entries: Json[] = [];
    for (let hasMore = true; hasMore;) {
      const after = entries.at(-1)?.seq ?? 0;
      const path = `/api/live/${liveId}/messages?after_seq=${after}`;
      const answer = await this.app.api(`GET ${path}&limit=${PAGE_MAX}`);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      entries.push(...answer.body.messages);
      hasMore = answer.body.has_more;
    }
    const numbers = entries.map(({ seq }) => seq);
    assert.deepEqual(numbers, entries.map((_, index) => index + 1), "a gap");
    return entries;
  }

  /** What was chatted in a live room, from its log. */
  async logged(liveId: string): Promise<string[]> {
    const log = await this.log(liveId);
    return log.map(({ data }) => data.content).filter((one) => one);
  }

  /** Lets time go on, and the database answer what it is asked meanwhile. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await this.app.clock.advance(Math.min(left, STEP_MS));
      await this.settled();
    }
  }

  /** The database has answered all that it was asked so far. */
  async settled(): Promise<void> {
    // Answers come in order: after this one all those before it are there.
    await this.app.app.core.store.dropLeases("nobody", ["none"]);
    await this.app.clock.advance(0);
  }

  /** Lines of the log that tell of an event. */
  linesOf(event: string): string[] {
    return this.app.log.lines.filter(({ fields }) => fields["event"] === event)
      .map(({ line }) => line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const viewer of this.#viewers) await viewer.close();
    await this.app[Symbol.asyncDispose]();
    await this.upstream[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

/** A chat as an upstream says it. */
export function chat(content: string, more: object = {}): object {
  return {
    type: "chat",
    id: `id-${content}`,
    "user_id": "7001",
    "user_name": "小雨",
    content,
    "user_avatar": "",
    ...more,
  };
}

/** A like as an upstream says it. */
export function like(id: string, count: number): object {
  return {
    type: "like",
    id,
    "user_id": "7002",
    "user_name": "Alice",
    count,
    "user_avatar": "",
  };
}

/** A gift as an upstream says it. */
export function gift(id: string, count = 1): object {
  return {
    type: "gift",
    id,
    "user_id": "7003",
    "user_name": "老王",
    "gift_name": "玫瑰",
    "gift_count": count,
    "user_avatar": "",
  };
}
