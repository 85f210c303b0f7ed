/**
 * `parlor callbacks status`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { callbacksAnswer, type EndpointAnswer } from "../callback_answers.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { spanText } from "../local_time.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

/** Shows how the endpoints do. */
export const callbacksStatusCommand = buildCommand({
  docs: { brief: "Show where callbacks go, what waits and what failed" },
  parameters: { flags: COMMON_FLAGS },
  async func(this: CommandScope, flags: CommonFlags): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const answer = await api.get("/management/callbacks", callbacksAnswer);
    const { endpoints } = answer;
    const report = this.report(flags);
    report.print(answer, () => report.table(columnsOf(report), endpoints));
    if (endpoints.every(({ url }) => url === null)) {
      report.note(
        "Nothing is sent, as no URL is set: ROOM_EVENT_CALLBACK_URL and others",
      );
    }
    for (const endpoint of endpoints) {
      for (const remark of remarksOn(report, endpoint)) report.note(remark);
    }
  },
});

function columnsOf(report: Report): Column<EndpointAnswer>[] {
  return [
    { title: "ENDPOINT", cell: (row) => row.endpoint },
    {
      title: "STATE",
      cell: (row) => row.url === null ? "no url" : row.state,
    },
    { title: "BREAKER", cell: (row) => row.breaker },
    { title: "BACKLOG", cell: (row) => `${row.backlog}`, align: "right" },
    {
      title: "OLDEST",
      cell: ({ oldest_age_seconds: secs }) =>
        secs === null ? "-" : spanText(secs),
      align: "right",
    },
    { title: "IN FLIGHT", cell: (row) => `${row.in_flight}`, align: "right" },
    { title: "DEAD", cell: (row) => `${row.dead}`, align: "right" },
    {
      title: "LAST SUCCESS",
      cell: (row) => report.instant(row.last_success_at),
    },
    { title: "LAST ERROR", cell: (row) => report.instant(row.last_error_at) },
    { title: "ERROR", cell: (row) => row.last_error ?? "-", canShrink: true },
  ];
}

/** Why nothing goes out, and what ends that. */
function remarksOn(report: Report, row: EndpointAnswer): string[] {
  const remarks: string[] = [];
  if (row.state !== "active") {
    const reason = row.reason === null ? "" : `, ${row.reason}`;
    const verb = row.state === "paused" ? "resume" : "enable";
    remarks.push(
      `${row.endpoint} is ${row.state}${reason}: ` +
        `callbacks ${verb} ${row.endpoint}`,
    );
  }
  if (row.held_until !== null) {
    remarks.push(
      `${row.endpoint} is not tried until ${report.instant(row.held_until)}`,
    );
  }
  return remarks;
}
