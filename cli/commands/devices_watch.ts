/**
 * `parlor devices watch`: the live traffic of a room.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { integerIn } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ROOM } from "../positionals.ts";
import { RoomWatch } from "../room_watch.ts";
import { watchLine } from "../watch_line.ts";

interface Flags extends CommonFlags {
  readonly since?: number | undefined;
  readonly interval: number;
}

/** Watches a room. */
export const devicesWatchCommand = buildCommand({
  docs: {
    brief: "Watch what devices send in a room, until it ends or Ctrl-C",
    fullDescription: "JSON shows as it was sent and binary as hex. " +
      "With --json, one line an entry.\n" +
      "Where no server runs, it prints what the database file has.",
  },
  parameters: {
    positional: { kind: "tuple", parameters: [ROOM] },
    flags: {
      ...COMMON_FLAGS,
      since: {
        kind: "parsed",
        parse: integerIn(0, Number.MAX_SAFE_INTEGER),
        optional: true,
        placeholder: "seq",
        brief: "Begin after this number; without it, with what comes now",
      },
      interval: {
        kind: "parsed",
        parse: integerIn(100, 60_000),
        default: "500",
        placeholder: "ms",
        brief: "Milliseconds between two looks",
      },
    },
  },
  async func(this: CommandScope, flags: Flags, roomId: string): Promise<void> {
    const { stdout } = this.cli;
    const report = this.report(flags);
    const watch = new RoomWatch(this.cli, {
      api: await this.connectOrOpen(flags),
      roomId,
      sinceSeq: flags.since,
      intervalMs: flags.interval,
      worksOnFile: () => this.worksOnFile,
      show: (entries) =>
        report.printEach(entries, (entry) => watchLine(entry, report, stdout)),
      note: (text) => report.note(text),
    });
    await watch.run();
  },
});
