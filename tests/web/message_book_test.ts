import assert from "node:assert/strict";
import fc from "fast-check";
import type { WireMessage } from "../../src/web/frames.ts";
import {
  type BookListener,
  type Item,
  MessageBook,
} from "../../src/web/message_book.ts";

const ANN = { id: "ann", name: "Ann" };

function message(id: number, more: Partial<WireMessage> = {}): WireMessage {
  return {
    id,
    sender: "bo",
    sender_name: "Bo",
    content: `m${id}`,
    message_type: "text",
    file_url: "",
    file_name: "",
    created_at: "2026-01-01T00:00:00.000Z",
    is_own: false,
    is_read: false,
    ...more,
  };
}

function own(id: number, content = `m${id}`): WireMessage {
  return message(id, { sender: "ann", is_own: true, content });
}

/** Keeps the order that a page would show. */
class Shown implements BookListener {
  readonly items: Item[] = [];

  onPut(item: Item, next: Item | undefined): void {
    this.onDrop(item);
    const index = next === undefined ? -1 : this.items.indexOf(next);
    this.items.splice(index === -1 ? this.items.length : index, 0, item);
  }

  onDrop(item: Item): void {
    const index = this.items.indexOf(item);
    if (index !== -1) this.items.splice(index, 1);
  }

  get texts(): string[] {
    return this.items.map(({ text }) => text);
  }
}

function newBook() {
  const shown = new Shown();
  return { book: new MessageBook(shown), shown };
}

function draft(clientMsgId: string, text = clientMsgId) {
  return { clientMsgId, text, at: 1 };
}

Deno.test("MessageBook shows messages by their numbers, however they come", () => {
  const { book, shown } = newBook();
  for (const id of [3, 5, 1, 2, 4]) book.put(message(id));
  assert.deepEqual(shown.texts, ["m1", "m2", "m3", "m4", "m5"]);
});

Deno.test("MessageBook knows a message that comes twice", () => {
  const { book, shown } = newBook();
  assert.equal(book.put(message(1)), true);
  assert.equal(book.put(message(1, { is_read: true })), false);
  assert.equal(shown.items.length, 1);
  assert.partialDeepStrictEqual(shown.items[0], { isRead: true });
});

Deno.test("MessageBook shows an own message at once, and once", () => {
  const { book, shown } = newBook();
  book.put(message(1));
  book.draft(draft("a", "hello"), ANN);
  book.draft(draft("b", "again"), ANN);
  book.mark("a", "sending");
  assert.deepEqual(shown.texts, ["m1", "hello", "again"]);
  book.put(message(2));
  assert.deepEqual(shown.texts, ["m1", "m2", "hello", "again"]);
  assert.equal(book.put(own(3, "hello"), "a"), false);
  book.settle("a", 3);
  assert.deepEqual(shown.texts, ["m1", "m2", "hello", "again"]);
  assert.deepEqual(book.unsent().map(({ clientMsgId }) => clientMsgId), ["b"]);
  assert.partialDeepStrictEqual(shown.items[2], { place: 3, state: "sent" });
});

Deno.test("MessageBook takes the receipt before the copy too", () => {
  const { book, shown } = newBook();
  book.draft(draft("a"), ANN);
  book.settle("a", 7);
  assert.equal(book.put(own(7, "a"), "a"), false);
  assert.deepEqual(shown.items.map(({ place }) => place), [7]);
});

Deno.test("MessageBook does not take another's id for its own", () => {
  const { book, shown } = newBook();
  book.draft(draft("a", "mine"), ANN);
  book.put(message(1, { content: "theirs" }), "a");
  assert.deepEqual(shown.texts, ["theirs", "mine"]);
});

Deno.test("MessageBook says why a message was not taken, and gives it up", () => {
  const { book, shown } = newBook();
  book.draft(draft("a"), ANN);
  book.mark("a", "failed", "You are muted");
  assert.partialDeepStrictEqual(shown.items[0], {
    state: "failed",
    reason: "You are muted",
  });
  book.discard("a");
  assert.deepEqual(shown.items, []);
});

Deno.test("MessageBook leaves a sent message alone when it is late to fail", () => {
  const { book, shown } = newBook();
  book.draft(draft("a"), ANN);
  book.settle("a", 1);
  book.mark("a", "failed", "late");
  book.discard("a");
  assert.partialDeepStrictEqual(shown.items, [{ state: "sent", reason: "" }]);
});

Deno.test("MessageBook marks messages as read and as deleted", () => {
  const { book, shown } = newBook();
  book.put(own(1));
  book.put(message(2, { file_url: "/f" }));
  book.markRead([1, 9]);
  book.markDeleted(2);
  book.markDeleted(9);
  assert.partialDeepStrictEqual(shown.items, [
    { isRead: true },
    { isDeleted: true, text: "", fileUrl: "" },
  ]);
});

Deno.test("MessageBook puts a note between messages, and changes its text", () => {
  const { book, shown } = newBook();
  book.put(message(1));
  const note = { kind: "note", key: "off", place: 1.5, at: 1 } as const;
  book.note({ ...note, text: "offline" });
  book.put(message(2));
  book.note({ ...note, text: "1 came" });
  assert.deepEqual(shown.texts, ["m1", "1 came", "m2"]);
});

Deno.test("MessageBook keeps what is on its way when the log begins anew", () => {
  const { book, shown } = newBook();
  book.put(message(1));
  book.draft(draft("a"), ANN);
  book.draft(draft("b"), ANN);
  book.settle("b", 2);
  book.reset();
  assert.deepEqual(shown.texts, ["a"]);
  assert.equal(book.put(message(1)), true);
  assert.deepEqual(shown.texts, ["m1", "a"]);
});

Deno.test("MessageBook shows each message once under any order of copies and receipts", () => {
  const step = fc.record({
    what: fc.constantFrom("draft", "copy", "ack", "other", "lost"),
    index: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const { book, shown } = newBook();
    for (const { what, index } of steps) {
      const id = `c${index}`;
      if (what === "draft") book.draft(draft(id), ANN);
      else if (what === "copy") book.put(own(10 + index, id), id);
      else if (what === "ack") book.settle(id, 10 + index);
      else if (what === "other") book.put(message(index + 1));
      else book.mark(id, "unsent");
    }
    assert.equal(new Set(shown.texts).size, shown.texts.length);
    const places = shown.items.map(({ place }) => place);
    assert.deepEqual(places, [...places].sort((one, other) => one - other));
  }));
});
