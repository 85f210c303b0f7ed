/**
 * A command line whose process is made of memory.
 *
 * @module
 */

import type {
  CliContext,
  Files,
  Keyboard,
  TerminalInput,
  TextOutput,
} from "../../cli/cli_context.ts";
import type { ExitCode } from "../../cli/cli_error.ts";
import { runCli } from "../../cli/run_cli.ts";
import { type OpenSocket, openTextSocket } from "../../cli/text_socket.ts";
import type { OpenOffline } from "../../cli/transport.ts";
import type { Env } from "../../src/config.ts";
import { FakeClock } from "./fake_clock.ts";

/** A stream that keeps what was written. */
export class FakeOutput implements TextOutput {
  text = "";
  /** Set for a terminal. */
  cells: { columns: number; rows: number } | undefined;

  /** Set as `NO_COLOR` does. */
  isPlain = false;
  /** Unset as a closed pipe does. */
  isOpen = true;

  get hasColours(): boolean {
    return this.isTerminal && !this.isPlain;
  }

  get isTerminal(): boolean {
    return this.cells !== undefined;
  }

  write(text: string): void {
    this.text += text;
  }

  size(): { columns: number; rows: number } | undefined {
    return this.cells;
  }

  /** What was written since the last call. */
  take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }
}

/** A keyboard that a test presses. */
export class FakeKeyboard implements Keyboard {
  #take: ((input: TerminalInput) => void) | undefined;

  get isListening(): boolean {
    return this.#take !== undefined;
  }

  send(input: TerminalInput): void {
    this.#take?.(input);
  }

  listen(take: (input: TerminalInput) => void): Disposable {
    this.#take = take;
    return { [Symbol.dispose]: () => this.#take = undefined };
  }

  onStop(stop: () => void): Disposable {
    return this.listen((input) => input.kind === "stop" && stop());
  }
}

/** Files by path. */
export class FakeFiles implements Files {
  readonly byPath = new Map<string, Uint8Array>();

  addText(path: string, text: string): void {
    this.byPath.set(path, new TextEncoder().encode(text));
  }

  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.byPath.has(path));
  }

  readText(path: string): Promise<string> {
    const bytes = this.byPath.get(path);
    return bytes === undefined
      ? Promise.reject(new Error("No such file"))
      : Promise.resolve(new TextDecoder().decode(bytes));
  }

  async create(
    path: string,
    bytes: ReadableStream<Uint8Array>,
  ): Promise<void> {
    const chunks = await Array.fromAsync(bytes);
    const whole = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
    this.byPath.set(path, whole);
  }
}

/** What a test may set. */
export interface FakeCliOptions {
  readonly env?: Env;
  readonly envWarnings?: readonly string[];
  readonly terminal?: { columns: number; rows: number };
  readonly openOffline?: OpenOffline;
  readonly timeZone?: string;
  readonly fetch?: CliContext["fetch"];
  readonly openSocket?: OpenSocket;
}

/** A context of fakes, and the command line in it. */
export class FakeCli implements CliContext {
  readonly version = "9.8.7";
  readonly stdout = new FakeOutput();
  readonly stderr = new FakeOutput();
  readonly keyboard = new FakeKeyboard();
  readonly files = new FakeFiles();
  readonly clock = new FakeClock();
  readonly timeZone: string;
  readonly fetch: CliContext["fetch"];
  readonly openSocket: OpenSocket;
  readonly openOffline: OpenOffline;
  readonly #options: FakeCliOptions;

  constructor(options: FakeCliOptions = {}) {
    this.#options = options;
    this.timeZone = options.timeZone ?? "Asia/Shanghai";
    this.fetch = options.fetch ?? fetch;
    this.openSocket = options.openSocket ?? openTextSocket;
    this.stdout.cells = options.terminal;
    this.openOffline = options.openOffline ??
      (() => Promise.reject(new Error("Nothing may be opened here")));
  }

  readEnv(): { env: Env; warnings: readonly string[] } {
    const { env = {}, envWarnings = [] } = this.#options;
    return { env, warnings: envWarnings };
  }

  /** Runs words and answers the exit code with what was printed. */
  async run(
    ...args: string[]
  ): Promise<{ code: ExitCode; out: string; err: string }> {
    const code = await runCli(args, this);
    return { code, out: this.stdout.take(), err: this.stderr.take() };
  }
}
