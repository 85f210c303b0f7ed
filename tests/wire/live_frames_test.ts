// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  EntryKind,
  EntryPayloads,
  LogEntry,
} from "../../src/wire/entry.ts";
import type { LinkStatus } from "../../src/wire/live.ts";
import {
  liveEntryFrame,
  liveMessageBody,
  liveMessageText,
  statsBody,
  statusBody,
} from "../../src/wire/live_frames.ts";
import { LINK_STATUS } from "./live_events.ts";

const PLACE = { seq: 7, id: "id7", at: 1_767_225_600_250 };
const HEAD = '"seq":7,"id":"id7","at":1767225600250,"data":';

function entryOf<Kind extends EntryKind>(
  kind: Kind,
  payload: EntryPayloads[Kind],
  actor: string | null = null,
): LogEntry {
  return { roomId: "r", ...PLACE, kind, actor, payload } as LogEntry;
}

/** A gift from outside, with that text. */
function fed(text: string): LogEntry {
  return entryOf("live", { type: "gift", text, count: 3, upstreamId: "u1" });
}

/** An entry's frame as a client parses it. */
function heard(entry: LogEntry): Record<string, unknown> {
  const frame = liveEntryFrame(entry, "77");
  assert(frame !== null, `${entry.kind} has no word`);
  return JSON.parse(frame);
}

Deno.test("liveEntryFrame gives what came from outside as the very text", () => {
  const text = '{"type":"gift", "user_id":12345678901234567890,"x":1.0}';
  assert.equal(
    liveEntryFrame(fed(text), "77"),
    `{"type":"live_message",${HEAD}${text}}`,
  );
});

Deno.test("liveMessageText gives the same text in a list", () => {
  const text = '{"type":"gift","gift_count":3,"live_id":"77"}';
  assert.equal(liveMessageText(fed(text), "77"), `{${HEAD}${text}}`);
});

Deno.test("liveEntryFrame never changes a byte of a text", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    assert.equal(
      liveEntryFrame(fed(text), "77"),
      `{"type":"live_message",${HEAD}${text}}`,
    );
    const item = liveMessageText(fed(text), "77");
    assert.equal(item, `{${HEAD}${text}}`);
    assert.deepEqual(JSON.parse(item ?? "").data, JSON.parse(text));
  }));
});

Deno.test("liveEntryFrame gives a viewer's message in the shape of a chat", () => {
  const payload = {
    nickname: "安",
    content: "你好",
    isAdmin: false,
    clientMsgId: "m1",
  };
  const data = {
    type: "chat",
    timestamp: 1_767_225_600.25,
    user_id: "ann",
    user_name: "安",
    content: "你好",
    user_avatar: "",
    live_id: "77",
    viewer: true,
  };
  const entry = entryOf("message", payload, "ann");
  const item = { ...PLACE, client_msg_id: "m1", data };
  assert.deepEqual(heard(entry), { type: "live_message", ...item });
  assert.deepEqual(liveMessageBody(entry, "77"), item);
  const gone = { ...payload, content: "", deleted: true } as const;
  assert.deepEqual(heard(entryOf("message", gone, "ann"))["data"], {
    ...data,
    content: "",
    deleted: true,
  });
});

Deno.test("liveEntryFrame says what the operator does, and a list says it too", () => {
  const payload = { a: [1, null] };
  const cases: [LogEntry, { type: string; [field: string]: unknown }][] = [
    [
      entryOf("system", { message: "维护" }),
      { type: "system", message: "维护" },
    ],
    [
      entryOf("custom_event", { eventType: "quiz", payload }, "op"),
      { type: "custom_event", event_type: "quiz", payload, from: "op" },
    ],
    [
      entryOf("delete", { seq: 3 }),
      { type: "message_deleted", target_seq: 3 },
    ],
    [
      entryOf("end", { reason: "closed" }),
      { type: "room_ended", reason: "closed" },
    ],
  ];
  for (const [entry, said] of cases) {
    assert.deepEqual(heard(entry), { ...said, ...PLACE });
    assert.deepEqual(liveMessageBody(entry, "77"), { ...PLACE, data: said });
  }
});

Deno.test("liveEntryFrame tells viewers nothing of each other", () => {
  const user = { userId: "bob" };
  const silent = [
    entryOf("relay", { identity: "sensor", sessionId: "s1", text: "{}" }),
    entryOf("read", { seqs: [3] }),
    entryOf("open", { participants: [] }),
    entryOf("kick", user),
    entryOf("ban", { ...user, until: null }),
    entryOf("unban", user),
    entryOf("mute", { ...user, until: null }),
    entryOf("unmute", user),
    entryOf("admins", { userIds: [] }),
    entryOf("settings", { name: "New" }),
  ];
  for (const entry of silent) {
    assert.equal(liveEntryFrame(entry, "77"), null, entry.kind);
    assert.equal(liveMessageText(entry, "77"), null, entry.kind);
    assert.equal(liveMessageBody(entry, "77"), null, entry.kind);
  }
});

/** A link that is down. */
const STATUS: LinkStatus = {
  ...LINK_STATUS,
  state: "waiting",
  isActive: false,
  reconnectCount: 3,
  lastMessageAt: 1_767_225_600_250,
  retryAt: 1_767_225_608_000,
  fault: "closed",
  faultCode: 1006,
  warning: "直播间 77 超过60秒未收到消息，可能连接异常",
  quality: 87,
};

Deno.test("statusBody says last_message_time in seconds and retry_at in ms", () => {
  assert.deepEqual(statusBody(STATUS), {
    live_id: "77",
    source: "demo",
    state: "waiting",
    active: false,
    wanted: true,
    reconnect_count: 3,
    last_message_time: 1_767_225_600.25,
    retry_at: 1_767_225_608_000,
    fault: "closed",
    fault_code: 1006,
    warning: "直播间 77 超过60秒未收到消息，可能连接异常",
    quality: 87,
  });
});

Deno.test("statusBody says null for what is not known, never nothing", () => {
  const body = statusBody(LINK_STATUS);
  const { retry_at, fault, fault_code, warning, quality } = body;
  const said = [retry_at, fault, fault_code, warning, quality];
  assert.deepEqual(said, [null, null, null, null, null]);
});

Deno.test("statsBody keeps the platform's text beside the number", () => {
  assert.deepEqual(
    statsBody({
      messages: 9,
      chats: 1,
      gifts: 20,
      likes: 300,
      members: 4,
      follows: 5,
      currentViewers: 12,
      totalViewers: "43.6万",
      totalViewersCount: 436_000,
    }),
    {
      messages: 9,
      chats: 1,
      gifts: 20,
      likes: 300,
      members: 4,
      follows: 5,
      current_viewers: 12,
      total_viewers: "43.6万",
      total_viewers_count: 436_000,
    },
  );
});
