/**
 * The real program in a process of its own, to be stopped, killed and starved.
 *
 * It runs with the permissions of `deno task start`, in a folder of the test's,
 * and sees no variable of this process but what a program needs to run.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Inbox } from "./inbox.ts";
import { TEST_KEY } from "./test_app.ts";
import { within } from "./within.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Variables that the runtime itself may need. */
const INHERITED = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];

/** How the program is run. */
export interface ProcessOptions {
  /** Its working folder: all that it may read and write. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What follows the program's name. */
  readonly args?: readonly string[];
  /** Words to put before the command, such as those that limit it. */
  readonly through?: readonly string[];
}

/** Runs the program to its end. */
export async function runProgram(options: ProcessOptions): Promise<{
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}> {
  const child = command(options).spawn();
  const output = child.output();
  const { code, stdout, stderr } = await within(output, {
    what: "the end of the program",
  });
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** A server with a file database in `cwd`, named `parlor.db`. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines = new Inbox<string>();
  readonly #errors = new Inbox<string>();
  readonly #reading: Promise<unknown>;
  #url: string | undefined;

  /** Starts it and does not wait; {@linkcode ServerProcess.start} does. */
  constructor({ env = {}, ...options }: ProcessOptions) {
    const settings = {
      BIND_ADDRESS: "127.0.0.1:0",
      ADMIN_API_KEY: TEST_KEY,
      DATABASE_URL: "sqlite:parlor.db",
      USER_MESSAGE_INTERVAL_SECS: "0",
      LOG_FORMAT: "json",
    };
    this.#child = command({ ...options, env: { ...settings, ...env } }).spawn();
    this.#reading = Promise.all([
      readLines(this.#child.stdout, this.#lines),
      readLines(this.#child.stderr, this.#errors),
    ]);
  }

  /** Starts it and waits until it listens. */
  static async start(options: ProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    try {
      const line = await server.expectLine('"server_started"');
      const { message } = JSON.parse(line);
      const [, address] = /^Listening on (\S+)$/.exec(message) ?? [];
      assert(address, line);
      server.#url = `http://${address}`;
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid;
  }

  get url(): string {
    assert(this.#url, "the server was not started");
    return this.#url;
  }

  /** The lines of its standard output so far. */
  get lines(): readonly string[] {
    return this.#lines.all;
  }

  /** What it wrote to standard error so far. */
  get errorText(): string {
    return this.#errors.all.join("\n");
  }

  /** Takes the first line that has this text. */
  async expectLine(text: string): Promise<string> {
    return await this.#lines.take((line) => line.includes(text), text);
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for its end, and for all that it printed. */
  async exited(): Promise<Deno.CommandStatus> {
    const status = await within(this.#child.status, {
      what: `the end of process ${this.pid}`,
    });
    await within(this.#reading, { what: "the end of its output" });
    return status;
  }

  /** Ends it without a warning. */
  async killHard(): Promise<void> {
    this.kill("SIGKILL");
    await this.exited();
  }

  /** Stops it as an operator would, and expects that all went well. */
  async stop(): Promise<void> {
    this.kill("SIGTERM");
    const { code } = await this.exited();
    assert.equal(code, 0, this.lines.slice(-5).join("\n") + this.errorText);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.exited();
  }
}

function command(
  { cwd, env = {}, args = [], through = [] }: ProcessOptions,
): Deno.Command {
  const inherited = INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const words = [
    ...through,
    Deno.execPath(),
    "run",
    "--allow-net",
    "--allow-env",
    "--allow-read=.",
    "--allow-write=.",
    MAIN,
    ...args,
  ];
  return new Deno.Command(words[0] ?? "", {
    args: words.slice(1),
    cwd,
    clearEnv: true,
    env: { NO_COLOR: "1", ...Object.fromEntries(inherited), ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  inbox: Inbox<string>,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) inbox.put(line);
  }
  if (rest !== "") inbox.put(rest);
  inbox.end("the process ended");
}
