/**
 * `deno task cli …`: the command line without the server around it.
 *
 * @module
 */

import { runCli } from "./run_cli.ts";
import { VERSION } from "../src/version.ts";
import { exitProcess, programWords, terminalContext } from "./terminal.ts";

const context = terminalContext({
  version: VERSION,
  // The server's parts are loaded only when a command works on the file.
  openOffline: async (config) => {
    const { openOffline } = await import("../src/offline.ts");
    return await openOffline(config);
  },
});
exitProcess(await runCli(programWords(), context));
