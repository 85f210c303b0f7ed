/**
 * A server that answers whatever it is asked with what is no HTTP.
 *
 * @module
 */

const GARBAGE = new TextEncoder().encode("220 mail.example ESMTP ready\r\n");

export class GarbageServer implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #serving: Promise<void>;

  constructor(port: number) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#serving = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      using open = connection;
      // Heard out first: a reset would hide what was answered.
      await open.read(new Uint8Array(65_536));
      await open.write(GARBAGE);
    }
  }
}
