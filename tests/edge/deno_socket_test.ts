import assert from "node:assert/strict";
import { denoUpgrade } from "../../src/edge/deno_socket.ts";
import type { Socket, SocketEvents } from "../../src/edge/socket.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { Packet } from "../../src/wire/packet.ts";
import { Inbox } from "../support/inbox.ts";
import { OPCODE, RawSocket } from "../support/raw_socket.ts";
import { within } from "../support/within.ts";

const THREE = new Packet(["one", "zwei", "三"].map((frame) => ({
  frame,
  droppable: false,
  seq: null,
})));

/** A port whose every request becomes a socket of the test's. */
class Sockets implements AsyncDisposable, SocketEvents {
  readonly events = new Inbox<string>();
  /** The reason why the last upgrade was refused. */
  refusal: unknown;
  /** Called with a socket that is not open yet. */
  onUpgraded: (socket: Socket) => void = () => {};
  readonly #isBatched: boolean;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #socket: Socket | undefined;

  constructor({ isBatched = false } = {}) {
    this.#isBatched = isBatched;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get socket(): Socket {
    assert(this.#socket);
    return this.#socket;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Waits for what the socket tells of. */
  async expect(event: string): Promise<void> {
    await this.events.take((one) => one === event, event);
  }

  onOpen(): void {
    this.events.put("open");
  }

  onText(text: string): void {
    this.events.put(`text ${text}`);
  }

  onBinary({ length }: Uint8Array): void {
    this.events.put(`binary ${length}`);
  }

  onClose(code: number): void {
    this.events.put(`close ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #answer(request: Request): Response {
    try {
      const { response, socket } = denoUpgrade(request, {
        protocol: undefined,
        isBatched: this.#isBatched,
        events: this,
      });
      this.#socket = socket;
      this.onUpgraded(socket);
      return response;
    } catch (error) {
      this.refusal = error;
      return new Response("refused", { status: 400 });
    }
  }
}

/** The text frames up to the close frame, and its code. */
async function readToClose(client: RawSocket): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const frame = await client.readFrame();
    if (frame === undefined) return [...seen, "hung up"];
    const { opcode, payload } = frame;
    if (opcode === OPCODE.text) seen.push(new TextDecoder().decode(payload));
    if (opcode !== OPCODE.close) continue;
    const [high = 0, low = 0] = payload;
    const reason = new TextDecoder().decode(payload.subarray(2));
    return [...seen, `close ${(high << 8) | low} ${reason}`];
  }
}

for (
  const { isBatched, wanted } of [
    { isBatched: false, wanted: ["one", "zwei", "三"] },
    { isBatched: true, wanted: ["one\nzwei\n三"] },
  ]
) {
  Deno.test(`denoUpgrade sends a packet as ${wanted.length} frames when isBatched is ${isBatched}`, async () => {
    await using sockets = new Sockets({ isBatched });
    using client = await RawSocket.upgrade(sockets.url);
    await sockets.expect("open");
    sockets.socket.send(THREE);
    sockets.socket.close(4001, "the reason");
    // Neither is heard of any more.
    sockets.socket.send(THREE);
    sockets.socket.close(4002, "another");
    assert.deepEqual(await readToClose(client), [
      ...wanted,
      "close 4001 the reason",
    ]);
    await client.sayGoodbye(4001);
    await sockets.expect("close 4001");
  });
}

Deno.test("denoUpgrade tells of texts and of binary frames by their size", async () => {
  await using sockets = new Sockets();
  using client = await RawSocket.upgrade(sockets.url);
  await client.writeFrame(OPCODE.text, "héllo");
  await client.writeFrame(OPCODE.binary, new Uint8Array(300));
  await client.writeFrame(OPCODE.text, "");
  await client.sayGoodbye(3333);
  await sockets.expect("close 3333");
  assert.deepEqual(sockets.events.all.slice(0, 4), [
    "open",
    "text héllo",
    "binary 300",
    "text ",
  ]);
});

Deno.test("denoUpgrade tells of an end without a word as 1006", async () => {
  await using sockets = new Sockets();
  {
    using _client = await RawSocket.upgrade(sockets.url);
    await sockets.expect("open");
  }
  await sockets.expect("close 1006");
});

Deno.test("denoUpgrade closes, once it is open, a socket that was closed before", async () => {
  await using sockets = new Sockets();
  sockets.onUpgraded = (socket) => {
    socket.close(4001, "stopping");
    socket.send(THREE);
  };
  using client = await RawSocket.upgrade(sockets.url);
  assert.deepEqual(await readToClose(client), ["close 4001 stopping"]);
  await client.sayGoodbye(4001);
  await sockets.expect("close 4001");
});

Deno.test("denoUpgrade knows what waits to be sent", async () => {
  await using sockets = new Sockets();
  using client = await RawSocket.upgrade(sockets.url);
  await sockets.expect("open");
  assert.equal(sockets.socket.bufferedAmount, 0);
  const large = Packet.of("x".repeat(100_000));
  sockets.socket.send(large);
  assert(sockets.socket.bufferedAmount >= 100_000);
  sockets.socket.close(1000, "");
  await readToClose(client);
  await client.sayGoodbye();
  await sockets.expect("close 1000");
});

Deno.test("denoUpgrade refuses a handshake that is none", async () => {
  await using sockets = new Sockets();
  const response = await within(fetch(sockets.url), { what: "an answer" });
  assert.equal(await response.text(), "refused");
  assert(sockets.refusal instanceof ChatError);
  assert.equal(sockets.refusal.code, "upgrade_required");
});
