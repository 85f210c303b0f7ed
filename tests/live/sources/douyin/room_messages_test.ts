import assert from "node:assert/strict";
import {
  controlShape,
  roomMessageShape,
  roomRankShape,
  roomStatsShape,
  statsShape,
  streamAdaptationShape,
} from "../../../../src/live/sources/douyin/room_messages.ts";
import {
  commonBytes,
  endBytes,
  userBytes,
} from "../../../support/douyin_frames.ts";
import {
  bytesField,
  fromHex,
  joinBytes,
  numberField,
  textField,
} from "../../../support/wire_bytes.ts";

const COMMON = bytesField(1, commonBytes());
const SENT_AT = 1_767_225_600_000;

Deno.test("statsShape reads 3 total and 11 total pv, as text and as a number", () => {
  const payload = joinBytes(
    COMMON,
    bytesField(2, numberField(1, 5), bytesField(2, userBytes())),
    numberField(3, 1234),
    numberField(7, 99),
    textField(9, "1234"),
    textField(11, "43.6万"),
  );
  assert.deepEqual(statsShape(payload), {
    type: "stats",
    count: 1,
    sentAt: SENT_AT,
    data: {
      current_viewers: 1234,
      total_viewers: "43.6万",
      total_viewers_count: 436_000,
    },
  });
});

Deno.test("controlShape reads that 2 status is 3, and nothing else", () => {
  assert.deepEqual(controlShape(endBytes()), {
    type: "control",
    count: 1,
    sentAt: SENT_AT,
    data: { status: "ended" },
  });
  for (const status of [0, 1, 2, 4]) {
    assert.equal(controlShape(numberField(2, status)), null);
  }
});

Deno.test("roomStatsShape reads 2, 3, 4, 5 and 9", () => {
  const payload = joinBytes(
    COMMON,
    textField(2, "short"),
    textField(3, "middle"),
    textField(4, "long"),
    numberField(5, 12),
    numberField(6, 1_767_225_600),
    numberField(9, 34),
  );
  assert.deepEqual(roomStatsShape(payload), {
    type: "room_stats",
    count: 1,
    sentAt: SENT_AT,
    data: {
      display_short: "short",
      display_middle: "middle",
      display_long: "long",
      display_value: 12,
      total: 34,
    },
  });
});

Deno.test("roomMessageShape reads 2 content", () => {
  const payload = joinBytes(COMMON, textField(2, "news"), numberField(4, 1));
  assert.deepEqual(roomMessageShape(payload), {
    type: "room_message",
    count: 1,
    sentAt: SENT_AT,
    data: { content: "news" },
  });
});

Deno.test("roomRankShape reads 2 ranks of 1 user and 2 score", () => {
  const payload = joinBytes(
    COMMON,
    bytesField(2, bytesField(1, userBytes()), textField(2, "1.2万")),
    bytesField(2, bytesField(1, userBytes({ id: 8n, name: "Ben" }))),
  );
  assert.deepEqual(roomRankShape(payload), {
    type: "room_rank",
    count: 1,
    sentAt: SENT_AT,
    data: {
      ranks: [
        { user_id: "7000000000000000123", user_name: "Ann", score: "1.2万" },
        { user_id: "8", user_name: "Ben", score: "" },
      ],
    },
  });
});

Deno.test("roomRankShape passes on 100 ranks", () => {
  for (const [given, passed] of [[99, 99], [100, 100], [101, 100]] as const) {
    const ranks = Array.from({ length: given }, () => bytesField(2));
    const { data } = roomRankShape(joinBytes(...ranks));
    assert(Array.isArray(data["ranks"]));
    assert.equal(data["ranks"].length, passed);
  }
});

Deno.test("streamAdaptationShape reads 2 adaptation type", () => {
  // 2: 3, and 3 and 4 are floats.
  const payload = joinBytes(COMMON, fromHex("10 03 1d 0000803f 25 0000003f"));
  assert.deepEqual(streamAdaptationShape(payload), {
    type: "stream_adaptation",
    count: 1,
    sentAt: SENT_AT,
    data: { adaptation_type: 3 },
  });
});
