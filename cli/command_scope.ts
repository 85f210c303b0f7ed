/**
 * What a command is given to work with: its `this`.
 *
 * @module
 */

import type { CommandContext, StricliProcess } from "@stricli/core";
import { type Config, ConfigError, readConfig } from "../src/config.ts";
import { ApiClient } from "./api_client.ts";
import type { CliContext } from "./cli_context.ts";
import { CliError, messageOf } from "./cli_error.ts";
import type { CommonFlags } from "./common_flags.ts";
import { ANSWER_MS_MAX, HttpTransport } from "./http_transport.ts";
import { openFileInstead } from "./offline.ts";
import { Report } from "./report.ts";
import { addressOf } from "./server_address.ts";
import { ServerOrFile } from "./server_or_file.ts";
import type { OfflineServer, Transport } from "./transport.ts";

/** How a command talks to the server. */
export interface ConnectOptions {
  /** How long the server may take to begin its answer. */
  readonly answerMsMax?: number;
}

/** The work space of one run. Disposing closes what it opened. */
export class CommandScope implements CommandContext, AsyncDisposable {
  readonly cli: CliContext;
  readonly process: StricliProcess;
  /** Runs another command line in the same context; answers its exit code. */
  readonly runAgain: (args: readonly string[]) => Promise<number>;
  #config: Config | undefined;
  #offline: OfflineServer | undefined;

  constructor(
    cli: CliContext,
    process: StricliProcess,
    runAgain: (args: readonly string[]) => Promise<number>,
  ) {
    this.cli = cli;
    this.process = process;
    this.runAgain = runAgain;
  }

  /** Whether requests went to the database file, as no server runs. */
  get worksOnFile(): boolean {
    return this.#offline !== undefined;
  }

  /** The settings of this machine. */
  config(): Config {
    this.#config ??= readSettings(this.cli);
    return this.#config;
  }

  /** Where the command prints. */
  report(flags: Pick<CommonFlags, "json">): Report {
    return new Report(this.cli, flags.json);
  }

  /** The address that requests go to. */
  serverUrl(flags: Pick<CommonFlags, "url">): string {
    if (flags.url !== undefined) return flags.url;
    const { cli, server } = this.config();
    return cli.serverUrl ?? addressOf(server);
  }

  /** The API of a running server. */
  async connect(flags: CommonFlags): Promise<ApiClient> {
    return new ApiClient(await this.#server(flags), this.cli.clock);
  }

  /**
   * The API, of the database file when no server runs; but never in place of a
   * server that was named, for its file is not this machine's.
   */
  async connectOrOpen(
    flags: CommonFlags,
    options: ConnectOptions = {},
  ): Promise<ApiClient> {
    const server = await this.#server(flags, options);
    const isNamed = flags.url !== undefined ||
      this.config().cli.serverUrl !== undefined;
    const transport = isNamed ? server : new ServerOrFile({
      server,
      openFile: async (refusal) => {
        const config = this.config();
        this.#offline = await openFileInstead(this.cli, config, refusal);
        this.report({ json: false }).note(
          `No server runs at ${this.serverUrl(flags)}: ` +
            `working on ${config.store.databaseFile} itself`,
        );
        return this.#offline;
      },
    });
    return new ApiClient(transport, this.cli.clock);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#offline?.close();
  }

  async #server(
    flags: CommonFlags,
    options: ConnectOptions = {},
  ): Promise<Transport> {
    return new HttpTransport({
      url: this.serverUrl(flags),
      apiKey: flags.keyFile === undefined
        ? this.config().auth.adminApiKey
        : await readKey(this.cli, flags.keyFile),
      answerMsMax: options.answerMsMax ?? ANSWER_MS_MAX,
      fetch: this.cli.fetch,
      clock: this.cli.clock,
    });
  }
}

function readSettings(cli: CliContext): Config {
  try {
    return readConfig(cli.readEnv().env);
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    throw new CliError("Cannot use the settings of this machine:", {
      details: thrown.problems,
    });
  }
}

async function readKey(cli: CliContext, file: string): Promise<string> {
  const text = await cli.files.readText(file).catch((thrown) => {
    throw new CliError(`Cannot read the key of ${file}: ${messageOf(thrown)}`);
  });
  const key = text.trim();
  if (key !== "") return key;
  throw new CliError(`Cannot read the key of ${file}: the file is empty`);
}
