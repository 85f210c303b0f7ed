/**
 * `parlor history`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import {
  HISTORY_LIMIT_DEFAULT,
  HISTORY_LIMIT_MAX,
} from "../../src/wire/limits.ts";
import { type EntryAnswer, historyAnswer } from "../answers.ts";
import { roomPath, withQuery } from "../api_path.ts";
import { integerIn } from "../arguments.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { entryActor, entryText } from "../entry_text.ts";
import { ROOM } from "../positionals.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface Flags extends CommonFlags {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

const seqFlag = {
  kind: "parsed",
  parse: integerIn(0, Number.MAX_SAFE_INTEGER),
  optional: true,
  placeholder: "seq",
} as const;

/** Shows a room's log. */
export const historyCommand = buildCommand({
  docs: { brief: "Show the log of a room, the newest entries unless told" },
  parameters: {
    positional: { kind: "tuple", parameters: [ROOM] },
    flags: {
      ...COMMON_FLAGS,
      limit: {
        kind: "parsed",
        parse: integerIn(1, HISTORY_LIMIT_MAX),
        default: `${HISTORY_LIMIT_DEFAULT}`,
        placeholder: "n",
        brief: `Entries to show, at most ${HISTORY_LIMIT_MAX}`,
      },
      before: { ...seqFlag, brief: "Only entries before this number" },
      after: { ...seqFlag, brief: "Only entries after this number" },
    },
  },
  async func(this: CommandScope, flags: Flags, roomId: string): Promise<void> {
    const { limit, before, after } = flags;
    if (before !== undefined && after !== undefined) {
      throw new CliError("Cannot take --before and --after together", {
        exitCode: 2,
      });
    }
    const api = await this.connectOrOpen(flags);
    const path = withQuery(roomPath(roomId, "messages"), {
      limit,
      before_seq: before,
      after_seq: after,
    });
    const answer = await api.get(path, historyAnswer);
    const report = this.report(flags);
    const { entries } = answer;
    report.print(answer, () => report.table(columnsOf(report), entries));
    if (!answer.has_more) return;
    report.note(
      after === undefined
        ? `There is more: --before ${entries[0]?.seq}`
        : `There is more: --after ${entries.at(-1)?.seq}`,
    );
  },
});

function columnsOf(report: Report): Column<EntryAnswer>[] {
  return [
    { title: "SEQ", cell: (entry) => `${entry.seq}`, align: "right" },
    { title: "TIME", cell: (entry) => report.instant(entry.at) },
    { title: "TYPE", cell: (entry) => entry.type },
    { title: "WHO", cell: entryActor, canShrink: true },
    {
      title: "WHAT",
      cell: (entry) => entryText(entry, (at) => report.instant(at)),
      canShrink: true,
    },
  ];
}
