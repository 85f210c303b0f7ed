import assert from "node:assert/strict";
import { EventStream } from "../../src/callback/event_stream.ts";
import type { StreamBounds } from "../../src/callback/outbox.ts";
import type { CallbackEvent } from "../../src/wire/callback.ts";
import { newEvent } from "./callback_event.ts";

const MIB = 1024 * 1024;

function joined(number: number): CallbackEvent {
  const data = { userId: `u${number}`, sessionId: `s${number}` };
  return newEvent("UserJoined", data, { number });
}

/** The stream's rows, and a purge of them at a moment of the test's choice. */
class FakeEventLog {
  events: CallbackEvent[];
  bounds: StreamBounds;
  /** What happens right before the events are read. */
  beforeStream: () => void = () => {};

  constructor(numbers: readonly number[]) {
    this.events = numbers.map(joined);
    const last = numbers.at(-1) ?? 0;
    this.bounds = { epoch: "e1", purgedThrough: 0, last };
  }

  purge(through: number): void {
    this.events = this.events.filter(({ number }) => number > through);
    this.bounds = { ...this.bounds, purgedThrough: through };
  }

  stream(afterNumber: number, limit: number): Promise<CallbackEvent[]> {
    this.beforeStream();
    const later = this.events.filter(({ number }) => number > afterNumber);
    return Promise.resolve(later.slice(0, limit));
  }

  streamBounds(): Promise<StreamBounds> {
    return Promise.resolve(this.bounds);
  }
}

/** A stream of events whose bodies have a text of so many bytes. */
function newStream(numbers: readonly number[], textBytes = 0) {
  const log = new FakeEventLog(numbers);
  const made: number[] = [];
  const bodies = {
    bodyOf: (event: CallbackEvent) => {
      made.push(event.number);
      const text = textBytes === 0 ? "" : "é".padEnd(textBytes - 1, "x");
      return Promise.resolve({ "event_type": event.type, text });
    },
  };
  return { log, made, stream: new EventStream({ log, bodies }) };
}

/** Fails unless a cursor is refused with a code. */
async function assertRefused(
  stream: EventStream,
  after: string,
  code: string,
): Promise<void> {
  const refusal = { name: "ChatError", code };
  await assert.rejects(stream.page({ after, limit: 10 }), refusal, after);
}

function cursorsOf(events: readonly object[]): unknown[] {
  return events.map((event) => "cursor" in event && event.cursor);
}

Deno.test("EventStream gives events in order, each with its id and cursor", async () => {
  const { stream } = newStream([3, 5]);
  assert.deepEqual(await stream.page({ limit: 10 }), {
    events: [
      {
        id: "UserJoined_3",
        cursor: "e1-3",
        "event_type": "UserJoined",
        text: "",
      },
      {
        id: "UserJoined_5",
        cursor: "e1-5",
        "event_type": "UserJoined",
        text: "",
      },
    ],
    next: "e1-5",
    hasMore: false,
  });
});

Deno.test("EventStream goes on where a page ended, each event once", async () => {
  const { stream } = newStream([1, 2, 4, 8, 9]);
  const cursors: unknown[] = [];
  const hasMores: boolean[] = [];
  let after: string | undefined;
  do {
    const query = after === undefined ? {} : { after };
    const page = await stream.page({ ...query, limit: 2 });
    cursors.push(...cursorsOf(page.events));
    hasMores.push(page.hasMore);
    after = page.next;
  } while (hasMores.at(-1));
  assert.deepEqual(cursors, ["e1-1", "e1-2", "e1-4", "e1-8", "e1-9"]);
  assert.deepEqual(hasMores, [true, true, false]);
});

Deno.test("EventStream says that there is no more when a page is just full", async () => {
  for (const [limit, hasMore] of [[2, true], [3, false], [4, false]] as const) {
    const { made, stream } = newStream([1, 2, 3]);
    const page = await stream.page({ limit });
    assert.equal(page.hasMore, hasMore);
    // What is only looked at is not made.
    assert.equal(made.length, page.events.length);
  }
});

Deno.test("EventStream gives the same cursor back when there is nothing new", async () => {
  const { log, stream } = newStream([1, 2]);
  const nothing = { events: [], hasMore: false };
  assert.deepEqual(
    await stream.page({ after: "e1-2", limit: 10 }),
    { ...nothing, next: "e1-2" },
  );
  log.purge(2);
  assert.deepEqual(
    await stream.page({ limit: 10 }),
    { ...nothing, next: "e1-2" },
  );
  assert.deepEqual(
    await newStream([]).stream.page({ limit: 10 }),
    { ...nothing, next: "e1-0" },
  );
});

Deno.test("EventStream ends a page with the event that brings it to 4 MiB", async () => {
  const plain = await newStream([1]).stream.page({ limit: 1 });
  const half = 2 * MIB - JSON.stringify(plain.events[0]).length;
  for (const [bytes, count] of [[half - 1, 3], [half, 2], [half + 1, 2]]) {
    const { made, stream } = newStream([1, 2, 3, 4], bytes);
    const page = await stream.page({ limit: 4 });
    assert.deepEqual(
      cursorsOf(page.events),
      ["e1-1", "e1-2", "e1-3"].slice(0, count),
    );
    assert.deepEqual([page.next, page.hasMore], [`e1-${count}`, true]);
    assert.equal(made.length, count);
  }
});

Deno.test("EventStream gives one event however large it is", async () => {
  const { stream } = newStream([1, 2], 5 * MIB);
  const page = await stream.page({ limit: 10 });
  assert.deepEqual(cursorsOf(page.events), ["e1-1"]);
  assert(page.hasMore);
});

Deno.test("EventStream refuses a cursor whose events were removed", async () => {
  const { log, stream } = newStream([1, 2, 3, 4]);
  log.purge(2);
  await assertRefused(stream, "e1-1", "cursor_expired");
  const page = await stream.page({ after: "e1-2", limit: 10 });
  assert.deepEqual(cursorsOf(page.events), ["e1-3", "e1-4"]);
  const oldest = await stream.page({ limit: 10 });
  assert.deepEqual(cursorsOf(oldest.events), ["e1-3", "e1-4"]);
});

Deno.test("EventStream refuses a cursor whose events are removed while it reads", async () => {
  const { log, stream } = newStream([1, 2, 3, 4]);
  log.beforeStream = () => log.purge(2);
  await assertRefused(stream, "e1-1", "cursor_expired");
});

Deno.test("EventStream begins past older events that still wait to be delivered", async () => {
  const { log, stream } = newStream([1, 2, 3]);
  // The first was kept by the purge since it is not delivered.
  log.bounds = { ...log.bounds, purgedThrough: 2 };
  const page = await stream.page({ limit: 1 });
  assert.deepEqual(cursorsOf(page.events), ["e1-3"]);
  await stream.page({ after: page.next, limit: 1 });
});

Deno.test("EventStream refuses a cursor of another database", async () => {
  const { stream } = newStream([1, 2, 3]);
  await assertRefused(stream, "e2-1", "cursor_expired");
  await assertRefused(stream, "e1-4", "cursor_expired");
});

Deno.test("EventStream refuses what is no cursor", async () => {
  const { stream } = newStream([1]);
  await assertRefused(stream, "yesterday", "bad_request");
});
