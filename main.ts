/**
 * The program: without a word or with `serve` the server, with any other word
 * the command line.
 *
 * @module
 */

import { runCli } from "./cli/run_cli.ts";
import { exitProcess, programWords, terminalContext } from "./cli/terminal.ts";
import { openOffline } from "./src/offline.ts";
import { serve } from "./src/serve.ts";
import { VERSION } from "./src/version.ts";

const words = programWords();
const isServer = words.length === 0 || words[0] === "serve";
const context = terminalContext({ version: VERSION, openOffline });
exitProcess(isServer ? await serve() : await runCli(words, context));
