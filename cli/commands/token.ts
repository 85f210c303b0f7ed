/**
 * `parlor token`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { tokenAnswer } from "../answers.ts";
import { durationSecs, nonEmpty } from "../arguments.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { USER } from "../positionals.ts";

interface Flags extends CommonFlags {
  readonly name?: string | undefined;
  readonly room: readonly string[];
  readonly admin: boolean;
  readonly adminOf: readonly string[];
  readonly expires?: number | undefined;
}

/** The longest life of a token, in s: one year. */
const EXPIRES_SECS_MAX = 31_536_000;

const roomIdsFlag = {
  kind: "parsed",
  parse: nonEmpty,
  variadic: true,
  default: [],
  placeholder: "room",
} as const;

/** Mints a token. */
export const tokenCommand = buildCommand({
  docs: { brief: "Mint a token that a client connects with" },
  parameters: {
    positional: { kind: "tuple", parameters: [USER] },
    flags: {
      ...COMMON_FLAGS,
      name: {
        kind: "parsed",
        parse: nonEmpty,
        optional: true,
        placeholder: "nickname",
        brief: "The user's nickname",
      },
      room: { ...roomIdsFlag, brief: "Open this room only; may be repeated" },
      admin: { kind: "boolean", default: false, brief: "Admin of every room" },
      adminOf: { ...roomIdsFlag, brief: "Admin of this room; may be repeated" },
      expires: {
        kind: "parsed",
        parse: expirySecs,
        optional: true,
        placeholder: "duration",
        brief: "How long it is good, such as 10m, 2h or 7d; 1d without it",
      },
    },
  },
  async func(this: CommandScope, flags: Flags, userId: string): Promise<void> {
    const { name, room, admin, adminOf, expires } = flags;
    if (admin && adminOf.length > 0) {
      throw new CliError("Cannot take --admin and --admin-of together", {
        exitCode: 2,
      });
    }
    const api = await this.connectOrOpen(flags);
    const answer = await api.post("/management/tokens", {
      user_id: userId,
      ...(name === undefined ? {} : { name }),
      ...(room.length === 0 ? {} : { rooms: room }),
      ...(admin ? { admin } : {}),
      ...(adminOf.length === 0 ? {} : { admin: adminOf }),
      ...(expires === undefined ? {} : { expires_in_secs: expires }),
    }, tokenAnswer);
    const report = this.report(flags);
    report.say(answer, answer.token);
    report.note(`Good until ${report.instant(answer.expires_at)}`);
  },
});

function expirySecs(input: string): number {
  const secs = durationSecs(input);
  if (secs <= EXPIRES_SECS_MAX) return secs;
  throw new RangeError(`want at most ${EXPIRES_SECS_MAX} s`);
}
