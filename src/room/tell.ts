/**
 * How a room tells of an entry of its log.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { RoomEffects } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";

export interface TellOptions {
  /**
   * A session that lags may miss it, and is told which numbers it missed.
   *
   * @default {false}
   */
  readonly droppable?: boolean;
}

/** Broadcasts an entry; who caused it may read another text than the others. */
export function tell(
  entry: LogEntry,
  state: RoomState,
  effects: RoomEffects,
  { droppable = false }: TellOptions = {},
): void {
  const authors = entry.actor === null
    ? []
    : state.presence.sessionsOf(entry.actor);
  effects.broadcast({ type: "entry", entry }, { droppable, authors });
}
