import assert from "node:assert/strict";
import {
  roomEventBody,
  type RoomEventType,
  statsBody,
} from "../../src/callback/room_event_body.ts";
import type { CallbackData, CallbackEvent } from "../../src/wire/callback.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newEvent } from "./callback_event.ts";

const AT = START_AT / 1000;

/** The JSON of an event's body, written out: the order of keys is pinned. */
function bodyText<Type extends RoomEventType>(
  type: Type,
  data: CallbackData[Type],
): string {
  const event = newEvent(type, data) as CallbackEvent<RoomEventType>;
  return JSON.stringify(roomEventBody(event));
}

Deno.test("roomEventBody tells that a room began", () => {
  assert.equal(
    bodyText("RoomCreated", { roomName: "Lounge", adminUserIds: ["a", "b"] }),
    `{"event_type":"RoomCreated","room_id":"r1","room_name":"Lounge",` +
      `"admin_ids":["a","b"],"timestamp":${AT}}`,
  );
});

Deno.test("roomEventBody tells that a room ended", () => {
  assert.equal(
    bodyText("RoomClosed", { currentUsers: 2, peakUsers: 5, totalJoins: 8 }),
    `{"event_type":"RoomClosed","room_id":"r1","final_stats":` +
      `{"current_users":2,"peak_users":5,"total_joins":8},"timestamp":${AT}}`,
  );
});

Deno.test("roomEventBody tells who came and who left", () => {
  assert.equal(
    bodyText("UserJoined", { userId: "u1", sessionId: "s1" }),
    `{"event_type":"UserJoined","room_id":"r1","user_id":"u1",` +
      `"session_id":"s1","timestamp":${AT}}`,
  );
  assert.equal(
    bodyText("UserLeft", { userId: "u1", sessionId: "s1", durationSecs: 90 }),
    `{"event_type":"UserLeft","room_id":"r1","user_id":"u1","duration":90,` +
      `"session_id":"s1","timestamp":${AT}}`,
  );
});

Deno.test("roomEventBody tells what an admin did to a user", () => {
  const moderated = { userId: "u1", actor: "admin1", seq: 7 };
  for (const type of ["UserKicked", "UserUnbanned", "UserUnmuted"] as const) {
    assert.equal(
      bodyText(type, moderated),
      `{"event_type":"${type}","room_id":"r1","user_id":"u1",` +
        `"by":"admin1","seq":7,"timestamp":${AT}}`,
    );
  }
});

Deno.test("roomEventBody tells until when a user is banned or muted", () => {
  const moderated = { userId: "u1", actor: null, seq: 7 };
  for (const type of ["UserBanned", "UserMuted"] as const) {
    for (const until of [START_AT + 60_001, null]) {
      assert.equal(
        bodyText(type, { ...moderated, until }),
        `{"event_type":"${type}","room_id":"r1","user_id":"u1","by":null,` +
          `"seq":7,"until":${until},"timestamp":${AT}}`,
      );
    }
  }
});

Deno.test("roomEventBody tells which message was deleted", () => {
  assert.equal(
    bodyText("MessageDeleted", { messageSeq: 3, actor: "admin1", seq: 7 }),
    `{"event_type":"MessageDeleted","room_id":"r1","seq":3,"by":"admin1",` +
      `"entry_seq":7,"timestamp":${AT}}`,
  );
});

Deno.test("statsBody has the counts and nothing else", () => {
  const counts = { currentUsers: 2, peakUsers: 5, totalJoins: 8, sessions: 3 };
  assert.deepEqual(statsBody(counts), {
    "current_users": 2,
    "peak_users": 5,
    "total_joins": 8,
  });
});
