// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import type {
  EntryKind,
  EntryPayloads,
  LogEntry,
} from "../../src/wire/entry.ts";
import { chatFrame, chatMessage } from "../../src/wire/chat_entry.ts";

/** What stands beside all that an entry says. */
const PLACE = { id: "id7", seq: 7, at: Date.UTC(2026, 0, 1) };

function entryOf<Kind extends EntryKind>(
  kind: Kind,
  payload: EntryPayloads[Kind],
  actor: string | null = "adm",
): LogEntry<Kind> {
  return { roomId: "r", ...PLACE, kind, actor, payload } as LogEntry<Kind>;
}

/** An entry's frame as a client parses it. */
function frame<Kind extends EntryKind>(
  kind: Kind,
  payload: EntryPayloads[Kind],
  actor: string | null = "adm",
): unknown {
  const entry = entryOf(kind, payload, actor) as LogEntry;
  return heard(entry);
}

/** The same for one reader. */
function heard(entry: LogEntry, readerId?: string): unknown {
  return JSON.parse(JSON.stringify(chatFrame(entry, readerId)));
}

const PLAIN = { nickname: "安", content: "你好", isAdmin: false };

/** A plain message as the seed's clients read it. */
const SHOWN = {
  id: 7,
  sender: "ann",
  content: "你好",
  message_type: "text",
  file_url: "",
  created_at: "2026-01-01T00:00:00.000Z",
  is_own: false,
  is_read: false,
  sender_id: "ann",
  sender_avatar: null,
  sender_name: "安",
  file_name: "",
  sender_type: "user",
};

Deno.test("chatFrame shows a message with all fields of the seed", () => {
  assert.deepEqual(frame("message", PLAIN, "ann"), {
    type: "chat_message",
    message: SHOWN,
    ...PLACE,
  });
});

Deno.test("chatFrame tells only the author that a message is their own", () => {
  const readers: [string | undefined, boolean][] = [
    ["ann", true],
    ["bob", false],
    ["", false],
    [undefined, false],
  ];
  for (const [readerId, isOwn] of readers) {
    assert.deepEqual(heard(entryOf("message", PLAIN, "ann"), readerId), {
      type: "chat_message",
      message: { ...SHOWN, is_own: isOwn },
      ...PLACE,
    });
  }
  const message = chatMessage(entryOf("message", PLAIN, null), undefined);
  assert.equal(message.is_own, false);
});

Deno.test("chatFrame gives all of seed 1's fields back", () => {
  const payload = {
    ...PLAIN,
    clientMsgId: "m1",
    messageType: "image",
    fileUrl: "/tools/uploads/r/a.png",
    fileName: "a.png",
    senderType: "device",
    read: true,
  } as const;
  assert.deepEqual(heard(entryOf("message", payload, "ann"), "ann"), {
    type: "chat_message",
    message: {
      ...SHOWN,
      message_type: "image",
      file_url: "/tools/uploads/r/a.png",
      file_name: "a.png",
      sender_type: "device",
      is_own: true,
      is_read: true,
    },
    ...PLACE,
    client_msg_id: "m1",
  });
});

Deno.test("chatFrame shows that a message was taken back", () => {
  const payload = { ...PLAIN, content: "", deleted: true } as const;
  assert.deepEqual(frame("message", payload, "ann"), {
    type: "chat_message",
    message: { ...SHOWN, content: "", deleted: true },
    ...PLACE,
  });
  assert(!("deleted" in chatMessage(entryOf("message", PLAIN))));
});

Deno.test("chatFrame shows what was read, and what was taken back", () => {
  assert.deepEqual(
    [
      frame("read", { seqs: [2, 3] }, "bob"),
      frame("delete", { seq: 3 }, "ann"),
    ],
    [
      {
        type: "read_status_update",
        message_ids: [2, 3],
        username: "bob",
        ...PLACE,
      },
      { type: "message_deleted", message_id: 3, by: "ann", ...PLACE },
    ],
  );
});

Deno.test("chatFrame shows that a room is complete, and that it ended", () => {
  const participants = [{ userId: "ann", nickname: "安" }];
  const profile = {
    id: "ann",
    username: "ann",
    first_name: "",
    last_name: "",
    display_name: "安",
    avatar_url: null,
    bio: "",
    membership_type: "",
    theme_mode: "",
    tags: [],
    is_online: false,
  };
  assert.deepEqual(
    [frame("open", { participants }), frame("end", { reason: "reaped" }, null)],
    [
      { type: "room_opened", participants: [profile], ...PLACE },
      {
        type: "room_ended",
        reason: "reaped",
        message: "聊天室已结束",
        ...PLACE,
      },
    ],
  );
});

Deno.test("chatFrame shows notices and events unchanged", () => {
  const payload = { a: [1, null, "x"] };
  assert.deepEqual(
    [
      frame("system", { message: "维护" }, null),
      frame("custom_event", { eventType: "gift", payload }),
      frame("custom_event", { eventType: "gift", payload: null }, null),
    ],
    [
      { type: "system", message: "维护", ...PLACE },
      {
        type: "custom_event",
        event_type: "gift",
        payload,
        from: "adm",
        ...PLACE,
      },
      {
        type: "custom_event",
        event_type: "gift",
        payload: null,
        from: null,
        ...PLACE,
      },
    ],
  );
});

Deno.test("chatFrame shows penalties, with their end if they may have one", () => {
  const until = PLACE.at + 60_000;
  const bob = { userId: "bob" };
  assert.deepEqual(
    [
      frame("kick", bob),
      frame("ban", { ...bob, until }),
      frame("unban", bob),
      frame("mute", { ...bob, until: null }),
      frame("unmute", bob),
    ],
    [
      { type: "user_kicked", username: "bob", ...PLACE },
      { type: "user_banned", username: "bob", until, ...PLACE },
      { type: "user_unbanned", username: "bob", ...PLACE },
      { type: "user_muted", username: "bob", until: null, ...PLACE },
      { type: "user_unmuted", username: "bob", ...PLACE },
    ],
  );
});

Deno.test("chatFrame shows new admins and only the settings that changed", () => {
  assert.deepEqual(
    [
      frame("admins", { userIds: ["adm"] }),
      frame("settings", { pinned: null, slowModeSecs: 5 }),
      frame("settings", { name: "New", membersMax: 3 }),
    ],
    [
      { type: "admins_changed", admin_user_ids: ["adm"], ...PLACE },
      { type: "room_updated", slow_mode_secs: 5, pinned: null, ...PLACE },
      { type: "room_updated", name: "New", max_members: 3, ...PLACE },
    ],
  );
});

Deno.test("chatFrame has no word for what a device sent", () => {
  const payload = { identity: "sensor", sessionId: "s1", text: "{}" };
  assert.equal(chatFrame(entryOf("relay", payload, "d1")), null);
});

Deno.test("chatFrame has no word for what a live room is fed", () => {
  const payload = { type: "like", text: "{}", count: 1 } as const;
  assert.equal(chatFrame(entryOf("live", payload, null)), null);
});
