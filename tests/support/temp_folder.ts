/**
 * A folder that goes when its test ends.
 *
 * @module
 */

/** A new, empty folder. */
export class TempFolder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "parlor-" });

  file(name: string): string {
    return `${this.path}/${name}`;
  }

  /** The names in it, in order. */
  names(): string[] {
    return Array.from(Deno.readDirSync(this.path), ({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
