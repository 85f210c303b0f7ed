/**
 * `DATABASE_URL` as a file's path.
 *
 * The forms are those of the reference server: `sqlite::memory:`,
 * `sqlite:file.db`, `sqlite:./file.db`, `sqlite:/abs.db`, `sqlite:///abs.db`.
 *
 * @module
 */

const SCHEME = "sqlite:";

/**
 * The path that a URL names, as it is written: `%` has no meaning in it.
 *
 * @throws {SyntaxError} when it names none. Options after `?` are refused: none
 * is understood, and one that is ignored would be believed.
 */
export function sqlitePath(url: string): ":memory:" | string {
  const refusal = new SyntaxError(
    `Cannot read DATABASE_URL: want "sqlite::memory:" or ` +
      `"sqlite:<path of a file>" without options, got ${JSON.stringify(url)}`,
  );
  if (!url.startsWith(SCHEME)) throw refusal;
  const rest = url.slice(SCHEME.length);
  if (rest === ":memory:") return rest;
  const path = rest.startsWith("//") ? rest.slice(2) : rest;
  // SQLite reads an empty name, one that starts so, and "file:" in its own way.
  const isSpecial = path === "" || path.startsWith(":") ||
    path.startsWith("file:");
  const isFolder = path.endsWith("/");
  if (isSpecial || isFolder || /[?#\0]/.test(path)) throw refusal;
  return path;
}
