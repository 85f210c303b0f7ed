/**
 * `parlor devices show`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { devicePath, withQuery } from "../api_path.ts";
import { integerIn } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import {
  type ConnectionAnswer,
  type DeviceDetailAnswer,
  deviceDetailAnswer,
  type DeviceStayAnswer,
} from "../device_answers.ts";
import { DEVICE } from "../positionals.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface Flags extends CommonFlags {
  readonly limit: number;
}

/** Shows one device. */
export const devicesShowCommand = buildCommand({
  docs: { brief: "Show a device's last room and its connections" },
  parameters: {
    positional: { kind: "tuple", parameters: [DEVICE] },
    flags: {
      ...COMMON_FLAGS,
      limit: {
        kind: "parsed",
        parse: integerIn(1, 200),
        default: "50",
        placeholder: "n",
        brief: "Connections of its history, the newest",
      },
    },
  },
  async func(
    this: CommandScope,
    flags: Flags,
    deviceId: string,
  ): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const path = withQuery(devicePath(deviceId), { limit: flags.limit });
    const device = await api.get(path, deviceDetailAnswer);
    const report = this.report(flags);
    report.print(device, () => [
      ...report.fields(fieldsOf(report, device)),
      ...section("open now", report.table(liveColumns(report), device.live)),
      ...section("history", report.table(stayColumns(report), device.history)),
    ]);
  },
});

function fieldsOf(
  report: Report,
  device: DeviceDetailAnswer,
): (readonly [string, string])[] {
  return [
    ["device", device.device_id],
    ["identity", device.identity],
    ["room", device.room_id],
    ["first connected", report.instant(device.first_connected_at)],
    ["last connected", report.instant(device.last_connected_at)],
    ["connections", `${device.connections}`],
  ];
}

/** A table below its name, or nothing where it has titles only. */
function section(name: string, table: readonly string[]): readonly string[] {
  return table.length > 1 ? ["", `${name}:`, ...table] : [];
}

function liveColumns(report: Report): Column<ConnectionAnswer>[] {
  return [
    { title: "SESSION", cell: (live) => live.session_id, canShrink: true },
    { title: "ROOM", cell: (live) => live.room_id },
    { title: "IDENTITY", cell: (live) => live.identity, canShrink: true },
    { title: "FROM", cell: (live) => live.ip },
    { title: "CONNECTED", cell: (live) => report.instant(live.connected_at) },
  ];
}

function stayColumns(report: Report): Column<DeviceStayAnswer>[] {
  return [
    { title: "ROOM", cell: (stay) => stay.room_id },
    { title: "IDENTITY", cell: (stay) => stay.identity, canShrink: true },
    { title: "FROM", cell: (stay) => stay.client_ip },
    { title: "CONNECTED", cell: (stay) => report.instant(stay.connected_at) },
    {
      title: "DISCONNECTED",
      cell: (stay) => report.instant(stay.disconnected_at),
    },
    {
      title: "CLOSE",
      cell: ({ close_code: code }) => code === null ? "-" : `${code}`,
      align: "right",
    },
  ];
}
