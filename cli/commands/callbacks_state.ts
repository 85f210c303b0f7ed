/**
 * `parlor callbacks pause`, `resume` and `enable`.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import type { EndpointName } from "../../src/wire/callback.ts";
import { endpointAnswer } from "../callback_answers.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ENDPOINT } from "../positionals.ts";

interface StateWords {
  readonly verb: "pause" | "resume" | "enable";
  readonly done: string;
  readonly brief: string;
}

/** Holds deliveries back. */
export const callbacksPauseCommand = stateCommand({
  verb: "pause",
  done: "Paused",
  brief: "Hold callbacks of an endpoint back; they wait in the database",
});

/** Lets deliveries go on after a pause. */
export const callbacksResumeCommand = stateCommand({
  verb: "resume",
  done: "Resumed",
  brief: "Let callbacks go on that were paused",
});

/** Lets deliveries go on, whatever stopped them. */
export const callbacksEnableCommand = stateCommand({
  verb: "enable",
  done: "Enabled",
  brief: "Let callbacks go on that the endpoint ended with HTTP 410",
});

function stateCommand({ verb, done, brief }: StateWords) {
  return buildCommand({
    docs: { brief },
    parameters: {
      positional: { kind: "tuple", parameters: [ENDPOINT] },
      flags: COMMON_FLAGS,
    },
    async func(
      this: CommandScope,
      flags: CommonFlags,
      endpoint: EndpointName,
    ): Promise<void> {
      const api = await this.connectOrOpen(flags);
      const path = `/management/callbacks/${endpoint}/${verb}`;
      const row = await api.post(path, undefined, endpointAnswer);
      const report = this.report(flags);
      report.say(row, `${done} ${endpoint}: ${row.backlog} events wait`);
      if (row.url === null) report.note(`${endpoint} has no URL`);
    },
  });
}
