// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import type {
  EntryKind,
  EntryPayloads,
  LogEntry,
} from "../../src/wire/entry.ts";
import { entryFrame } from "../../src/wire/rooms_entry.ts";

/** What stands beside every payload. */
const PLACE = { id: "id7", seq: 7, at: 1_700_000_000_000 };

/** An entry's frame as a client parses it. */
function frame<Kind extends EntryKind>(
  kind: Kind,
  payload: EntryPayloads[Kind],
  actor: string | null = "adm",
): unknown {
  const entry = { roomId: "r", ...PLACE, kind, actor, payload } as LogEntry;
  return JSON.parse(JSON.stringify(entryFrame(entry)));
}

Deno.test("entryFrame shows a message as the seed's Message", () => {
  const payload = { nickname: "Ann", content: "你好", isAdmin: true };
  assert.deepEqual(frame("message", payload, "ann"), {
    type: "Message",
    payload: { from: "ann", nickname: "Ann", content: "你好", is_admin: true },
    ...PLACE,
  });
});

Deno.test("entryFrame shows the sender's id for a message, and that it is gone", () => {
  const payload = {
    nickname: "Ann",
    content: "",
    isAdmin: false,
    clientMsgId: "m1",
    deleted: true,
  } as const;
  assert.deepEqual(frame("message", payload, "ann"), {
    type: "Message",
    payload: { from: "ann", nickname: "Ann", content: "", is_admin: false },
    ...PLACE,
    client_msg_id: "m1",
    deleted: true,
  });
});

Deno.test("entryFrame shows a message's file and kinds beside the payload", () => {
  const payload = {
    nickname: "Ann",
    content: "",
    isAdmin: false,
    messageType: "image",
    fileUrl: "/tools/uploads/r/a.png",
    fileName: "a.png",
    senderType: "device",
    read: true,
  } as const;
  assert.deepEqual(frame("message", payload, "ann"), {
    type: "Message",
    payload: { from: "ann", nickname: "Ann", content: "", is_admin: false },
    ...PLACE,
    message_type: "image",
    file_url: "/tools/uploads/r/a.png",
    file_name: "a.png",
    sender_type: "device",
  });
});

Deno.test("entryFrame shows what was read, and that a room is complete", () => {
  const participants = [
    { userId: "ann", nickname: "Ann" },
    { userId: "bob", nickname: "Bob" },
  ];
  assert.deepEqual(
    [
      frame("read", { seqs: [2, 3] }, "bob"),
      frame("open", { participants }, null),
    ],
    [
      {
        type: "MessagesRead",
        payload: { seqs: [2, 3], user_id: "bob" },
        ...PLACE,
      },
      {
        type: "RoomOpened",
        payload: {
          participants: [
            { user_id: "ann", nickname: "Ann" },
            { user_id: "bob", nickname: "Bob" },
          ],
        },
        ...PLACE,
      },
    ],
  );
});

Deno.test("entryFrame shows a custom event unchanged", () => {
  const payload = { eventType: "red_packet", payload: { a: [1, null, "x"] } };
  assert.deepEqual(frame("custom_event", payload), {
    type: "CustomEvent",
    payload: { event_type: "red_packet", payload: { a: [1, null, "x"] } },
    ...PLACE,
    from: "adm",
  });
  const bare = { eventType: "e", payload: null };
  assert.deepEqual(frame("custom_event", bare, null), {
    type: "CustomEvent",
    payload: { event_type: "e", payload: null },
    ...PLACE,
    from: null,
  });
});

Deno.test("entryFrame shows a notice and a kick as the seed's System", () => {
  assert.deepEqual(frame("system", { message: "维护" }, null), {
    type: "System",
    payload: { message: "维护" },
    ...PLACE,
  });
  assert.deepEqual(frame("kick", { userId: "bob" }), {
    type: "System",
    payload: { message: "用户 bob 已被踢出房间" },
    ...PLACE,
    kicked_user_id: "bob",
  });
});

Deno.test("entryFrame shows a mute as the seed's UserMuted, its end beside", () => {
  for (const until of [null, 1_700_000_060_000]) {
    assert.deepEqual(frame("mute", { userId: "bob", until }), {
      type: "UserMuted",
      payload: { user_id: "bob" },
      ...PLACE,
      until,
    });
  }
});

Deno.test("entryFrame shows the penalties that the seed does not have", () => {
  assert.deepEqual(
    [
      frame("unmute", { userId: "bob" }),
      frame("ban", { userId: "bob", until: null }),
      frame("unban", { userId: "bob" }),
    ],
    [
      { type: "UserUnmuted", payload: { user_id: "bob" }, ...PLACE },
      {
        type: "UserBanned",
        payload: { user_id: "bob", until: null },
        ...PLACE,
      },
      { type: "UserUnbanned", payload: { user_id: "bob" }, ...PLACE },
    ],
  );
});

Deno.test("entryFrame shows that a message was taken back, and by whom", () => {
  assert.deepEqual(frame("delete", { seq: 3 }), {
    type: "MessageDeleted",
    payload: { seq: 3 },
    ...PLACE,
    by: "adm",
  });
});

Deno.test("entryFrame shows new admins and only the settings that changed", () => {
  assert.deepEqual(
    [
      frame("admins", { userIds: ["adm", "ann"] }, null),
      frame("settings", { pinned: null, slowModeSecs: 5 }, null),
      frame("settings", { name: "New", membersMax: 3 }, null),
    ],
    [
      {
        type: "AdminsChanged",
        payload: { admin_user_ids: ["adm", "ann"] },
        ...PLACE,
      },
      {
        type: "RoomUpdated",
        payload: { slow_mode_secs: 5, pinned: null },
        ...PLACE,
      },
      {
        type: "RoomUpdated",
        payload: { name: "New", max_members: 3 },
        ...PLACE,
      },
    ],
  );
});

Deno.test("entryFrame shows the end as the seed's Error", () => {
  assert.deepEqual(frame("end", { reason: "closed" }, null), {
    type: "Error",
    payload: { message: "房间已关闭" },
    ...PLACE,
    code: "room_ended",
  });
});

Deno.test("entryFrame shows what a device sent, and to whom", () => {
  const device = { identity: "sensor", sessionId: "s1" };
  const text = ' {"a": 1.0}';
  assert.deepEqual(
    [
      frame("relay", { ...device, text }, "d1"),
      frame("relay", { ...device, text, to: "d2", clientMsgId: "m1" }, "d1"),
      frame("relay", { ...device, base64: "AP8=" }, "d1"),
    ],
    [
      {
        type: "DeviceMessage",
        payload: { from: "d1", identity: "sensor", text },
        ...PLACE,
      },
      {
        type: "DeviceMessage",
        payload: { from: "d1", identity: "sensor", target: "d2", text },
        ...PLACE,
        client_msg_id: "m1",
      },
      {
        type: "DeviceMessage",
        payload: { from: "d1", identity: "sensor", base64: "AP8=" },
        ...PLACE,
      },
    ],
  );
});

Deno.test("entryFrame shows what a live room was fed, for the management API", () => {
  const said = { type: "gift", user_name: "安", gift_count: 3, live_id: "77" };
  const payload = {
    type: "gift",
    text: JSON.stringify(said),
    count: 3,
    upstreamId: "u1",
  } as const;
  assert.deepEqual(frame("live", payload, null), {
    type: "LiveMessage",
    payload: said,
    ...PLACE,
    count: 3,
    upstream_id: "u1",
  });
  const { upstreamId: _none, ...unnamed } = payload;
  assert.deepEqual(frame("live", { ...unnamed, text: "[]" }, null), {
    type: "LiveMessage",
    payload: { type: "gift" },
    ...PLACE,
    count: 3,
  });
});
