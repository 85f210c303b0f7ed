import assert from "node:assert/strict";
import type { Call } from "../../src/edge/gate.ts";
import {
  answerCall,
  answerSocket,
  type SocketRoute,
} from "../../src/edge/socket_routes.ts";

const ROUTES: SocketRoute[] = [
  room("/ws/rooms/"),
  room("/ws/chat/"),
  {
    path: "/ws/presence",
    endpoint: { answer: () => Promise.resolve(new Response("presence")) },
  },
];

function room(path: string): SocketRoute {
  return {
    path,
    endpoint: {
      answer: ({ ip, roomId }) =>
        Promise.resolve(new Response(`${path} ${roomId} ${ip}`)),
    },
  };
}

function callOf(path: string): Call {
  const url = new URL(`http://parlor.test${path}`);
  return { request: new Request(url), url, ip: "ip" };
}

async function textOf(path: string): Promise<string | undefined> {
  return await (await answerSocket(ROUTES, callOf(path)))?.text();
}

Deno.test("answerSocket() finds the dialect and the room, with or without a slash", async () => {
  const cases = [
    ["/ws/rooms/r1", "/ws/rooms/ r1 ip"],
    ["/ws/rooms/r1/", "/ws/rooms/ r1 ip"],
    ["/ws/rooms/r1?user_id=x", "/ws/rooms/ r1 ip"],
    ["/ws/chat/r1", "/ws/chat/ r1 ip"],
    ["/ws/chat/r1/", "/ws/chat/ r1 ip"],
    ["/ws/chat/", "/ws/chat/  ip"],
    ["/ws/chat/a%2Fb/", "/ws/chat/ a/b ip"],
    ["/ws/chat/a/b/", "/ws/chat/ a/b ip"],
    ["/ws/chat/%E5%A4%A7/", "/ws/chat/ 大 ip"],
    ["/ws/chat/%ff/", "/ws/chat/ %ff ip"],
    ["/ws/presence", "presence"],
    ["/ws/presence/", "presence"],
  ] as const;
  for (const [path, wanted] of cases) {
    assert.equal(await textOf(path), wanted, path);
  }
});

Deno.test("answerSocket() answers no path that it does not know", async () => {
  const paths = [
    "/",
    "/ws/rooms",
    "/ws/other/r1",
    "/ws/presence/x",
    "/ws/presences",
    "/x/ws/presence",
  ];
  for (const path of paths) assert.equal(await textOf(path), undefined, path);
});

Deno.test("answerCall() sends WebSocket paths to the edge and all else to the HTTP app", async () => {
  const faces = {
    sockets: ROUTES,
    http: ({ url }: Request) => new Response(`http ${new URL(url).pathname}`),
  };
  const cases = [
    ["/", "http /"],
    ["/ws/rooms", "http /ws/rooms"],
    ["/ws/other/r1", "http /ws/other/r1"],
    ["/management/rooms", "http /management/rooms"],
    ["/ws/rooms/r1", "/ws/rooms/ r1 ip"],
    ["/ws/presence", "presence"],
  ] as const;
  for (const [path, wanted] of cases) {
    const response = await answerCall(faces, callOf(path));
    assert.equal(await response.text(), wanted);
  }
});
