/**
 * What comes from outside into a live room: kept one by one, and told as it
 * suits those who watch.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import { ChatError } from "../wire/errors.ts";
import type { LiveNews, LiveType } from "../wire/live.ts";
import { BurstWindow, isGathered } from "./burst_window.ts";
import type { RoomEffects, TurnContext } from "./room_effects.ts";
import type { RoomInput } from "./room_input.ts";
import { type RoomState, STORAGE_RETRY_MS } from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";

/** What was fed, and whom to tell what became of it. */
export type FeedInput = Extract<RoomInput, { kind: "feed" }>;

/** The feed of one live room. */
export class Feed {
  readonly #state: RoomState;
  readonly #tally: RoomTally;
  readonly #window = new BurstWindow();

  constructor(state: RoomState, tally: RoomTally) {
    this.#state = state;
    this.#tally = tally;
  }

  /** When what is gathered is to be told, in epoch ms. */
  get dueAt(): number | undefined {
    return this.#window.dueAt;
  }

  /** Keeps messages, as many from the first on as can be kept, and tells them. */
  take({ messages, reply }: FeedInput, context: TurnContext): void {
    if (this.#state.isEnded) return reply.reject(new ChatError("room_ended"));
    const drafts = messages.map((payload) => {
      return { kind: "live", actor: null, payload } as const;
    });
    const entries = this.#state.appendAll(drafts, context);
    if (entries.length === 0) {
      const retryAfterMs = STORAGE_RETRY_MS;
      return reply.reject(
        new ChatError("storage_unavailable", { retryAfterMs }),
      );
    }
    this.#state.lastMessageAt = context.now;
    const keptCount = entries.length;
    // Before the telling: should that fail, what is kept must not come again.
    context.effects.confirm(reply, { keptCount, lastSeq: this.#state.lastSeq });
    // Whoever comes later finds it in the log.
    if (this.#state.presence.userCount === 0) return;
    for (const entry of entries) {
      if (entry.kind === "live") this.#tell(entry, context);
    }
  }

  /** Tells news of the room; how the link stands is remembered. */
  announce(news: LiveNews, { effects }: TurnContext): void {
    if (news.type === "live_status") this.#state.linkStatus = news.status;
    if (this.#state.isEnded) return;
    effects.broadcast(news, { droppable: news.type === "live_stats" });
  }

  /** Tells what is gathered, if that is due. */
  tellDue({ now, effects }: TurnContext): void {
    if (this.#window.isDue(now)) this.flush(effects);
  }

  /**
   * Tells what is gathered now. Before somebody is admitted that must be done:
   * they have it from the log.
   */
  flush(effects: RoomEffects): void {
    const isAnyoneHere = this.#state.presence.userCount > 0;
    for (const event of this.#window.close()) {
      if (!isAnyoneHere) continue;
      if (event.type === "live_burst") {
        this.#tally.liveConflated += event.burst.messages;
      }
      effects.broadcast(event, { droppable: true, isLate: true });
    }
  }

  #tell(entry: LogEntry<"live">, { now, effects }: TurnContext): void {
    const { type } = entry.payload;
    if (isGathered(type)) return this.#window.note(type, entry, now);
    effects.broadcast({ type: "entry", entry }, {
      droppable: !isOwedToAll(type),
    });
  }
}

/** Whether even a viewer who lags is told. */
function isOwedToAll(type: LiveType): boolean {
  return type === "gift" || type === "control";
}
