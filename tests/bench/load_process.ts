/**
 * A load process, from the side that starts it.
 *
 * @module
 */

import { Child } from "./child.ts";
import type { LoadJob, LoadResult } from "./load_job.ts";
import type { BenchServer } from "./servers.ts";

const CHAT_FRAME = '{"type":"SendMessage","payload":{"content":"{t}"}}';

export class LoadProcess implements AsyncDisposable {
  readonly #child: Child;

  constructor(job: LoadJob) {
    this.#child = new Child("tests/bench/load.ts", {
      args: [JSON.stringify(job)],
    });
  }

  /** Resolves once all connections are open. */
  async opened(): Promise<void> {
    await this.#child.line(/^ready$/);
  }

  /** Lets it send, again if it did; resolves once all that has arrived. */
  async run(): Promise<LoadResult> {
    await this.#child.go();
    const [line] = await this.#child.line(/^\{.*\}$/);
    return JSON.parse(line);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}

/** A job that listens; what it sends and how, the caller adds. */
export function listeningJob(
  { port, path }: Pick<BenchServer, "port" | "path">,
  connections: number,
): LoadJob {
  return {
    port,
    path,
    protocol: null,
    headers: {},
    firstFrame: null,
    isEchoed: true,
    connections,
    stopped: 0,
    firstIndex: 0,
    readBytesMin: 16_384,
    readPauseMs: 25,
    sending: null,
  };
}

/** A job of devices that all come into one room. */
export function deviceJob(
  server: Pick<BenchServer, "port" | "path">,
  connections: number,
): LoadJob {
  return {
    ...listeningJob(server, connections),
    firstFrame: JSON.stringify({
      "identity": "bench",
      "device_id": "device{i}",
      "room_id": "bench",
    }),
    isEchoed: false,
  };
}

/** What senders of chat say. */
export const CHAT = { kind: "T", frame: CHAT_FRAME, isBinary: false } as const;
