import assert from "node:assert/strict";
import {
  BYTES_PER_MS_MIN,
  STALL_MS_MAX,
  timelyBody,
} from "../../../src/http/tools/timely_body.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

/** A body that a test sends by hand. */
class World {
  readonly clock = new FakeClock();
  isCancelled = false;
  #controller: ReadableStreamDefaultController | undefined;
  readonly body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => void (this.#controller = controller),
    cancel: () => void (this.isCancelled = true),
  });

  send(bytes: number): void {
    this.#controller?.enqueue(new Uint8Array(bytes));
  }

  end(): void {
    this.#controller?.close();
  }

  breakOff(): void {
    this.#controller?.error(new Error("gone"));
  }

  async read(bytesMax = 2 ** 20): Promise<number> {
    let bytes = 0;
    const expected = { bytesMax, clock: this.clock };
    for await (const chunk of timelyBody(this.body, expected)) {
      bytes += chunk.length;
    }
    return bytes;
  }
}

const LATE = { code: "busy", message: /too slowly/ };

Deno.test("timelyBody reads what comes in time, up to what was announced", async () => {
  const world = new World();
  const read = world.read(30);
  world.send(10);
  await world.clock.advance(STALL_MS_MAX - 1);
  world.send(20);
  world.end();
  assert.equal(await read, 30);
  assert.equal(world.clock.armed, 0);
});

Deno.test("timelyBody gives up a body of which nothing comes", async () => {
  const world = new World();
  const refused = assert.rejects(world.read(), LATE);
  await world.clock.advance(STALL_MS_MAX - 1);
  assert.equal(world.isCancelled, false);
  await world.clock.advance(1);
  await refused;
  assert.equal(world.isCancelled, true);
  assert.equal(world.clock.armed, 0);
});

Deno.test("timelyBody grants time for the bytes that came", async () => {
  const world = new World();
  const refused = assert.rejects(world.read(), LATE);
  world.send(1000 * BYTES_PER_MS_MIN);
  await world.clock.advance(STALL_MS_MAX + 999);
  assert.equal(world.isCancelled, false);
  await world.clock.advance(1);
  await refused;
});

Deno.test("timelyBody refuses more than was announced", async () => {
  const world = new World();
  world.send(31);
  await assert.rejects(world.read(30), { code: "bad_request" });
  assert.equal(world.isCancelled, true);
  assert.equal(world.clock.armed, 0);
});

Deno.test("timelyBody fails as the body does", async () => {
  const world = new World();
  const refused = assert.rejects(world.read(), { message: "gone" });
  world.breakOff();
  await refused;
  await settle();
  assert.equal(world.clock.armed, 0);
});
