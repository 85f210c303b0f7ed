/**
 * `parlor rooms list`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { type RoomAnswer, roomsAnswer } from "../answers.ts";
import { withQuery } from "../api_path.ts";
import { integerIn } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface Flags extends CommonFlags {
  readonly all: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Lists rooms. */
export const roomsListCommand = buildCommand({
  docs: { brief: "List the rooms that run; with --all, ended ones too" },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      all: {
        kind: "boolean",
        brief: "Ended rooms too, a page at a time",
        default: false,
      },
      limit: {
        kind: "parsed",
        parse: integerIn(1, 1000),
        default: "100",
        placeholder: "n",
        brief: "With --all: rooms on a page",
      },
      offset: {
        kind: "parsed",
        parse: integerIn(0, 1_000_000_000),
        default: "0",
        placeholder: "n",
        brief: "With --all: rooms to skip",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const { all, limit, offset } = flags;
    const api = await this.connectOrOpen(flags);
    const path = withQuery(
      "/management/rooms",
      all ? { ended: true, limit, offset } : {},
    );
    const rooms = await api.get(path, roomsAnswer);
    const report = this.report(flags);
    report.print(rooms, () => report.table(columnsOf(report, all), rooms));
    if (all && rooms.length === limit) {
      report.note(`There may be more: --offset ${offset + limit}`);
    }
  },
});

function columnsOf(report: Report, all: boolean): Column<RoomAnswer>[] {
  const columns: Column<RoomAnswer>[] = [
    { title: "ROOM", cell: (room) => room.room_id },
    { title: "NAME", cell: (room) => room.room_name, canShrink: true },
    { title: "USERS", cell: (room) => `${room.current_users}`, align: "right" },
    { title: "PEAK", cell: (room) => `${room.peak_users}`, align: "right" },
    { title: "JOINS", cell: (room) => `${room.total_joins}`, align: "right" },
    { title: "CREATED", cell: (room) => report.seconds(room.start_time) },
    {
      title: "ADMINS",
      cell: (room) => room.admin_user_ids.join(", "),
      canShrink: true,
    },
  ];
  if (!all) return columns;
  return [
    ...columns,
    { title: "STATUS", cell: (room) => room.status ?? "active" },
    { title: "ENDED", cell: (room) => report.seconds(room.end_time) },
  ];
}
