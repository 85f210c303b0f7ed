import assert from "node:assert/strict";
import {
  ANSWER_BYTES_MAX,
  BODY_MS_MAX,
  readBody,
} from "../../cli/answer_body.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A body of `count` times `chunk`; it notes whether it was cancelled. */
function bodyOf(chunk: Uint8Array, count: number) {
  let left = count;
  const state = { isCancelled: false };
  const stream = new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: () => void (state.isCancelled = true),
  });
  return { response: new Response(stream), state };
}

Deno.test("readBody joins chunks, a character split over two included", async () => {
  const bytes = new TextEncoder().encode("大厅");
  const parts = [bytes.subarray(0, 2), bytes.subarray(2)];
  const response = new Response(ReadableStream.from(parts));
  const clock = new FakeClock();
  assert.equal(await readBody(response, clock), "大厅");
  assert.equal(clock.armed, 0);
});

Deno.test("readBody answers an empty text where there is no body", async () => {
  assert.equal(await readBody(new Response(null), new FakeClock()), "");
});

Deno.test("readBody holds its bound and refuses what goes on", async () => {
  const mebibyte = new Uint8Array(2 ** 20).fill(0x20);
  const full = bodyOf(mebibyte, ANSWER_BYTES_MAX / 2 ** 20);
  const text = await readBody(full.response, new FakeClock());
  assert.equal(text.length, ANSWER_BYTES_MAX);

  const over = bodyOf(mebibyte, Infinity);
  await assert.rejects(readBody(over.response, new FakeClock()), {
    name: "AnswerTooLargeError",
    message:
      `The answer is larger than ${ANSWER_BYTES_MAX} bytes: ask for less`,
  });
  assert.equal(over.state.isCancelled, true);
});

Deno.test("readBody gives up on an answer that does not end", async () => {
  const clock = new FakeClock();
  const response = new Response(new ReadableStream());
  const reading = assert.rejects(readBody(response, clock), {
    name: "UnreachableError",
    message: "The answer took longer than 60 s",
  });
  await clock.advance(BODY_MS_MAX);
  await reading;
});

Deno.test("readBody says when the connection broke", async () => {
  const response = new Response(
    new ReadableStream({ start: (control) => control.error(new Error("x")) }),
  );
  await assert.rejects(readBody(response, new FakeClock()), {
    name: "UnreachableError",
    message: "The connection broke while the server answered",
  });
});
