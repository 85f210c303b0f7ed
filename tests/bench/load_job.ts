/**
 * What a load process is told and what it tells.
 *
 * It is started with a {@linkcode LoadJob} as its argument. It writes a line
 * when all its connections are open. For each line that it reads it sends, and
 * writes a {@linkcode LoadResult} when all that it sent has arrived.
 *
 * @module
 */

import type { LatencyFacts } from "./latency.ts";
import type { MarkKind } from "./marker.ts";

export interface LoadJob {
  readonly port: number;
  /** The path of the upgrade; `{i}` is the connection's number. */
  readonly path: string;
  readonly protocol: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * What each says first, and then waits to be told of its room; `{i}` is the
   * connection's number. `null` where the path says who it is.
   */
  readonly firstFrame: string | null;
  /** Whether a sender hears itself. */
  readonly isEchoed: boolean;
  readonly connections: number;
  /** How many of them, the last, read nothing once all are open. */
  readonly stopped: number;
  /** The number of the first connection. */
  readonly firstIndex: number;
  /** The room that a read of a connection has, in bytes. */
  readonly readBytesMin: number;
  /** Time between two reads of a connection that only listens, in ms. */
  readonly readPauseMs: number;
  readonly sending: Sending | null;
}

/** The first connections send. */
export interface Sending {
  readonly senders: number;
  readonly kind: MarkKind;
  /** One frame; `{t}` is the marked text. */
  readonly frame: string;
  readonly isBinary: boolean;
  readonly pace: Pace;
  /** Sent before anything is measured, in ms. */
  readonly warmUpMs: number;
  readonly sendMs: number;
  /** Whose processor time is measured; `null` is nobody's. */
  readonly serverPid: number | null;
}

/**
 * A new message for each that was heard, by the sender or, where there is no
 * echo, by the next one; or one in a fixed time.
 */
export type Pace =
  | { readonly inFlight: number }
  | { readonly everyMs: number };

export interface LoadResult {
  readonly sent: number;
  /** Marks found on all connections. */
  readonly delivered: number;
  /** Marks that should have been found by those who read, and were not. */
  readonly missing: number;
  readonly frames: number;
  readonly bytes: number;
  /** Connections that the server closed. */
  readonly closed: number;
  /** From the first message sent to the last delivered. */
  readonly tookMs: number;
  readonly serverCpuSecs: number;
  readonly loadCpuSecs: number;
  /** Of all marks on connections that read without a pause. */
  readonly latency: LatencyFacts;
}
