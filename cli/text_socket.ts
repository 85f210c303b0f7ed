/**
 * A WebSocket of texts, as the commands use one.
 *
 * @module
 */

/** How a connection ended. */
export interface SocketEnd {
  /** The close code; 1006 where there was none. */
  readonly code: number;
  readonly reason: string;
}

/** Who listens to a connection. */
export interface SocketListener {
  onText(text: string): void;
  /** Exactly once, also where it never opened. Nothing is told after it. */
  onEnd(end: SocketEnd): void;
}

/** A connection that is opening or open. */
export interface TextSocket {
  /** Sends a text; one that is not open yet, or no more, sends nothing. */
  send(text: string): void;
  /** Ends it politely. `onEnd` follows. */
  close(): void;
}

/**
 * Connects to a `ws:` or `wss:` address. It never throws for one of those, and
 * nothing is told before it returns.
 */
export type OpenSocket = (url: string, listener: SocketListener) => TextSocket;

/** Connects with the runtime's own WebSocket. */
export function openTextSocket(
  url: string,
  listener: SocketListener,
): TextSocket {
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") listener.onText(data);
  };
  socket.onclose = ({ code, reason }) => {
    listener.onEnd({ code: code === 0 ? 1006 : code, reason });
  };
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => {
      if (socket.readyState < WebSocket.CLOSING) socket.close(1000);
    },
  };
}
