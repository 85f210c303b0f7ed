/**
 * An HTTP server that answers what it was told to.
 *
 * @module
 */

/** One answer. A text is sent as it is, anything else as JSON. */
export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** One request as it came. */
export interface SeenRequest {
  /** Such as `GET /management/rooms?ended=true`. */
  readonly line: string;
  readonly key: string | null;
  readonly body: unknown;
}

/** Serves on a free port until disposed. */
export class FakeApi implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #answers: Map<string, CannedAnswer>;

  /** @param answers by request line; a missing one is 404. */
  constructor(answers: Record<string, CannedAnswer>) {
    this.#answers = new Map(Object.entries(answers));
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** What the commands are told of this server. */
  get env(): Record<string, string> {
    return { PARLOR_URL: this.url, ADMIN_API_KEY: "the-operators-key" };
  }

  /** Changes an answer. */
  set(line: string, answer: CannedAnswer): void {
    this.#answers.set(line, answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const line = `${request.method} ${pathname}${search}`;
    const text = await request.text();
    const body = text === "" ? undefined : JSON.parse(text);
    this.seen.push({ line, key: request.headers.get("X-Api-Key"), body });
    return responseOf(
      this.#answers.get(line) ??
        { status: 404, body: { error: `No answer to ${line}`, code: "none" } },
    );
  }
}

function responseOf(answer: CannedAnswer): Response {
  const { status = 200, headers = {}, body } = answer;
  if (body === undefined) return new Response(null, { status, headers });
  const text = typeof body === "string" || body instanceof Uint8Array
    ? body
    : JSON.stringify(body);
  return new Response(text as BodyInit, { status, headers });
}

/** `host:port` of this machine at which nothing listens. */
export function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${listener.addr.port}`;
}
