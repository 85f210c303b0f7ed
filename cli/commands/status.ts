/**
 * `parlor status`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { type StatusAnswer, statusAnswer } from "../answers.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { spanText } from "../local_time.ts";
import { pendingFields } from "../pending_fields.ts";
import type { Report } from "../report.ts";

/** Shows how the server does. */
export const statusCommand = buildCommand({
  docs: { brief: "Show how a running server does" },
  parameters: { flags: COMMON_FLAGS },
  async func(this: CommandScope, flags: CommonFlags): Promise<void> {
    const api = await this.connect(flags);
    const status = await api.get("/management/status", statusAnswer);
    const report = this.report(flags);
    const head = [["server", this.serverUrl(flags)]] as const;
    report.print(status, () =>
      report.fields([
        ...head,
        ...fieldsOf(report, status),
        ...pendingFields(report, status.pending),
      ]));
  },
});

function fieldsOf(
  report: Report,
  status: StatusAnswer,
): (readonly [string, string])[] {
  const { counters } = status;
  const ready = status.ready ? "yes" : `no (${status.reasons.join(", ")})`;
  return [
    ["version", status.version],
    ["started", report.instant(status.started_at)],
    ["up", spanText(status.uptime_secs)],
    ["ready", ready],
    ["draining", status.draining ? "yes" : "no"],
    ["durability", status.durability],
    ["rooms", `${status.rooms}`],
    ["connections", `${status.connections}`],
    ["joins", `${counters.joins}`],
    ["messages accepted", `${counters.messages_accepted}`],
    ["deliveries", `${counters.deliveries}`],
    ["deliveries dropped", `${counters.deliveries_dropped}`],
    ["frames in", `${counters.frames_in}`],
    ["frames out", `${counters.frames_out}`],
    ["refusals", `${counters.refusals}`],
  ];
}
