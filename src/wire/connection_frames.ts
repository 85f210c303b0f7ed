/**
 * Fields of the frames that a connection answers itself: every dialect has
 * them, under names of its own.
 *
 * @module
 */

import { z } from "zod";
import type { ConnectionCommand } from "./command.ts";
import { given, isAbsent } from "./given.ts";
import { HISTORY_LIMIT_DEFAULT, HISTORY_LIMIT_MAX } from "./limits.ts";
import { CHOSEN_STATUSES } from "./presence.ts";

/** How often the server says that a connection lives (COMPAT 0.3), in s. */
export const HEARTBEAT_SECS = 30;

type CommandOf<Type extends ConnectionCommand["type"]> = Extract<
  ConnectionCommand,
  { type: Type }
>;

/** A frame's fields, and the command that they make. */
type FieldsOf<Type extends ConnectionCommand["type"]> = z.ZodType<
  CommandOf<Type>,
  unknown
>;

/** A sign of life that is echoed. */
export function pingFields(): FieldsOf<"ping"> {
  return z.object({ timestamp: z.number().nullish() }).transform(
    ({ timestamp }) => ({ type: "ping", timestamp }),
  );
}

/** A page of the room's log. */
export function historyFields(): FieldsOf<"history"> {
  const range = z.object({
    before_seq: z.int().min(1).nullish(),
    after_seq: z.int().min(0).nullish(),
    limit: z.int().min(1).max(HISTORY_LIMIT_MAX).nullish(),
  });
  return range.refine(
    ({ before_seq, after_seq }) => isAbsent(before_seq) || isAbsent(after_seq),
    "before_seq and after_seq exclude each other",
  ).transform(({ before_seq, after_seq, limit }) => ({
    type: "history",
    limit: limit ?? HISTORY_LIMIT_DEFAULT,
    ...given({ beforeSeq: before_seq, afterSeq: after_seq }),
  }));
}

/** A newer token. */
export function refreshTokenFields(): FieldsOf<"refresh_token"> {
  return z.object({ token: z.string().min(1).max(8192) }).transform(
    ({ token }) => ({ type: "refresh_token", token }),
  );
}

/** What a user says of themselves; `online` when it says nothing. */
export function statusFields(): FieldsOf<"set_status"> {
  return z.object({ status: z.enum(CHOSEN_STATUSES).nullish() }).transform(
    ({ status }) => ({ type: "set_status", status: status ?? "online" }),
  );
}

/** A sign of life that says nothing. */
export function heartbeatFields(): FieldsOf<"heartbeat"> {
  return z.object({}).transform(() => ({ type: "heartbeat" }));
}
