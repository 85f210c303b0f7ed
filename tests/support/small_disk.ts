/**
 * A disk of a few megabytes that a test fills to the last byte.
 *
 * @module
 */

import { TempFolder } from "./temp_folder.ts";

/** What a test that is skipped for want of it says that it needs. */
export const SMALL_DISK_NEED = "needs a tmpfs mount";

const CHUNK_BYTES = 64 * 1024;

/** Whether this machine lets this process mount one. */
export function canMountDisk(): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    new SmallDisk(1)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

export class SmallDisk implements Disposable {
  readonly #folder = new TempFolder();

  /** Mounts a disk of so many MiB. */
  constructor(sizeMib: number) {
    const options = `size=${sizeMib}m,mode=0700`;
    try {
      run("mount", "-t", "tmpfs", "-o", options, "tmpfs", this.path);
    } catch (error) {
      this.#folder[Symbol.dispose]();
      throw error;
    }
  }

  get path(): string {
    return this.#folder.path;
  }

  /** Takes all the room that is left. */
  fill(): void {
    using file = Deno.openSync(this.#filler, {
      create: true,
      write: true,
      append: true,
    });
    for (let size = CHUNK_BYTES; size >= 1; size /= 2) {
      try {
        for (;;) file.writeSync(new Uint8Array(size));
      } catch {
        // A smaller piece may still fit.
      }
    }
  }

  /** Gives it back. */
  free(): void {
    Deno.removeSync(this.#filler);
  }

  [Symbol.dispose](): void {
    // Lazily: a process that is about to end may still hold a file of it.
    run("umount", "-l", this.path);
    this.#folder[Symbol.dispose]();
  }

  get #filler(): string {
    return `${this.path}/filler`;
  }
}

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (success) return;
  throw new Error(`Cannot ${command}: ${new TextDecoder().decode(stderr)}`);
}
