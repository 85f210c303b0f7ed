/**
 * Who a room is for, and who is in it.
 *
 * @module
 */
// deno-lint-ignore-file camelcase
/// <reference lib="dom" />

import { get, roomPath } from "./api.ts";
import { byId, el } from "./elements.ts";
import { fill } from "./fill.ts";
import type { Profile, PushedUser } from "./frames.ts";
import { words } from "./words.ts";

interface Member {
  readonly name: string;
  readonly status: string;
}

interface ParticipantsAnswer {
  data: { participants: Profile[] };
}

interface OnlineAnswer {
  online_users: { username: string; is_online: boolean }[];
}

/** Shows them. */
export class Members {
  readonly #roomId: string;
  readonly #userId: string;
  readonly #list = byId("members", HTMLUListElement);
  readonly #toggle = byId("show-people", HTMLButtonElement);
  readonly #people = byId("people", HTMLElement);
  readonly #members = new Map<string, Member>();

  constructor(roomId: string, userId: string) {
    this.#roomId = roomId;
    this.#userId = userId;
    this.#toggle.addEventListener("click", () => {
      const isShown = this.#people.classList.toggle("shown");
      this.#toggle.setAttribute("aria-expanded", String(isShown));
    });
  }

  /** The names of those who are there beside the user. */
  others(): string[] {
    return [...this.#members].filter(([id]) => id !== this.#userId)
      .map(([, { name }]) => name);
  }

  /** Asks the server for everybody. */
  async load(): Promise<void> {
    const [all, online] = await Promise.all([
      get<ParticipantsAnswer>(roomPath(this.#roomId, "participants/")),
      get<OnlineAnswer>(roomPath(this.#roomId, "online_users/")),
    ]);
    this.add(all.body.data?.participants ?? []);
    for (const { username, is_online } of online.body.online_users ?? []) {
      this.#setOnline(username, is_online);
    }
    this.#show();
  }

  /** Users as frames have them. */
  add(profiles: readonly Profile[]): void {
    for (const { id, display_name: name, is_online } of profiles) {
      const status = this.#members.get(id)?.status;
      const known = is_online === true ? "online" : "offline";
      this.#members.set(id, { name, status: status ?? known });
    }
    this.#show();
  }

  /** Somebody came in. */
  joined(profile: Profile): void {
    this.#members.set(profile.id, {
      name: profile.display_name,
      status: "online",
    });
    this.#show();
  }

  /** Somebody is gone; answers the name they had. */
  left(userId: string): string {
    const name = this.#members.get(userId)?.name ?? userId;
    this.#setOnline(userId, false);
    this.#show();
    return name;
  }

  /** Users are busy, away or back. */
  update(users: readonly PushedUser[]): void {
    for (const { user_id: id, display_name: name, status } of users) {
      if (this.#members.has(id)) this.#members.set(id, { name, status });
    }
    this.#show();
  }

  #setOnline(userId: string, isOnline: boolean): void {
    const name = this.#members.get(userId)?.name;
    if (name === undefined) return;
    this.#members.set(userId, {
      name,
      status: isOnline ? "online" : "offline",
    });
  }

  #show(): void {
    const members = [...this.#members].sort(([, one], [, other]) =>
      Number(isHere(other)) - Number(isHere(one)) ||
      one.name.localeCompare(other.name)
    );
    this.#list.replaceChildren(
      ...members.map(([id, member]) => this.#row(id, member)),
    );
    const count = members.filter(([, member]) => isHere(member)).length;
    this.#toggle.textContent = fill(words.chatShowMembers, { count });
  }

  #row(id: string, { name, status }: Member): HTMLLIElement {
    const you = id === this.#userId ? ` (${words.chatYou})` : "";
    return el(
      "li",
      { "data-user-id": id, "data-status": status },
      el("span", {
        class: "dot",
        "data-status": status,
        "aria-hidden": "true",
      }),
      el("span", { class: "member-name" }, name + you),
      el("span", { class: "hint" }, STATUS_WORDS[status] ?? status),
    );
  }
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  online: words.statusOnline,
  busy: words.statusBusy,
  away: words.statusAway,
  offline: words.statusOffline,
};

function isHere({ status }: Member): boolean {
  return status !== "offline";
}
