/**
 * Viewers of a live room, from the side that starts them.
 *
 * @module
 */

import { Child } from "./child.ts";
import type { LatencyFacts } from "./latency.ts";

/** What the process is told. */
export interface ViewersJob {
  readonly port: number;
  readonly path: string;
  readonly viewers: number;
}

/** What was heard. */
export interface Heard {
  readonly viewers: number;
  /** Viewers that the server let go. */
  readonly closed: number;
  /** Of all of them. */
  readonly frames: number;
  /** Of each. */
  readonly chats: readonly number[];
  readonly gifts: readonly number[];
  /** Of the first: sums of what was told one by one or as a sum. */
  readonly likes: number;
  readonly members: number;
  readonly bursts: number;
  /** Of chats and gifts, from the upstream to the first viewer. */
  readonly latency: LatencyFacts;
}

export class ViewersProcess implements AsyncDisposable {
  readonly #child: Child;

  constructor(job: ViewersJob) {
    this.#child = new Child("tests/bench/live_viewers.ts", {
      args: [JSON.stringify(job)],
    });
  }

  /** Resolves once all of them are there. */
  async opened(): Promise<void> {
    await this.#child.line(/^ready$/);
  }

  /** What was heard since it was last asked this. */
  async takeHeard(): Promise<Heard> {
    await this.#child.go();
    const [line] = await this.#child.line(/^\{.*\}$/);
    return JSON.parse(line);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
