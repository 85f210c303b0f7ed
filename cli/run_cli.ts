/**
 * Runs one command line.
 *
 * @module
 */

import {
  ExitCode as ScanCode,
  proposeCompletions,
  run,
  type StricliProcess,
} from "@stricli/core";
import type { CliContext } from "./cli_context.ts";
import { type ExitCode, messageOf } from "./cli_error.ts";
import { commandLine } from "./command_line.ts";
import { CommandScope } from "./command_scope.ts";
import { plainText } from "./plain_text.ts";

/** The word by which a completion script asks what may come next. */
const COMPLETE_WORD = "__complete";

/**
 * Runs the command that the words name and prints what it says.
 *
 * @param args the words behind the program's name.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage. It never throws.
 */
export async function runCli(
  args: readonly string[],
  context: CliContext,
): Promise<ExitCode> {
  const { stdout, stderr } = context;
  const process: StricliProcess = { stdout, stderr };
  let command = "parlor";
  try {
    await using scope = new CommandScope(
      context,
      process,
      (words) => runCli(words, context),
    );
    if (args[0] === COMPLETE_WORD) {
      // The word behind is `--`, which keeps flags of the words from us.
      await propose(args.slice(2), scope);
    } else {
      await run(commandLine, args, {
        process,
        forCommand(info) {
          command = info.prefix.join(" ");
          return scope;
        },
      });
      if (process.exitCode === ScanCode.InvalidArgument) {
        stderr.write(`See ${command} --help\n`);
      }
    }
  } catch (thrown) {
    stderr.write(`${plainText(messageOf(thrown))}\n`);
    return 1;
  }
  return exitCodeOf(process.exitCode);
}

async function propose(
  words: readonly string[],
  scope: CommandScope,
): Promise<void> {
  const proposals = await proposeCompletions(commandLine, words, {
    process: scope.process,
    forCommand: () => scope,
  });
  const typed = words.at(-1) ?? "";
  const all = proposals.filter(({ completion }) => completion !== "--");
  const values = all.filter(({ kind }) => kind !== "argument:flag");
  const shown = typed === "" && values.length > 0 ? values : all;
  const lines = shown.map(({ completion }) => `${plainText(completion)}\n`);
  scope.process.stdout.write(lines.join(""));
}

function exitCodeOf(code: StricliProcess["exitCode"]): ExitCode {
  switch (code) {
    case 0:
    case undefined:
      return 0;
    case 2:
    case ScanCode.UnknownCommand:
    case ScanCode.InvalidArgument:
      return 2;
    default:
      return 1;
  }
}
