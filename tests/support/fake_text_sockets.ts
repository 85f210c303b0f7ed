/**
 * WebSockets without a network, whose other side is the test.
 *
 * @module
 */

import type { OpenSocket, SocketListener } from "../../cli/text_socket.ts";

/** One connection, from the server's side. */
export class FakeTextSocket {
  readonly url: string;
  /** What the client sent. */
  readonly sent: string[] = [];
  /** Whether the client ended it. */
  isClosed = false;
  readonly #listener: SocketListener;

  constructor(url: string, listener: SocketListener) {
    this.url = url;
    this.#listener = listener;
  }

  /** Sends a text as it is, or anything else as JSON. */
  say(frame: unknown): void {
    const isText = typeof frame === "string";
    this.#listener.onText(isText ? frame : JSON.stringify(frame));
  }

  /** Ends it. */
  end(code = 1006, reason = ""): void {
    this.#listener.onEnd({ code, reason });
  }
}

/** Every connection that was opened. */
export class FakeTextSockets {
  readonly all: FakeTextSocket[] = [];

  /** Opens connections; a method that needs no `this`. */
  readonly open: OpenSocket = (url, listener) => {
    const socket = new FakeTextSocket(url, listener);
    this.all.push(socket);
    return {
      send: (text) => void socket.sent.push(text),
      close: () => {
        if (socket.isClosed) return;
        socket.isClosed = true;
        socket.end(1000);
      },
    };
  };

  /** The newest one. */
  get last(): FakeTextSocket {
    const socket = this.all.at(-1);
    if (socket === undefined) throw new Error("No socket was opened");
    return socket;
  }
}
