/**
 * A Deno program in a process of its own, spoken to in lines.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** How long a child may take to answer, in ms. */
const ANSWER_MS_MAX = 120_000;

const LISTENING = /Listening on 127\.0\.0\.1:(\d+)/;

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Of the runtime. */
  readonly flags?: readonly string[];
}

export class Child implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  /** @param script a path from the project's root. */
  constructor(
    script: string,
    { args = [], env = {}, flags = [] }: ChildOptions = {},
  ) {
    const command = new Deno.Command(Deno.execPath(), {
      // The load reads /proc, which no lesser permission opens.
      args: ["run", "--allow-all", ...flags, script, ...args],
      cwd: ROOT,
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    });
    this.#process = command.spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout
      .pipeThrough(new TextDecoderStream())
      .getReader();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /**
   * The next line that fits.
   *
   * @throws when the child ends or takes too long.
   */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(() => late.resolve("late"), ANSWER_MS_MAX);
    try {
      for (;;) {
        const found = this.#takeLine(pattern);
        if (found !== undefined) return found;
        const chunk = await Promise.race([this.#reader.read(), late.promise]);
        if (chunk === "late") throw new Error(`Cannot wait for ${pattern}`);
        if (chunk.done) throw new Error(`The child ended before ${pattern}`);
        this.#text += chunk.value;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The port of a child that listens; what else it prints is forgotten. */
  async listeningPort(): Promise<number> {
    const [, port] = await this.line(LISTENING);
    this.ignoreRest();
    return Number(port);
  }

  /** Lets a child that waits go on. */
  async go(): Promise<void> {
    await this.tell("go");
  }

  /** Writes a line that a child waits for. */
  async tell(line: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Reads on and forgets, so that the child never waits to write. */
  ignoreRest(): void {
    void this.#forget();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await this.#process.status;
    await this.#writer.close().catch(() => {});
    await this.#reader.cancel().catch(() => {});
  }

  async #forget(): Promise<void> {
    while (!(await this.#reader.read()).done);
  }

  #takeLine(pattern: RegExp): RegExpExecArray | undefined {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end < 0) return undefined;
      const found = pattern.exec(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 1);
      if (found !== null) return found;
    }
  }
}
