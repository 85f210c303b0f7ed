/**
 * Everything around the command line that a test replaces.
 *
 * Commands touch nothing of the runtime but through these; `terminal.ts` makes
 * them from the real process.
 *
 * @module
 */

import type { Clock } from "../src/base/clock.ts";
import type { EnvSource } from "../src/env.ts";
import type { Fetch } from "./http_transport.ts";
import type { OpenSocket } from "./text_socket.ts";
import type { OpenOffline } from "./transport.ts";

/** One of the two output streams. */
export interface TextOutput {
  /** Whether a person sees it as it is written. */
  readonly isTerminal: boolean;
  /** Whether colours are wanted: on a terminal, unless `NO_COLOR` is set. */
  readonly hasColours: boolean;
  /** Whether somebody still reads; known from the last write. */
  readonly isOpen: boolean;
  write(text: string): void;
  /**
   * The terminal's size in cells; `undefined` when it is not a terminal, or one
   * that does not say.
   */
  size(): { readonly columns: number; readonly rows: number } | undefined;
}

/** What reaches a command that holds the terminal. */
export type TerminalInput =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "stop" }
  | { readonly kind: "resize" };

/** The keyboard and the signals. */
export interface Keyboard {
  /**
   * Hands over each key as it is pressed, unechoed; Ctrl-C is `\x03`. A signal
   * to stop arrives as `stop`. Disposing gives the terminal back as it was.
   */
  listen(take: (input: TerminalInput) => void): Disposable;
  /**
   * Calls on each signal to stop, Ctrl-C among them. The terminal stays as it
   * is, so that a command without keys runs in the background too.
   */
  onStop(stop: () => void): Disposable;
}

/** The files that commands read and write. */
export interface Files {
  exists(path: string): Promise<boolean>;
  readText(path: string): Promise<string>;
  /** Writes a new file; fails when there is one, and leaves none on failure. */
  create(path: string, bytes: ReadableStream<Uint8Array>): Promise<void>;
}

/** The process around the command line. */
export interface CliContext {
  /** Parlor's own version. */
  readonly version: string;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly keyboard: Keyboard;
  readonly files: Files;
  /** The environment's variables over those of the `.env` file. */
  readEnv(): EnvSource;
  readonly clock: Clock;
  /** The host's zone, an IANA name. */
  readonly timeZone: string;
  readonly fetch: Fetch;
  readonly openSocket: OpenSocket;
  readonly openOffline: OpenOffline;
}
