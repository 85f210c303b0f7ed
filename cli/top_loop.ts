/**
 * The loop of `parlor top`: look, draw, wait, until somebody leaves.
 *
 * A look that fails is shown below the last good one, and the next one is
 * tried all the same: a server that starts anew comes back by itself.
 *
 * @module
 */

import type { CliContext, TerminalInput } from "./cli_context.ts";
import { CliError } from "./cli_error.ts";
import { Leave } from "./leave.ts";
import { LiveScreen } from "./live_screen.ts";
import { plainText } from "./plain_text.ts";
import type { Look } from "./top_lines.ts";

/** What {@linkcode TopLoop} draws, and how often. */
export interface TopLoopOptions {
  readonly intervalMs: number;
  readonly look: () => Promise<Look>;
  readonly lines: (
    looks: readonly [look: Look, before?: Look | undefined],
  ) => readonly string[];
}

const LEAVE_KEYS: readonly string[] = ["q", "Q", "\x03", "\x04"];

/** Runs once. */
export class TopLoop {
  readonly #cli: CliContext;
  readonly #options: TopLoopOptions;
  readonly #leave: Leave;
  #screen: LiveScreen | undefined;
  #looks: readonly [look: Look, before?: Look | undefined] | undefined;
  #failure: string | undefined;

  constructor(
    cli: CliContext,
    options: TopLoopOptions,
  ) {
    this.#cli = cli;
    this.#options = options;
    this.#leave = new Leave(cli.clock);
  }

  /** Holds the terminal until a key or a signal ends it. */
  async run(first: Look): Promise<void> {
    using _keys = this.#cli.keyboard.listen((input) => this.#take(input));
    using screen = new LiveScreen(this.#cli.stdout);
    this.#screen = screen;
    this.#looks = [first];
    while (!this.#leave.isDue) {
      this.#draw();
      await this.#leave.orAfter(this.#options.intervalMs);
      await this.#leave.or(this.#lookAgain());
    }
  }

  #take(input: TerminalInput): void {
    if (input.kind === "resize") return this.#draw();
    const leaves = input.kind === "stop" || LEAVE_KEYS.includes(input.key);
    if (leaves) this.#leave.now();
  }

  async #lookAgain(): Promise<void> {
    if (this.#leave.isDue) return;
    try {
      const look = await this.#options.look();
      this.#looks = [look, this.#looks?.[0]];
      this.#failure = undefined;
    } catch (thrown) {
      if (!(thrown instanceof CliError)) throw thrown;
      this.#failure = thrown.message;
    }
  }

  #draw(): void {
    const screen = this.#screen;
    if (screen === undefined || this.#looks === undefined) return;
    const foot = this.#failure === undefined ? "q leaves" : this.#failure;
    const lines = this.#options.lines(this.#looks);
    screen.draw([...lines.slice(0, screen.rows - 1), plainText(foot)]);
  }
}
