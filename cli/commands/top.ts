/**
 * `parlor top`: a live view of a running server.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { statusAnswer } from "../answers.ts";
import type { ApiClient } from "../api_client.ts";
import { withQuery } from "../api_path.ts";
import { integerIn } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { type Look, topLines } from "../top_lines.ts";
import { TopLoop } from "../top_loop.ts";

interface Flags extends CommonFlags {
  readonly once: boolean;
  readonly interval: number;
  readonly rooms: number;
}

/** Watches a server. */
export const topCommand = buildCommand({
  docs: {
    brief: "Watch rooms and rates of a running server; q leaves",
    fullDescription:
      "Where stdout is not a terminal, or with --json, it prints one look.",
  },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      once: {
        kind: "boolean",
        default: false,
        brief: "Print one look and leave",
      },
      interval: {
        kind: "parsed",
        parse: integerIn(1, 3600),
        default: "2",
        placeholder: "secs",
        brief: "Seconds between two looks",
      },
      rooms: {
        kind: "parsed",
        parse: integerIn(0, 1000),
        default: "50",
        placeholder: "n",
        brief: "How many of the fullest rooms to list",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const api = await this.connect(flags);
    const { clock, stdout } = this.cli;
    const path = withQuery("/management/status", { rooms: flags.rooms });
    const look = () => lookAt(api, path, clock.monotonic.bind(clock));
    const report = this.report(flags);
    const url = this.serverUrl(flags);
    const first = await look();
    if (flags.once || flags.json || !stdout.isTerminal) {
      report.print(first.status, () => topLines(report, url, [first]));
      return;
    }
    const loop = new TopLoop(this.cli, {
      intervalMs: flags.interval * 1000,
      look,
      lines: (looks) => topLines(report, url, looks),
    });
    await loop.run(first);
  },
});

async function lookAt(
  api: ApiClient,
  path: string,
  monotonic: () => number,
): Promise<Look> {
  const status = await api.get(path, statusAnswer);
  return { at: monotonic(), status };
}
