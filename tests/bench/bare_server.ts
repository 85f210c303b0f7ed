/**
 * The baseline: the least that a chat server can do on `Deno.serve`.
 *
 * It parses each frame, encodes it again and sends it to a set of sockets, one
 * frame each. No order, no bound, no log, no store. What a room server costs on
 * top of this is its own doing.
 *
 * @module
 */

import { printLine } from "./print.ts";

const sockets = new Set<WebSocket>();

function broadcast(text: string): void {
  const { payload } = JSON.parse(text);
  const frame = JSON.stringify({ type: "Message", payload });
  for (const socket of sockets) {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame);
  }
}

function upgrade(request: Request): Response {
  const { response, socket } = Deno.upgradeWebSocket(request);
  socket.onopen = () => void sockets.add(socket);
  socket.onmessage = ({ data }) => broadcast(data);
  socket.onclose = () => void sockets.delete(socket);
  socket.onerror = () => {};
  return response;
}

const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  upgrade,
);
printLine(`Listening on 127.0.0.1:${server.addr.port}`);
