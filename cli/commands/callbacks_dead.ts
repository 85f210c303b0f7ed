/**
 * `parlor callbacks dead`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import type { EndpointName } from "../../src/wire/callback.ts";
import { withQuery } from "../api_path.ts";
import { integerIn } from "../arguments.ts";
import {
  type DeadLetterAnswer,
  deadLettersAnswer,
} from "../callback_answers.ts";
import type { CommandScope } from "../command_scope.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  ENDPOINT_FLAG,
} from "../common_flags.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface Flags extends CommonFlags {
  readonly endpoint?: EndpointName | undefined;
  readonly limit: number;
  readonly after?: number | undefined;
}

/** Lists dead letters. */
export const callbacksDeadCommand = buildCommand({
  docs: { brief: "List events that were given up, oldest first" },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      endpoint: { ...ENDPOINT_FLAG, brief: "Only those of this endpoint" },
      limit: {
        kind: "parsed",
        parse: integerIn(1, 1000),
        default: "100",
        placeholder: "n",
        brief: "Events on a page",
      },
      after: {
        kind: "parsed",
        parse: integerIn(0, Number.MAX_SAFE_INTEGER),
        optional: true,
        placeholder: "number",
        brief: "Only events after this number",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const { endpoint, limit, after } = flags;
    const api = await this.connectOrOpen(flags);
    const path = withQuery("/management/callbacks/dead", {
      endpoint,
      after,
      limit,
    });
    const answer = await api.get(path, deadLettersAnswer);
    const report = this.report(flags);
    report.print(answer, () => report.table(columnsOf(report), answer.dead));
    if (answer.next === null) return;
    report.note(`There is more: --after ${answer.next}`);
  },
});

function columnsOf(report: Report): Column<DeadLetterAnswer>[] {
  return [
    { title: "NUMBER", cell: (row) => `${row.number}`, align: "right" },
    { title: "ENDPOINT", cell: (row) => row.endpoint },
    { title: "TYPE", cell: (row) => row.event_type },
    { title: "ID", cell: (row) => row.id },
    { title: "ROOM", cell: (row) => row.room_id },
    { title: "HAPPENED", cell: (row) => report.instant(row.at) },
    { title: "GIVEN UP", cell: (row) => report.instant(row.died_at) },
    { title: "ATTEMPTS", cell: (row) => `${row.attempts}`, align: "right" },
    { title: "ERROR", cell: (row) => row.error, canShrink: true },
  ];
}
