/**
 * A platform in the shape of douyin, for tests: its pages, its states, a signer
 * and a push server, on one local port.
 *
 * It says what the documentation says, in bytes that are written by field
 * numbers; it has nothing of the program's own.
 *
 * @module
 */

import { Inbox } from "./inbox.ts";

/** A request that came, in words. */
export interface PlatformRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
}

/** One connection to the push server. */
export class PushSocket {
  readonly url: URL;
  readonly headers: Headers;
  /** Binary frames that came, as hex. */
  readonly frames = new Inbox<string>();
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, request: Request) {
    this.#socket = socket;
    this.url = new URL(request.url);
    // The request is gone once it is answered.
    this.headers = new Headers(request.headers);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      this.frames.put(data instanceof ArrayBuffer ? hexOf(data) : `${data}`);
    };
    socket.onclose = ({ code }) => this.frames.end(`closed with ${code}`);
  }

  /** Takes the next frame, when it comes. */
  async expectFrame(hex: string): Promise<void> {
    await this.frames.take((frame) => frame === hex, `frame ${hex}`);
  }

  send(frame: Uint8Array | string): void {
    this.#socket.send(typeof frame === "string" ? frame : frame.slice());
  }

  close(code = 1000): void {
    this.#socket.close(code);
  }
}

/** The platform; what it answers can be changed at any time. */
export class DouyinUpstream implements AsyncDisposable {
  /** The number of the broadcast on a room's page; empty for none. */
  roomId = "7412345678901234567";
  /** The `room_status` of rooms. */
  roomStatus = 0;
  /** The whole answer about a room's state, in place of a right one. */
  stateText: string | undefined;
  /** What the signer answers with. */
  signerStatus = 200;
  /** An HTTP status that the push server refuses with. */
  refusal: number | undefined;
  /** Signatures that were made: `signature-1`, `signature-2`, … */
  signatureCount = 0;
  readonly requests: PlatformRequest[] = [];
  readonly #sockets = new Inbox<PushSocket>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => this.#answer(request),
    );
  }

  /** The settings that lead here. */
  get settings(): Record<"pageUrl" | "pushUrl" | "signerUrl", string> {
    const host = `127.0.0.1:${this.#server.addr.port}`;
    return {
      pageUrl: `http://${host}`,
      pushUrl: `ws://${host}/webcast/im/push/v2/`,
      signerUrl: `http://${host}/sign`,
    };
  }

  /** The next connection to the push server. */
  async accept(): Promise<PushSocket> {
    return await this.#sockets.take(() => true, "push connection");
  }

  /** The paths that were asked for, in order. */
  get paths(): string[] {
    return this.requests.map(({ path }) => path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.all) socket.close();
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const { method } = request;
    const isPush = pathname === "/webcast/im/push/v2/";
    this.requests.push({
      method,
      path: pathname,
      query: searchParams,
      headers: new Headers(request.headers),
      body: isPush ? "" : await request.text(),
    });
    if (isPush) return this.#push(request);
    if (pathname === "/sign") return this.#sign();
    if (pathname === "/webcast/room/web/enter/") return this.#state();
    return this.#page(pathname);
  }

  #page(path: string): Response {
    const data =
      `self.__pace_f.push([1,"{\\"roomId\\":\\"${this.roomId}\\"}"])`;
    const headers = new Headers({ "content-type": "text/html" });
    if (path === "/") {
      headers.append("set-cookie", "ttwid=1%7Cvisitor; Path=/; HttpOnly");
      headers.append("set-cookie", "__ac_nonce=0abc; Path=/");
    }
    return new Response(`<html><script>${data}</script></html>`, { headers });
  }

  #state(): Response {
    if (this.stateText !== undefined) return new Response(this.stateText);
    return Response.json({
      data: {
        room_status: this.roomStatus,
        user: { id_str: "7", nickname: "Host" },
        data: [{ id_str: this.roomId, status: this.roomStatus === 0 ? 2 : 4 }],
      },
      status_code: 0,
    });
  }

  #sign(): Response {
    if (this.signerStatus !== 200) {
      return new Response("no", { status: this.signerStatus });
    }
    this.signatureCount += 1;
    return Response.json({ signature: `signature-${this.signatureCount}` });
  }

  #push(request: Request): Response {
    if (this.refusal !== undefined) {
      return new Response("refused", { status: this.refusal });
    }
    const { socket, response } = Deno.upgradeWebSocket(request);
    const push = new PushSocket(socket, request);
    socket.onopen = () => this.#sockets.put(push);
    return response;
  }
}

function hexOf(buffer: ArrayBuffer): string {
  return new Uint8Array(buffer).toHex();
}
