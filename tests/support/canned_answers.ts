/**
 * Bodies such as the HTTP API answers.
 *
 * @module
 */

import { START_AT } from "./fake_clock.ts";

type Body = Record<string, unknown>;

const START_SECS = START_AT / 1000;

/** A room as the list of rooms has it. */
export function roomBody(changes: Body = {}): Body {
  return {
    room_id: "r1",
    room_name: "Lobby",
    admin_user_ids: ["ann"],
    start_time: START_SECS,
    current_users: 3,
    peak_users: 10,
    total_joins: 44,
    ...changes,
  };
}

/** All of a room. */
export function roomDetailBody(changes: Body = {}): Body {
  return {
    ...roomBody(),
    status: "active",
    end_time: null,
    kind: "managed",
    auto_close: false,
    epoch: "e1",
    last_seq: 120,
    session_count: 4,
    last_message_at: START_AT + 1000,
    settings: {
      name: "Lobby",
      slow_mode_secs: null,
      max_members: null,
      pinned: null,
    },
    ban_count: 1,
    mute_count: 2,
    members: [],
    ...changes,
  };
}

/** What is pending: nothing. */
export function pendingBody(changes: Body = {}): Body {
  return {
    messages: 0,
    records: 0,
    bytes: 0,
    oldest_at: null,
    failing: null,
    ...changes,
  };
}

/** How the server does. */
export function statusBody(changes: Body = {}): Body {
  return {
    version: "0.1.0",
    started_at: START_AT,
    uptime_secs: 3661,
    durability: "journal",
    draining: false,
    ready: true,
    reasons: [],
    rooms: 1,
    connections: 4,
    pending: pendingBody(),
    counters: countersBody(),
    room_list: [],
    ...changes,
  };
}

/** The counters: all 0. */
export function countersBody(changes: Body = {}): Body {
  return {
    frames_in: 0,
    messages_accepted: 0,
    deliveries: 0,
    frames_out: 0,
    deliveries_dropped: 0,
    joins: 0,
    refusals: 0,
    ...changes,
  };
}

/** A room as the status has it. */
export function statusRoomBody(changes: Body = {}): Body {
  return {
    room_id: "r1",
    room_name: "Lobby",
    current_users: 3,
    session_count: 4,
    peak_users: 10,
    total_joins: 44,
    last_seq: 120,
    last_message_at: START_AT,
    ...changes,
  };
}

/** An endpoint to which nothing was sent yet. */
export function endpointBody(changes: Body = {}): Body {
  return {
    endpoint: "room-events",
    url: "http://b.example/hook",
    state: "active",
    reason: null,
    breaker: "closed",
    held_until: null,
    backlog: 0,
    oldest_age_seconds: null,
    in_flight: 0,
    dead: 0,
    last_success_at: null,
    last_error_at: null,
    last_error: null,
    changed_at: START_AT,
    ...changes,
  };
}

/** A device with two connections. */
export function deviceBody(changes: Body = {}): Body {
  return {
    device_id: "d1",
    identity: "sensor",
    room_id: "AB12CD34",
    first_connected_at: START_AT,
    last_connected_at: START_AT + 60_000,
    connections: 2,
    ...changes,
  };
}

/** What a device sent, as the log of its room has it. */
export function deviceMessageBody(seq: number, changes: Body = {}): Body {
  return {
    type: "DeviceMessage",
    payload: { from: "d1", identity: "sensor", text: `{"n":${seq}}` },
    id: `i${seq}`,
    seq,
    at: START_AT,
    ...changes,
  };
}

/** The last entry of a room's log. */
export function roomEndBody(seq: number): Body {
  return {
    type: "Error",
    payload: { message: "The room has ended" },
    code: "room_ended",
    id: `i${seq}`,
    seq,
    at: START_AT,
  };
}

/** A page of a room's log, the last one. */
export function historyBody(entries: readonly unknown[]): Body {
  return { room_id: "r1", entries, has_more: false };
}
