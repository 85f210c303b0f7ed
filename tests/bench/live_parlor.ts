/**
 * Parlor and its sources of live rooms, each in a process of its own.
 *
 * @module
 */

import { Child } from "./child.ts";
import { KEY_HEADERS, ParlorProcess } from "./parlor_process.ts";
import { pause } from "./pace.ts";

/** A message of a live room's log, as far as it is looked at. */
export interface KeptMessage {
  readonly seq: number;
  readonly at: number;
  readonly data: {
    readonly type: string;
    readonly id: string;
    /** Unix seconds with a fraction. */
    readonly timestamp: number;
    readonly count?: number;
  };
}

/** How a link stands, as far as it is looked at. */
export interface LinkFacts {
  readonly state: string;
  readonly "last_seq": number;
  readonly "reconnect_count": number;
}

export interface LiveParlorOptions {
  /** What is said by the sources, by their names: the query of an upstream. */
  readonly sources: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** Most messages of one page. */
const PAGE = 200;
const POLL_MS = 20;

/** With nothing kept for so long, what is missing will not come, in ms. */
const SILENCE_MS_MAX = 10_000;

/** An upstream that listens. */
interface Speaker {
  readonly child: Child;
  readonly port: number;
}

export class LiveParlor implements AsyncDisposable {
  readonly parlor: ParlorProcess;
  readonly #speakers: readonly Speaker[];

  constructor(parlor: ParlorProcess, speakers: readonly Speaker[]) {
    this.parlor = parlor;
    this.#speakers = speakers;
  }

  static async open(
    { sources, settings = {}, flags = [] }: LiveParlorOptions,
  ): Promise<LiveParlor> {
    const speakers: Speaker[] = [];
    const file = await Deno.makeTempFile({ suffix: ".json" });
    try {
      const urls: [name: string, url: string][] = [];
      for (const [name, query] of Object.entries(sources)) {
        const speaker = await newSpeaker();
        speakers.push(speaker);
        urls.push([name, urlOf(speaker, "{live_id}", query)]);
      }
      await Deno.writeTextFile(file, sourcesText(urls));
      const parlor = await ParlorProcess.start({
        LIVE_SOURCES_FILE: file,
        ...settings,
      }, flags);
      return new LiveParlor(parlor, speakers);
    } catch (error) {
      for (const { child } of speakers) await child[Symbol.asyncDispose]();
      throw error;
    } finally {
      await Deno.remove(file);
    }
  }

  get pid(): number {
    return this.parlor.pid;
  }

  /** Where an upstream says what a query asks for, to whoever connects. */
  upstreamUrl(liveId: string, query: string): string {
    const [speaker] = this.#speakers;
    if (speaker === undefined) {
      throw new Error("Cannot ask: no source is there");
    }
    return urlOf(speaker, liveId, query);
  }

  /** Has a live room listened to; resolves once it is. */
  async start(liveId: string, source: string): Promise<void> {
    await this.#ask("POST start", { "live_id": liveId, source });
    await this.#until(async () => (await this.link(liveId)).state === "live");
  }

  async stop(liveId: string): Promise<void> {
    await this.#ask("POST stop", { "live_id": liveId });
  }

  /** Lets the upstreams speak that wait. */
  async go(): Promise<void> {
    for (const { child } of this.#speakers) await child.go();
  }

  async link(liveId: string): Promise<LinkFacts> {
    return await this.#ask(`GET ${liveId}`);
  }

  /** Waits until a log has so many entries, and no longer than it grows. */
  async untilKept(liveId: string, count: number): Promise<void> {
    let seen = -1;
    let silentMs = 0;
    while (silentMs < SILENCE_MS_MAX) {
      const { last_seq: lastSeq } = await this.link(liveId);
      if (lastSeq >= count) return;
      silentMs = lastSeq === seen ? silentMs + POLL_MS : 0;
      seen = lastSeq;
      await pause(POLL_MS);
    }
  }

  /** The log of a live room, in order. */
  async *log(liveId: string): AsyncGenerator<KeptMessage> {
    let last = 0;
    for (;;) {
      const query = `after_seq=${last}&limit=${PAGE}`;
      const page = await this.#ask(`GET ${liveId}/messages?${query}`);
      const messages: readonly KeptMessage[] = page.messages;
      yield* messages;
      const newest = messages.at(-1)?.seq;
      if (newest === undefined || page["has_more"] === false) return;
      last = newest;
    }
  }

  /** What the server counts and times, as a scraper reads it. */
  async metrics(): Promise<string> {
    const url = `http://127.0.0.1:${this.parlor.port}/metrics`;
    const response = await fetch(url, { headers: KEY_HEADERS });
    return await response.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.parlor[Symbol.asyncDispose]();
    for (const { child } of this.#speakers) await child[Symbol.asyncDispose]();
  }

  /** @throws when it is refused. */
  async #ask(
    line: string,
    body?: object,
  ): Promise<Awaited<ReturnType<Response["json"]>>> {
    const [method = "GET", path = ""] = line.split(" ");
    const url = `http://127.0.0.1:${this.parlor.port}/api/live/${path}`;
    const response = await fetch(url, {
      method,
      headers: { ...KEY_HEADERS, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return await response.json();
    throw new Error(`Cannot ask "${line}": ${await response.text()}`);
  }

  async #until(isSo: () => Promise<boolean>): Promise<void> {
    for (let waitedMs = 0; waitedMs < SILENCE_MS_MAX; waitedMs += POLL_MS) {
      if (await isSo()) return;
      await pause(POLL_MS);
    }
    throw new Error("Cannot measure: a live room was not connected in time");
  }
}

async function newSpeaker(): Promise<Speaker> {
  const child = new Child("tests/bench/live_speaker.ts");
  try {
    return { child, port: await child.listeningPort() };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

function sourcesText(urls: readonly (readonly [string, string])[]): string {
  const entries = urls.map(([name, url]) => [name, { type: "websocket", url }]);
  return JSON.stringify({ sources: Object.fromEntries(entries) });
}

function urlOf({ port }: Speaker, liveId: string, query: string): string {
  return `ws://127.0.0.1:${port}/${liveId}?${query}`;
}
