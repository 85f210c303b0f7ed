/**
 * `parlor devices list`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { withQuery } from "../api_path.ts";
import { integerIn, nonEmpty } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { type DeviceAnswer, devicesAnswer } from "../device_answers.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface Flags extends CommonFlags {
  readonly room?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Lists devices. */
export const devicesListCommand = buildCommand({
  docs: { brief: "List the devices that the server knows, by id" },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      room: {
        kind: "parsed",
        parse: nonEmpty,
        optional: true,
        placeholder: "room",
        brief: "Only devices that were in this room last",
      },
      limit: {
        kind: "parsed",
        parse: integerIn(1, 1000),
        default: "100",
        placeholder: "n",
        brief: "Devices on a page",
      },
      after: {
        kind: "parsed",
        parse: nonEmpty,
        optional: true,
        placeholder: "device",
        brief: "Only devices after this id",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const { room, limit, after } = flags;
    const api = await this.connectOrOpen(flags);
    const path = withQuery("/management/devices", {
      after,
      room_id: room,
      limit,
    });
    const answer = await api.get(path, devicesAnswer);
    const report = this.report(flags);
    report.print(answer, () => report.table(columnsOf(report), answer.devices));
    const { next } = answer;
    if (next !== null) report.note(`There is more: --after ${next}`);
  },
});

function columnsOf(report: Report): Column<DeviceAnswer>[] {
  return [
    { title: "DEVICE", cell: (device) => device.device_id, canShrink: true },
    { title: "IDENTITY", cell: (device) => device.identity, canShrink: true },
    { title: "ROOM", cell: (device) => device.room_id },
    {
      title: "CONNECTIONS",
      cell: (device) => `${device.connections}`,
      align: "right",
    },
    {
      title: "FIRST",
      cell: (device) => report.instant(device.first_connected_at),
    },
    {
      title: "LAST",
      cell: (device) => report.instant(device.last_connected_at),
    },
  ];
}
