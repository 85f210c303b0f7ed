/**
 * `parlor pending`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { pendingAnswer } from "../answers.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { pendingFields } from "../pending_fields.ts";

/** Shows what is pending. */
export const pendingCommand = buildCommand({
  docs: { brief: "Show what is accepted and not yet in the database" },
  parameters: { flags: COMMON_FLAGS },
  async func(this: CommandScope, flags: CommonFlags): Promise<void> {
    const api = await this.connect(flags);
    const pending = await api.get("/management/pending", pendingAnswer);
    const report = this.report(flags);
    report.print(pending, () => report.fields(pendingFields(report, pending)));
  },
});
