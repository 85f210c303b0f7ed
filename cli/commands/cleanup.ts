/**
 * `parlor cleanup`: ends rooms whose users are gone, or says why one stays.
 *
 * Flags and lines of text are those of the command that the reference system
 * has (COMPAT 0.2). Stdout carries those alone; what else a person wants to
 * know goes to stderr.
 *
 * @module
 */

import { buildCommand, buildRouteMap } from "@stricli/core";
import { cleanupPath, withQuery } from "../api_path.ts";
import { integerIn, nonEmpty } from "../arguments.ts";
import { cleanupAnswer, explanationAnswer } from "../cleanup_answers.ts";
import {
  countText,
  doneLines,
  doneNotes,
  explanationLines,
  failureCount,
  planLines,
  planNotes,
} from "../cleanup_text.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ROOM } from "../positionals.ts";
import { heartLinksCommand } from "./cleanup_heart_links.ts";

interface Flags extends CommonFlags {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly minutes?: number | undefined;
  readonly explain?: string | undefined;
}

const roomsCommand = buildCommand({
  docs: { brief: "End rooms that everybody left some time ago" },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      dryRun: {
        kind: "boolean",
        default: false,
        brief: "Only list the rooms that would end",
      },
      force: {
        kind: "boolean",
        default: false,
        brief: "Whatever the times; never a room with somebody connected",
      },
      minutes: {
        kind: "parsed",
        parse: integerIn(0, 525_600),
        optional: true,
        placeholder: "n",
        brief: "Minutes since the last user left, not the server's own",
      },
      explain: {
        kind: "parsed",
        parse: nonEmpty,
        optional: true,
        placeholder: "room",
        proposeCompletions: ROOM.proposeCompletions,
        brief: "Only say why this room would end, or would not",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const { explain, force } = flags;
    if (explain === undefined) return await cleanUp(this, flags);
    const api = await this.connectOrOpen(flags);
    const { minutes } = flags;
    const path = withQuery(cleanupPath(explain), { minutes, force });
    const answer = await api.get(path, explanationAnswer);
    const report = this.report(flags);
    report.print(answer, () => explanationLines(report, answer, flags));
  },
});

async function cleanUp(scope: CommandScope, flags: Flags): Promise<void> {
  const { dryRun, force, minutes } = flags;
  const report = scope.report(flags);
  const api = await scope.connectOrOpen(flags);
  const answer = await api.post(
    "/management/cleanup",
    { minutes, force, dry_run: dryRun },
    cleanupAnswer,
  );
  report.print(
    answer,
    () => dryRun ? planLines(report, answer) : doneLines(answer),
  );
  if (!flags.json) {
    const now = scope.cli.clock.now();
    const notes = dryRun ? planNotes(report, answer, now) : doneNotes(answer);
    for (const note of notes) report.note(note);
  }
  const failed = failureCount(answer);
  if (failed === 0) return;
  throw new CliError(`Cannot clean up ${countText(failed, "room")}`);
}

/** The group `cleanup`; without a word more it is about rooms. */
export const cleanupCommands = buildRouteMap({
  docs: {
    brief: "End rooms that everybody left, and requests for a match",
    fullDescription: "End rooms that everybody left, and requests for a " +
      "match.\nWithout rooms or heart-links it is about rooms: " +
      "parlor cleanup --dry-run\nlists which would end, and " +
      "--explain ROOM says why one would, or would not.\n" +
      "All flags: parlor cleanup rooms --help",
  },
  routes: { rooms: roomsCommand, heartLinks: heartLinksCommand },
  defaultCommand: "rooms",
});
