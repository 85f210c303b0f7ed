/**
 * `parlor rooms show`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import {
  type MemberAnswer,
  type RoomDetailAnswer,
  roomDetailAnswer,
} from "../answers.ts";
import { roomPath, withQuery } from "../api_path.ts";
import { integerIn } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ROOM } from "../positionals.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface Flags extends CommonFlags {
  readonly members: number;
}

/** Shows one room. */
export const roomsShowCommand = buildCommand({
  docs: { brief: "Show a room's settings, members and numbers" },
  parameters: {
    positional: { kind: "tuple", parameters: [ROOM] },
    flags: {
      ...COMMON_FLAGS,
      members: {
        kind: "parsed",
        parse: integerIn(0, 10_000),
        default: "100",
        placeholder: "n",
        brief: "Members to list at most",
      },
    },
  },
  async func(this: CommandScope, flags: Flags, roomId: string): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const path = withQuery(roomPath(roomId), { members_limit: flags.members });
    const room = await api.get(path, roomDetailAnswer);
    const report = this.report(flags);
    report.print(room, () => [
      ...report.fields(fieldsOf(report, room)),
      ...membersOf(report, room),
    ]);
    const unseen = room.current_users - room.members.length;
    if (unseen > 0) report.note(`${unseen} more members: --members`);
  },
});

function fieldsOf(
  report: Report,
  room: RoomDetailAnswer,
): (readonly [string, string])[] {
  const { settings } = room;
  return [
    ["room", room.room_id],
    ["name", room.room_name],
    ["status", room.status],
    ["created", report.seconds(room.start_time)],
    ["ended", report.seconds(room.end_time)],
    ["admins", room.admin_user_ids.join(", ") || "-"],
    ["users", `${room.current_users} now, ${room.peak_users} at most`],
    ["sessions", `${room.session_count}`],
    ["joins", `${room.total_joins}`],
    ["last seq", `${room.last_seq}`],
    ["last message", report.instant(room.last_message_at)],
    ["bans", `${room.ban_count}`],
    ["mutes", `${room.mute_count}`],
    ["slow mode", orServer(settings.slow_mode_secs, " s")],
    ["max members", orServer(settings.max_members, "")],
    ["pinned", settings.pinned ?? "-"],
    ["auto close", room.auto_close ? "yes" : "no"],
  ];
}

function orServer(value: number | null, unit: string): string {
  return value === null ? "the server's" : `${value}${unit}`;
}

function membersOf(report: Report, room: RoomDetailAnswer): string[] {
  if (room.members.length === 0) return [];
  const columns: Column<MemberAnswer>[] = [
    { title: "USER", cell: (member) => member.user_id },
    {
      title: "NICKNAME",
      cell: (member) => member.nickname,
      canShrink: true,
    },
    {
      title: "ROLE",
      cell: (member) => member.is_admin ? "admin" : "member",
    },
    { title: "MUTED", cell: (member) => member.is_muted ? "yes" : "no" },
    {
      title: "FROM",
      cell: ({ sessions }) => sessions.map(({ ip }) => ip).join(", "),
      canShrink: true,
    },
    {
      title: "JOINED",
      cell: ({ sessions }) => report.instant(sessions[0]?.joined_at),
    },
  ];
  return ["", ...report.table(columns, room.members)];
}
