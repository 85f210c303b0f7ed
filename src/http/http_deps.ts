/**
 * Everything that the HTTP API is built from.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { ApiKey } from "../identity/api_key.ts";
import type {
  CallbackDesk,
  DeadLetters,
  DeviceDesk,
  EventPages,
  HistoryStore,
  HttpLimits,
  LiveDeps,
  Minter,
  Recorder,
  RoomDirectory,
  SampleSender,
  ServerFacts,
  SyncRequests,
} from "./ports.ts";
import type { Readiness } from "./health.ts";
import type { CleanupDesk } from "./cleanup_desk.ts";
import type { ToolsDeps } from "./tools/tools_deps.ts";
import type { UploadDeps } from "./tools/upload_routes.ts";

/** What each group of routes takes its part of. */
export interface HttpDeps {
  readonly apiKey: ApiKey;
  readonly callbacks: CallbackDesk;
  readonly clock: Clock;
  readonly devices: DeviceDesk;
  readonly events: EventPages;
  readonly letters: DeadLetters;
  readonly limits: HttpLimits;
  readonly live: LiveDeps;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly minter: Minter;
  readonly readiness: Readiness;
  readonly recorder: Recorder;
  readonly rooms: RoomDirectory;
  readonly samples: SampleSender;
  readonly server: ServerFacts;
  readonly store: HistoryStore;
  readonly sync: SyncRequests;
  /** A consistent copy of the database. */
  readonly backup: () => Promise<ReadableStream<Uint8Array>>;
  /** Ends what is due, and says why a room stays. */
  readonly cleanup: CleanupDesk;
  /** What users call, with their pages. */
  readonly tools: ToolsDeps & UploadDeps;
}
