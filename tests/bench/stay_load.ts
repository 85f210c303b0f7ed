/**
 * Users who join rooms and soon leave them, and when each did.
 *
 * @module
 */

import { Latencies, type LatencyFacts } from "./latency.ts";
import { openConnection, silentEar } from "./load_connection.ts";
import { listeningJob } from "./load_process.ts";
import { nowMicros } from "./marker.ts";
import { atPace, type PaceOptions, pause } from "./pace.ts";
import type { ParlorProcess } from "./parlor_process.ts";
import { eventKey, type SinkNotes } from "./sink_process.ts";

/** How long a user stays, in ms. */
const STAY_MS = 500;

/** How long events took from their cause to the receiver. */
export interface EventDelays extends LatencyFacts {
  /** Events that did not come. */
  readonly missing: number;
}

/** Room events of one server: half of them joins, half of them leaves. */
export class StayLoad {
  readonly #parlor: ParlorProcess;
  readonly #roomIds: readonly string[];
  readonly #causes = new Map<string, number>();
  #users = 0;
  #failure: Error | undefined;

  constructor(parlor: ParlorProcess, roomIds: readonly string[]) {
    this.#parlor = parlor;
    this.#roomIds = roomIds;
  }

  /**
   * Causes so many events, an even number, a room after the other.
   *
   * @returns how long it took, in ms.
   * @throws when a user cannot join.
   */
  async cause({ count, perSec }: PaceOptions): Promise<number> {
    const startedMs = performance.now();
    const stays: Promise<void>[] = [];
    const pace = { count: count / 2, perSec: perSec / 2 };
    await atPace(pace, () => void stays.push(this.#stay()));
    await Promise.all(stays);
    if (this.#failure !== undefined) throw this.#failure;
    return performance.now() - startedMs;
  }

  /** Compares what was caused since it was last asked with what came of it. */
  takeDelays({ arrivals }: SinkNotes): EventDelays {
    const latencies = new Latencies();
    for (const [key, micros] of arrivals) {
      const causedMicros = this.#causes.get(key);
      if (causedMicros === undefined) continue;
      latencies.add(micros - causedMicros);
      this.#causes.delete(key);
    }
    const missing = this.#causes.size;
    this.#causes.clear();
    return { ...latencies.facts(), missing };
  }

  async #stay(): Promise<void> {
    const index = this.#users++;
    const userId = `guest${index}`;
    const roomId = this.#roomIds[index % this.#roomIds.length] ?? "";
    const path = `${this.#parlor.path(roomId)}?user_id=${userId}&nickname=G`;
    const job = listeningJob({ port: this.#parlor.port, path }, 1);
    try {
      this.#causes.set(eventKey("UserJoined", userId), nowMicros());
      const connection = await openConnection(job, index);
      void connection.listen(silentEar, () => undefined);
      await pause(STAY_MS);
      this.#causes.set(eventKey("UserLeft", userId), nowMicros());
      connection.close();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(`${error}`);
    }
  }
}
