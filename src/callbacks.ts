/**
 * What tells a backend of everything: outbox, dispatcher, runs, stream.
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import { inTime } from "./base/deadline.ts";
import type { Ids } from "./base/ids.ts";
import type { Log } from "./base/log.ts";
import type { Metrics } from "./base/metrics.ts";
import { Bodies, type LiveRooms } from "./callback/bodies.ts";
import { Dispatcher } from "./callback/dispatcher.ts";
import { EventStream } from "./callback/event_stream.ts";
import { BATCH_BYTES_MAX, HistoryRuns } from "./callback/history_runs.ts";
import type { Outbox } from "./callback/outbox.ts";
import { newPost } from "./callback/post.ts";
import { Retention } from "./callback/retention.ts";
import { newSendSample, type SampleResult } from "./callback/sample.ts";
import { newSigner } from "./callback/signer.ts";
import type { Config } from "./config.ts";
import { StoreError } from "./store/store.ts";
import { type CallbackPlan, ENDPOINT_NAMES } from "./wire/callback.ts";
import type { EntryKind } from "./wire/entry.ts";
import type { DurableRecord } from "./wire/record.ts";
import { VERSION } from "./version.ts";

/** What callbacks are made of. */
export interface CallbacksOptions {
  readonly config: Config["callback"];
  readonly outbox: Outbox;
  readonly live: LiveRooms;
  /** Brings what is pending to the database. */
  readonly flush: () => Promise<void>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The parts that the rest of the server asks. */
export interface Callbacks {
  readonly dispatcher: Dispatcher;
  readonly letters: Pick<Outbox, "dead" | "replay">;
  readonly retention: Retention;
  readonly runs: HistoryRuns;
  readonly stream: EventStream;
  /** Sends a sample. @throws {ChatError} `host_refused`. */
  sample(url: string): Promise<SampleResult>;
  /** Begins to deliver, and tells of what the last run could not. */
  start(): void;
  /**
   * Finishes the runs that were asked for. Once started it also queues what was
   * not told yet and delivers what is due; all until a deadline, in ms from
   * now. The rest waits in the database.
   */
  stop(msMax: number): Promise<void>;
}

/** Which events the database writes for delivery. */
export function callbackPlan(
  { hasExtra, urls }: Config["callback"],
): CallbackPlan {
  const named = ENDPOINT_NAMES.filter((name) => urls[name] !== undefined);
  return { endpoints: new Set(named), hasExtra };
}

/**
 * Which records an endpoint waits for: those that make an event at once.
 *
 * @returns `undefined` when there is no such endpoint.
 */
export function urgency(
  { endpoints }: CallbackPlan,
): { isUrgent?: (record: DurableRecord) => boolean } {
  if (!endpoints.has("room-events") && !endpoints.has("sync")) return {};
  return {
    isUrgent: (record) =>
      record.type !== "entry" || !EVENTLESS.has(record.entry.kind),
  };
}

/** What is said in rooms, by people, devices or from outside. */
const EVENTLESS: ReadonlySet<EntryKind> = new Set([
  "message",
  "relay",
  "live",
]);

/** Puts them together and reads what is remembered of the endpoints. */
export async function openCallbacks(
  options: CallbacksOptions,
): Promise<Callbacks> {
  const { clock, config, outbox } = options;
  const post = newPost({
    ...options,
    ...config,
    sign: newSigner(config.secrets),
    userAgent: `Parlor/${VERSION}`,
  });
  const bodies = new Bodies({ ...options, records: outbox });
  const dispatcher = new Dispatcher({
    ...options,
    urls: config.urls,
    queue: outbox,
    endpoints: outbox,
    bodies,
    isStoreFailure: (error) => error instanceof StoreError,
    post,
    retry: config,
  });
  const runs = new HistoryRuns({
    ...options,
    source: outbox,
    wake: () => dispatcher.wake(),
    size: {
      chatMax: config.chatBatchMax,
      sessionMax: config.sessionBatchMax,
      bytesMax: BATCH_BYTES_MAX,
    },
    hasPeriodic: config.urls["periodic-sync"] !== undefined,
    hasSync: config.urls.sync !== undefined,
  });
  const sendSample = newSendSample({ ...options, ...config, post });
  const aborter = new AbortController();
  let isStarted = false;
  await dispatcher.open();
  return {
    dispatcher,
    letters: outbox,
    retention: new Retention({ ...options, ...config, events: outbox }),
    runs,
    stream: new EventStream({ log: outbox, bodies }),
    sample: (url) => sendSample(url, aborter.signal),
    start: () => {
      isStarted = true;
      dispatcher.start();
      void firstRuns(runs, options);
    },
    stop: async (msMax) => {
      aborter.abort();
      const deadlineMs = clock.monotonic() + msMax;
      if (msMax > 0) {
        const told = isStarted ? lastRuns(runs, options) : runs.idle();
        await inTime(told, { clock, msMax, late: undefined });
      }
      await runs.stop();
      await dispatcher.drain(Math.max(0, deadlineMs - clock.monotonic()));
      await dispatcher.stop();
    },
  };
}

/** What a crash kept from being told; and the seed's first sync, at start. */
async function firstRuns(
  runs: HistoryRuns,
  { config, log }: CallbacksOptions,
): Promise<void> {
  try {
    await runs.closings();
    if (config.syncMs > 0) await runs.snapshots();
  } catch (error) {
    log.warn("Put off the first callbacks to the next interval", {
      event: "callback_first_runs_failed",
      error,
    });
  }
}

/** What a backend would hear at the next interval, it hears now. */
async function lastRuns(
  runs: HistoryRuns,
  { log }: CallbacksOptions,
): Promise<void> {
  try {
    await runs.closings();
    await runs.chat();
    await runs.session();
  } catch (error) {
    log.warn("Left the last batches for the next start", {
      event: "callback_last_runs_failed",
      error,
    });
  }
}
