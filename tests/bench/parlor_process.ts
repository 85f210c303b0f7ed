/**
 * Parlor in a process of its own, and the management API of it.
 *
 * @module
 */

import { Child } from "./child.ts";

const API_KEY = "the-key-of-the-bench";

/** Shows that a request, or a user, is the operator's. */
export const KEY_HEADERS = { "X-Api-Key": API_KEY };

/** The number of the client who is an admin of every room. */
export const ADMIN_INDEX = 90_000;

/** Parlor with its database and journal in files that go when it goes. */
export class ParlorProcess implements AsyncDisposable {
  readonly #spawn: () => Child;
  readonly #folder: string;
  #child: Child;
  #port = 0;

  /** @param spawn starts the program on the files in `folder`. */
  constructor(spawn: () => Child, folder: string) {
    this.#spawn = spawn;
    this.#folder = folder;
    this.#child = spawn();
  }

  /**
   * Starts one.
   *
   * @param settings are added to the bench's own.
   * @param flags of the runtime.
   */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
  ): Promise<ParlorProcess> {
    const folder = await Deno.makeTempDir({ prefix: "parlor-bench-" });
    const env = {
      ADMIN_API_KEY: API_KEY,
      BIND_ADDRESS: "127.0.0.1:0",
      DATABASE_URL: `sqlite:${folder}/bench.db`,
      LOG_FORMAT: "json",
      USER_MESSAGE_INTERVAL_SECS: "0",
      ...settings,
    };
    const spawn = () => new Child("main.ts", { env, flags });
    const parlor = new ParlorProcess(spawn, folder);
    try {
      await parlor.#listen();
      return parlor;
    } catch (error) {
      await parlor[Symbol.asyncDispose]();
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Kills it and starts another on the same files, at another port. */
  async restart(): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    this.#child = this.#spawn();
    await this.#listen();
  }

  /** Where a client connects to a room, without who it is. */
  path(roomId: string): string {
    return `/ws/rooms/${roomId}`;
  }

  /**
   * Asks the management API; `line` is a method and a path below it.
   *
   * @throws when it refuses.
   */
  async ask(
    line: string,
    body?: object,
  ): Promise<Awaited<ReturnType<Response["json"]>>> {
    const [method = "GET", path = ""] = line.split(" ");
    const url = `http://127.0.0.1:${this.port}/management${path}`;
    const response = await fetch(url, {
      method,
      headers: { ...KEY_HEADERS, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return await response.json();
    throw new Error(`Cannot ask "${line}": ${await response.text()}`);
  }

  /** Makes a room and answers its id. */
  async createRoom(): Promise<string> {
    const admin = `user${ADMIN_INDEX}`;
    const room = { "room_name": "Bench", "admin_user_ids": [admin] };
    const { room_id: roomId } = await this.ask("POST /rooms", room);
    return roomId;
  }

  /** Makes so many rooms and answers their ids. */
  async createRooms(count: number): Promise<string[]> {
    const roomIds: string[] = [];
    while (roomIds.length < count) roomIds.push(await this.createRoom());
    return roomIds;
  }

  /** How many callbacks wait for an endpoint. */
  async backlog(endpoint: string): Promise<number> {
    const { endpoints } = await this.ask("GET /callbacks");
    for (const one of endpoints) {
      if (one.endpoint === endpoint) return one.backlog;
    }
    throw new Error(`Cannot find endpoint ${endpoint}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #listen(): Promise<void> {
    this.#port = await this.#child.listeningPort();
  }
}
