/**
 * Which paths are WebSockets, and where they lead. A slash at the end of what
 * is asked for makes no difference.
 *
 * @module
 */

import type { Call, Knock } from "./gate.ts";

/** Answers requests to one path, or to all under it that name a room. */
export interface SocketRoute {
  /**
   * Such as `/ws/presence`; or, with a slash at its end, such as `/ws/rooms/`:
   * then a room's id follows.
   */
  readonly path: string;
  readonly endpoint: {
    /** The room's id is empty where none follows. */
    answer(knock: Knock): Promise<Response>;
  };
}

/** Who answers what comes to a port that serves both. */
export interface Faces {
  readonly sockets: readonly SocketRoute[];
  readonly http: (request: Request) => Response | Promise<Response>;
}

/** All WebSockets are under it: other requests need no look at the routes. */
const SOCKETS_PATH = "/ws/";

/** Answers a WebSocket path by its route, and any other over HTTP. */
export function answerCall(
  { http, sockets }: Faces,
  call: Call,
): Response | Promise<Response> {
  const isHttp = !call.url.pathname.startsWith(SOCKETS_PATH);
  if (isHttp) return http(call.request);
  return answerSocket(sockets, call) ?? http(call.request);
}

/** The answer of the first route that knows the path; `undefined` if none. */
export function answerSocket(
  routes: readonly SocketRoute[],
  call: Call,
): Promise<Response> | undefined {
  for (const { endpoint, path } of routes) {
    const roomId = roomIdIn(call.url.pathname, path);
    if (roomId !== undefined) return endpoint.answer({ ...call, roomId });
  }
  return undefined;
}

/** The room's id that a request names; `undefined` if the path is another. */
function roomIdIn(pathname: string, path: string): string | undefined {
  if (!path.endsWith("/")) {
    return withoutSlash(pathname) === path ? "" : undefined;
  }
  if (!pathname.startsWith(path)) return undefined;
  return decoded(withoutSlash(pathname.slice(path.length)));
}

function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
