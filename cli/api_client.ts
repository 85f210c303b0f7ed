/**
 * The HTTP API as calls that answer typed values or throw a text to show.
 *
 * Every answer is checked against a schema, so that a server of another
 * version, or something that is not Parlor, gives a clear error.
 *
 * @module
 */

import { z } from "zod";
import type { Clock } from "../src/base/clock.ts";
import { readBody } from "./answer_body.ts";
import { CliError } from "./cli_error.ts";
import type { Transport } from "./transport.ts";

const NOT_PARLOR = "the server may be of another version, or not Parlor";

/** Routes that a reference has say `message`, as it does, or `error`. */
const refusalSchema = z.object({
  error: z.string().optional(),
  message: z.string().optional(),
  code: z.string().optional(),
  retry_after_ms: z.number().optional(),
});

interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** The server answered, but not what was asked for. */
export class RefusalError extends CliError {
  override readonly name = "RefusalError";
  readonly status: number;
  /** Parlor's name for the reason; something in between gives none. */
  readonly code: string | undefined;

  constructor(response: Response, body: unknown) {
    super(refusalText(response, body));
    this.status = response.status;
    this.code = refusalSchema.safeParse(body).data?.code;
  }
}

/** Calls the API over a transport. */
export class ApiClient {
  readonly #transport: Transport;
  readonly #clock: Clock;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** Asks for something. */
  get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    return this.#read({ method: "GET", path }, schema);
  }

  /** Posts a body, and answers what came back. */
  post<Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    return this.#read({ method: "POST", path, body }, schema);
  }

  /** Sends a change whose answer says nothing more than that it was taken. */
  async change(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<void> {
    const response = await this.#send({ method, path, body });
    await response.body?.cancel();
  }

  /** Asks for bytes, which the caller reads to the end or cancels. */
  async stream(path: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#send({ method: "GET", path });
    return response.body ?? new Blob([]).stream();
  }

  async #read<Schema extends z.ZodType>(
    call: Call,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    const response = await this.#send(call);
    const value = parseJson(await readBody(response, this.#clock));
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "answer";
    throw new CliError(
      `Cannot understand the answer to ${call.method} ${call.path} ` +
        `(${where}: ${issue?.message}): ${NOT_PARLOR}`,
    );
  }

  /** @throws {RefusalError} with what a person should hear of it. */
  async #send(call: Call): Promise<Response> {
    const { method, path, body } = call;
    const response = await this.#transport.request(method, path, body);
    if (response.ok) return response;
    const text = await readBody(response, this.#clock);
    throw new RefusalError(response, parseJson(text));
  }
}

function refusalText(response: Response, body: unknown): string {
  const { status, headers } = response;
  const location = headers.get("Location");
  if (status >= 300 && status < 400 && location !== null) {
    return `The server redirects to ${location}: ` +
      "give its own address with --url";
  }
  if (status === 401) {
    return "The server refused the key: set ADMIN_API_KEY, " +
      "or give --key-file, with the key that the server has";
  }
  const refusal = refusalSchema.safeParse(body).data;
  const reason = refusal?.error ?? refusal?.message;
  if (reason === undefined) {
    return `The server answered HTTP ${status} without a reason: ${NOT_PARLOR}`;
  }
  const waitMs = refusal?.retry_after_ms;
  if (waitMs === undefined) return `The server refused: ${reason}`;
  return `The server refused: ${reason}; try again in ` +
    `${Math.ceil(waitMs / 1000)} s`;
}

/** The value, or `undefined` where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
