/**
 * What the API and the socket of live rooms say, for tests of the command line.
 *
 * @module
 */

import { START_AT } from "./fake_clock.ts";

type Body = Record<string, unknown>;

/** How a link stands, as the socket says it; all is well unless told. */
export function linkBody(changes: Body = {}): Body {
  return {
    live_id: "77",
    source: "demo",
    state: "live",
    active: true,
    wanted: true,
    reconnect_count: 0,
    last_message_time: START_AT / 1000,
    retry_at: null,
    fault: null,
    fault_code: null,
    warning: null,
    quality: 98,
    ...changes,
  };
}

/** A link that waits for its next attempt. */
export function waitingBody(changes: Body = {}): Body {
  return linkBody({
    state: "waiting",
    active: false,
    reconnect_count: 3,
    retry_at: START_AT + 8000,
    fault: "closed",
    fault_code: 1006,
    ...changes,
  });
}

/** What a room has had. */
export function statsBody(changes: Body = {}): Body {
  return {
    messages: 120,
    chats: 30,
    gifts: 4,
    likes: 500,
    members: 6,
    follows: 2,
    current_viewers: 12,
    total_viewers: "43.6万",
    total_viewers_count: 436_000,
    ...changes,
  };
}

/** What the list has beside how a link stands. */
export function countsBody(): Body {
  return {
    watchers: 3,
    stats: statsBody(),
    messages_per_minute: [...Array(59).fill(1), 20],
    added_at: START_AT - 3_600_000,
  };
}

/** All about one link. */
export function linkDetailBody(changes: Body = {}): Body {
  return {
    ...linkBody(),
    ...countsBody(),
    exists: true,
    room_id: "r1",
    epoch: "e1",
    last_seq: 120,
    failing_since: null,
    quality: {
      score: 98,
      parts: {
        live_share: { value: 0.9876, score: 99, weight: 50 },
        reconnects_per_hour: { value: 0.25, score: 98, weight: 20 },
        longest_silence_ms: { value: 12_345, score: 100, weight: 15 },
        lag_ms: { value: null, score: null, weight: 15 },
      },
    },
    ...changes,
  };
}

/** A chat as a list has it. */
export function itemBody(seq: number, data: Body = {}): Body {
  return {
    seq,
    id: `id${seq}`,
    at: START_AT,
    data: {
      type: "chat",
      timestamp: START_AT / 1000,
      live_id: "77",
      user_id: "9007199254740993",
      user_name: "小安",
      content: `n${seq}`,
      user_avatar: "",
      ...data,
    },
  };
}

/** The same as it comes. */
export function messageBody(seq: number, data: Body = {}): Body {
  return { type: "live_message", ...itemBody(seq, data) };
}

/** The first frame of a connection. */
export function snapshotBody(changes: Body = {}): Body {
  return {
    type: "snapshot",
    live_id: "77",
    room_id: "r1",
    session_id: "s1",
    user: { user_id: "viewer-1", nickname: "viewer-1" },
    epoch: "e1",
    last_seq: 2,
    recovered: false,
    status: linkBody(),
    stats: statsBody(),
    messages: [itemBody(1), itemBody(2)],
    ...changes,
  };
}
