import assert from "node:assert/strict";
import { openTextSocket, type SocketEnd } from "../../cli/text_socket.ts";
import { freeAddress } from "../support/fake_api.ts";
import { within } from "../support/within.ts";

/** A server of WebSockets that answers each text with the same. */
function echoServer(onSocket: (socket: WebSocket) => void) {
  return Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      onSocket(socket);
      return response;
    },
  );
}

/** A connection, what it heard first and how it ended. */
function connect(url: string) {
  const text = Promise.withResolvers<string>();
  const end = Promise.withResolvers<SocketEnd>();
  const socket = openTextSocket(url, {
    onText: text.resolve,
    onEnd: end.resolve,
  });
  return {
    socket,
    text: () => within(text.promise, { what: "a text" }),
    end: () => within(end.promise, { what: "the end" }),
  };
}

Deno.test("openTextSocket sends and hears texts until it is closed", async () => {
  await using server = echoServer((socket) => {
    socket.onopen = () => socket.send("hello");
    socket.onmessage = ({ data }) => socket.close(4500, `${data}`);
  });
  const { socket, text, end } = connect(
    `ws://127.0.0.1:${server.addr.port}/a`,
  );
  assert.equal(await text(), "hello");
  socket.send("bye");
  assert.deepEqual(await end(), { code: 4500, reason: "bye" });
  socket.send("nobody hears it");
  socket.close();
});

Deno.test("openTextSocket ends a connection when it is told to", async () => {
  const closed = Promise.withResolvers<number>();
  await using server = echoServer((socket) => {
    socket.onopen = () => socket.send("hello");
    socket.onclose = ({ code }) => closed.resolve(code);
  });
  const { socket, text, end } = connect(`ws://127.0.0.1:${server.addr.port}/`);
  await text();
  socket.close();
  assert.equal((await end()).code, 1000);
  assert.equal(await closed.promise, 1000);
});

Deno.test("openTextSocket tells of a server that is not there as an end", async () => {
  const { socket, end } = connect(`ws://${freeAddress()}/`);
  socket.send("too early");
  assert.equal((await end()).code, 1006);
});
