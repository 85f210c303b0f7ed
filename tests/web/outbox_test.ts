import assert from "node:assert/strict";
import { Outbox, OUTBOX_MAX } from "../../src/web/outbox.ts";

class FakeStorage {
  readonly texts = new Map<string, string>();
  getItem(key: string): string | null {
    return this.texts.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    this.texts.set(key, text);
  }
  removeItem(key: string): void {
    this.texts.delete(key);
  }
}

function draft(clientMsgId: string) {
  return { clientMsgId, text: "hello", at: 1 };
}

Deno.test("Outbox keeps drafts over a reload until they are let go", () => {
  const storage = new FakeStorage();
  const before = new Outbox(storage, "k");
  before.add(draft("a"));
  before.add(draft("b"));
  const after = new Outbox(storage, "k");
  assert.deepEqual(after.all(), [draft("a"), draft("b")]);
  after.remove("a");
  assert.deepEqual(new Outbox(storage, "k").all(), [draft("b")]);
  after.remove("b");
  assert.equal(storage.texts.size, 0);
});

Deno.test("Outbox takes a bounded number of drafts", () => {
  const outbox = new Outbox(new FakeStorage(), "k");
  for (let count = 1; count <= OUTBOX_MAX; count++) {
    assert.equal(outbox.add(draft(`${count}`)), true);
  }
  assert.equal(outbox.add(draft("more")), false);
  assert.equal(outbox.all().length, OUTBOX_MAX);
});

Deno.test("Outbox begins empty where the storage holds something else", () => {
  for (const text of ["{", "null", "7", '[{"text":"x"}]', '["a"]']) {
    const storage = new FakeStorage();
    storage.setItem("k", text);
    assert.deepEqual(new Outbox(storage, "k").all(), [], text);
  }
});
