/**
 * `parlor bans …` and `parlor mutes …`: the same commands for two penalties.
 *
 * @module
 */

import { buildCommand, buildRouteMap, type RouteMap } from "@stricli/core";
import { PENALTY_SECS_MAX } from "../../src/wire/limits.ts";
import {
  bansAnswer,
  changeAnswer,
  mutesAnswer,
  type PenaltyAnswer,
} from "../answers.ts";
import type { ApiClient } from "../api_client.ts";
import { roomPath, withQuery } from "../api_path.ts";
import { durationSecs, integerIn } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ROOM, USER } from "../positionals.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface PenaltyList {
  readonly total: number;
  readonly rows: readonly PenaltyAnswer[];
}

/** What differs between the two. */
interface PenaltyWords {
  readonly noun: "bans" | "mutes";
  readonly verb: string;
  readonly done: string;
  readonly undone: string;
  readonly list: (api: ApiClient, path: string) => Promise<PenaltyList>;
}

interface ListFlags extends CommonFlags {
  readonly limit: number;
  readonly offset: number;
}

interface AddFlags extends CommonFlags {
  readonly for?: number | undefined;
}

/** `parlor bans …` */
export const bansCommands = penaltyCommands({
  noun: "bans",
  verb: "Ban",
  done: "Banned",
  undone: "Unbanned",
  list: async (api, path) => {
    const answer = await api.get(path, bansAnswer);
    return { ...answer, rows: answer.bans };
  },
});

/** `parlor mutes …` */
export const mutesCommands = penaltyCommands({
  noun: "mutes",
  verb: "Mute",
  done: "Muted",
  undone: "Unmuted",
  list: async (api, path) => {
    const answer = await api.get(path, mutesAnswer);
    return { ...answer, rows: answer.mutes };
  },
});

function penaltyCommands(words: PenaltyWords): RouteMap<CommandScope> {
  return buildRouteMap({
    docs: { brief: `List, add and remove ${words.noun} of a room` },
    routes: {
      list: listCommand(words),
      add: addCommand(words),
      remove: removeCommand(words),
    },
  });
}

function listCommand(words: PenaltyWords) {
  return buildCommand({
    docs: { brief: `List the ${words.noun} of a room` },
    parameters: {
      positional: { kind: "tuple", parameters: [ROOM] },
      flags: {
        ...COMMON_FLAGS,
        limit: {
          kind: "parsed",
          parse: integerIn(1, 10_000),
          default: "1000",
          placeholder: "n",
          brief: "Rows on a page",
        },
        offset: {
          kind: "parsed",
          parse: integerIn(0, 1_000_000_000),
          default: "0",
          placeholder: "n",
          brief: "Rows to skip",
        },
      },
    },
    async func(
      this: CommandScope,
      flags: ListFlags,
      roomId: string,
    ): Promise<void> {
      const { limit, offset } = flags;
      const api = await this.connectOrOpen(flags);
      const path = withQuery(roomPath(roomId, words.noun), { limit, offset });
      const { rows, ...answer } = await words.list(api, path);
      const report = this.report(flags);
      report.print(answer, () => report.table(columnsOf(report), rows));
      const seen = offset + rows.length;
      if (seen < answer.total) {
        report.note(`${seen} of ${answer.total}; more: --offset ${seen}`);
      }
    },
  });
}

function addCommand(words: PenaltyWords) {
  return buildCommand({
    docs: { brief: `${words.verb} a user, for good or --for a time` },
    parameters: {
      positional: { kind: "tuple", parameters: [ROOM, USER] },
      flags: {
        ...COMMON_FLAGS,
        for: {
          kind: "parsed",
          parse: penaltySecs,
          optional: true,
          placeholder: "duration",
          brief: "How long, such as 90s, 10m, 2h or 7d; for good without it",
        },
      },
    },
    async func(
      this: CommandScope,
      flags: AddFlags,
      roomId: string,
      userId: string,
    ): Promise<void> {
      const api = await this.connectOrOpen(flags);
      const change = await api.post(
        roomPath(roomId, words.noun),
        {
          user_id: userId,
          ...(flags.for === undefined ? {} : { duration_secs: flags.for }),
        },
        changeAnswer,
      );
      const report = this.report(flags);
      const length = flags.for === undefined ? "for good" : `${flags.for} s`;
      report.say(
        change,
        change.seq === null
          ? `No change: ${userId} already was so in room ${roomId}`
          : `${words.done} ${userId} in room ${roomId}: ${length}`,
      );
    },
  });
}

function removeCommand(words: PenaltyWords) {
  return buildCommand({
    docs: { brief: `Take a ${words.verb.toLowerCase()} back` },
    parameters: {
      positional: { kind: "tuple", parameters: [ROOM, USER] },
      flags: COMMON_FLAGS,
    },
    async func(
      this: CommandScope,
      flags: CommonFlags,
      roomId: string,
      userId: string,
    ): Promise<void> {
      const api = await this.connectOrOpen(flags);
      await api.change("DELETE", roomPath(roomId, words.noun, userId));
      this.report(flags).done(`${words.undone} ${userId} in room ${roomId}`);
    },
  });
}

function penaltySecs(input: string): number {
  const secs = durationSecs(input);
  if (secs <= PENALTY_SECS_MAX) return secs;
  throw new RangeError(`want at most ${PENALTY_SECS_MAX} s`);
}

function columnsOf(report: Report): Column<PenaltyAnswer>[] {
  return [
    { title: "USER", cell: (row) => row.user_id },
    {
      title: "UNTIL",
      cell: (row) =>
        row.until === null ? "for good" : report.instant(row.until),
    },
    { title: "SINCE", cell: (row) => report.instant(row.at) },
  ];
}
