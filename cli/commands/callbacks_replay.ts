/**
 * `parlor callbacks replay`
 *
 * The server takes so many events a request; the command asks until none is
 * left, within a bound.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import type { EndpointName } from "../../src/wire/callback.ts";
import type { ApiClient } from "../api_client.ts";
import { nonEmpty } from "../arguments.ts";
import { replayAnswer } from "../callback_answers.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  ENDPOINT_FLAG,
  INSTANT_FLAG,
} from "../common_flags.ts";
import type { Report } from "../report.ts";

interface Flags extends CommonFlags {
  readonly id?: string | undefined;
  readonly room?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly endpoint?: EndpointName | undefined;
  readonly delivered: boolean;
}

interface Replayed {
  readonly replayed: number;
  /** After which number to go on; `null` when no event is left that fits. */
  readonly next: number | null;
}

/** Most requests of one run: 10,000 events each. */
const REQUESTS_MAX = 100;

const idFlag = { kind: "parsed", parse: nonEmpty, optional: true } as const;

/** Makes events wait again. */
export const callbacksReplayCommand = buildCommand({
  docs: {
    brief: "Send again what was given up, or with --delivered what arrived too",
    fullDescription: "Events go out again that fit all that is named: at " +
      "least one of --id, --room,\n--from and --to. Times are unix seconds, " +
      "or such as 2026-01-01T08:00:00Z.",
    customUsage: ["--id <id>", "--room <room>", "--from <time> --to <time>"],
  },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      id: {
        ...idFlag,
        placeholder: "id",
        brief: "The one event whose webhook-id this is",
      },
      room: { ...idFlag, placeholder: "room", brief: "Events of this room" },
      from: { ...INSTANT_FLAG, brief: "Happened at or after" },
      to: { ...INSTANT_FLAG, brief: "Happened at or before" },
      endpoint: { ...ENDPOINT_FLAG, brief: "Only those of this endpoint" },
      delivered: {
        kind: "boolean",
        default: false,
        brief: "Those too that were delivered",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const query = queryOf(flags);
    const api = await this.connectOrOpen(flags);
    const done = await replayAll(api, query);
    const report = this.report(flags);
    report.say(done, `Replayed ${done.replayed} events`);
    remark(report, flags, done);
    if (this.worksOnFile && done.replayed > 0) {
      report.note("They go out when the server starts");
    }
  },
});

function queryOf(flags: Flags): Readonly<Record<string, unknown>> {
  const { id, room, from, to, endpoint, delivered } = flags;
  if ([id, room, from, to].every((one) => one === undefined)) {
    throw new CliError(
      "Cannot replay everything: want --id, --room, --from or --to",
      { exitCode: 2 },
    );
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new CliError("Cannot replay: want --from that is not after --to", {
      exitCode: 2,
    });
  }
  return {
    ...(id === undefined ? {} : { id }),
    ...(room === undefined ? {} : { room_id: room }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(delivered ? { delivered } : {}),
  };
}

async function replayAll(api: ApiClient, query: object): Promise<Replayed> {
  let { replayed, next } = await replayOnce(api, query, 0);
  for (let asked = 1; next !== null && asked < REQUESTS_MAX; asked++) {
    const rest = { ...query, after: next };
    const answer = await replayOnce(api, rest, replayed);
    replayed += answer.replayed;
    next = answer.next;
  }
  return { replayed, next };
}

async function replayOnce(
  api: ApiClient,
  query: unknown,
  before: number,
): Promise<Replayed> {
  try {
    return await api.post("/management/callbacks/replay", query, replayAnswer);
  } catch (thrown) {
    if (!(thrown instanceof CliError) || before === 0) throw thrown;
    throw new CliError(thrown.message, {
      details: [`Replayed ${before} events before that`],
    });
  }
}

function remark(report: Report, flags: Flags, done: Replayed): void {
  if (done.next !== null) {
    // What was delivered fits again, so the same words would begin anew.
    const how = flags.delivered ? " with narrower --from and --to" : "";
    report.note(`There is more: run it again${how}`);
  }
  if (done.replayed > 0 || flags.delivered) return;
  report.note("Nothing fits that was given up; see --delivered");
}
