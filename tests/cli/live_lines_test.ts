import assert from "node:assert/strict";
import { linkDetailAnswer, linksAnswer } from "../../cli/live_answers.ts";
import { linkLines, linksLines } from "../../cli/live_lines.ts";
import { Report } from "../../cli/report.ts";
import { FakeCli } from "../support/fake_cli.ts";
import {
  countsBody,
  linkBody,
  linkDetailBody,
  statsBody,
} from "../support/live_bodies.ts";

const report = new Report(new FakeCli(), false);

/** The value of a field of all about one link. */
function fieldOf(name: string, changes: Record<string, unknown>): string {
  const link = linkDetailAnswer.parse(linkDetailBody(changes));
  const line = linkLines(report, link).find((one) => one.startsWith(name));
  return line?.slice(name.length).trim() ?? "";
}

Deno.test("linksLines shows what nobody knows yet as none", () => {
  const unknown = { "current_viewers": null, "total_viewers": null };
  const { connections } = linksAnswer.parse({
    "active_rooms": ["a\x1b"],
    connections: {
      "a\x1b": {
        ...linkBody({ quality: null, state: "checking" }),
        ...countsBody(),
        stats: statsBody(unknown),
        "messages_per_minute": [],
      },
    },
  });
  const [, line] = linksLines(report, connections);
  assert.deepEqual(
    line?.split(/ +/),
    ["a\\x1b", "demo", "checking", "-", "-", "-", "3", "0", "-", "-"],
  );
});

Deno.test("linkLines counts this minute and this hour", () => {
  const minutes = { "messages_per_minute": [1, 2, 3] };
  assert.equal(fieldOf("this minute", minutes), "3 messages");
  assert.equal(fieldOf("this hour", minutes), "6 messages");
  const none = { "messages_per_minute": [] };
  assert.equal(fieldOf("this minute", none), "0 messages");
});

Deno.test("linkLines shows what a link has not as none", () => {
  const none = { "room_id": null, "last_seq": null };
  assert.equal(fieldOf("room", none), "-");
  assert.equal(fieldOf("last seq", none), "-");
  assert.equal(fieldOf("failing since", {}), "-");
  assert.equal(fieldOf("next try", {}), "-");
});

Deno.test("linkLines measures each part of a quality in its own unit", () => {
  const part = (value: number) => ({ value, score: 7, weight: 25 });
  const quality = {
    score: 7,
    parts: {
      "live_share": part(1),
      "reconnects_per_hour": part(12),
      "longest_silence_ms": part(600_000),
      "lag_ms": part(49),
    },
  };
  const link = linkDetailAnswer.parse(linkDetailBody({ quality }));
  assert.deepEqual(linkLines(report, link).slice(-4), [
    "time live           100 %      7      25",
    "reconnects an hour     12      7      25",
    "longest silence     600 s      7      25",
    "lag                   0 s      7      25",
  ]);
});
