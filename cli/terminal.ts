/**
 * The real process around the command line: streams, keyboard, signals, files.
 *
 * Everything that the command line takes from the runtime comes in here.
 *
 * @module
 */

import { SystemClock } from "../src/base/clock.ts";
import { readEnv } from "../src/env.ts";
import type {
  CliContext,
  Files,
  Keyboard,
  TerminalInput,
  TextOutput,
} from "./cli_context.ts";
import { openTextSocket } from "./text_socket.ts";

/** The context of this process, with the two things that it does not know. */
export function terminalContext(
  own: Pick<CliContext, "version" | "openOffline">,
): CliContext {
  return {
    ...own,
    stdout: textOutput(Deno.stdout),
    stderr: textOutput(Deno.stderr),
    keyboard,
    files,
    readEnv: () => readEnv(),
    clock: new SystemClock(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    fetch,
    openSocket: openTextSocket,
  };
}

/** The words behind the program's name. */
export function programWords(): readonly string[] {
  return Deno.args;
}

/** Ends the process; what was written is out by then. */
export function exitProcess(code: number): never {
  Deno.exit(code);
}

function textOutput(stream: typeof Deno.stdout): TextOutput {
  const encoder = new TextEncoder();
  let isOpen = true;
  return {
    isTerminal: stream.isTerminal(),
    hasColours: stream.isTerminal() && !Deno.noColor,
    get isOpen() {
      return isOpen;
    },
    write(text) {
      let bytes = encoder.encode(text);
      while (isOpen && bytes.length > 0) {
        try {
          bytes = bytes.subarray(stream.writeSync(bytes));
        } catch (error) {
          // `parlor … | head` closes the pipe when it has seen enough.
          if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
          isOpen = false;
        }
      }
    },
    size: () => stream.isTerminal() ? knownSize(Deno.consoleSize()) : undefined,
  };
}

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const keyboard: Keyboard = {
  listen(take: (input: TerminalInput) => void): Disposable {
    const stop = () => take({ kind: "stop" });
    const resize = () => take({ kind: "resize" });
    const signals = onStop(stop);
    Deno.addSignalListener("SIGWINCH", resize);
    const isTyped = Deno.stdin.isTerminal();
    if (isTyped) {
      Deno.stdin.setRaw(true);
      readKeys(take).catch(stop);
    }
    return {
      [Symbol.dispose]() {
        if (isTyped) Deno.stdin.setRaw(false);
        signals[Symbol.dispose]();
        Deno.removeSignalListener("SIGWINCH", resize);
      },
    };
  },
  onStop,
};

function onStop(stop: () => void): Disposable {
  for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, stop);
  return {
    [Symbol.dispose]() {
      for (const signal of STOP_SIGNALS) {
        Deno.removeSignalListener(signal, stop);
      }
    },
  };
}

/** Reads until the input ends. The last read waits until the process ends. */
async function readKeys(take: (input: TerminalInput) => void): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64);
  for (;;) {
    const length = await Deno.stdin.read(buffer);
    if (length === null) return take({ kind: "stop" });
    for (const key of decoder.decode(buffer.subarray(0, length))) {
      take({ kind: "key", key });
    }
  }
}

const files: Files = {
  async exists(path) {
    try {
      await Deno.lstat(path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  },
  readText: (path) => Deno.readTextFile(path),
  async create(path, bytes) {
    const partial = `${path}.partial`;
    try {
      const file = await Deno.open(partial, {
        write: true,
        create: true,
        truncate: true,
        mode: 0o600,
      });
      await bytes.pipeTo(file.writable);
      await Deno.rename(partial, path);
    } catch (error) {
      await bytes.cancel().catch(() => {});
      await Deno.remove(partial).catch(() => {});
      throw error;
    }
  },
};

/** A terminal that nobody gave a size says that it has no cells. */
export function knownSize(
  size: { readonly columns: number; readonly rows: number },
): typeof size | undefined {
  return size.columns > 0 && size.rows > 0 ? size : undefined;
}
