/**
 * What a file is, by its first bytes, and how it is served.
 *
 * A name or a content type is the sender's word; the bytes are what a browser
 * will meet. Only formats of this table are ever served as themselves.
 *
 * @module
 */

/** What a file may be uploaded as (COMPAT 0.4). */
export const FILE_KINDS = ["image", "audio", "file", "video"] as const;

export type FileKind = (typeof FILE_KINDS)[number];

/** Most bytes of a file, by its kind (COMPAT 0.4). */
export const FILE_BYTES_MAX: Readonly<Record<FileKind, number>> = {
  image: 5 * 2 ** 20,
  audio: 10 * 2 ** 20,
  file: 10 * 2 ** 20,
  video: 50 * 2 ** 20,
};

/** Bytes of a file that are enough to tell its format. */
export const HEAD_BYTES = 64;

interface FormatRow {
  /** The content type, by the kind that it was uploaded as. */
  readonly as: { readonly [Kind in FileKind]?: string };
  readonly looksLike: (head: Uint8Array) => boolean;
}

/** Formats by their file name extension. */
const FORMATS = {
  jpg: {
    as: { image: "image/jpeg" },
    looksLike: (head) => hasBytes(head, 0, 0xff, 0xd8, 0xff),
  },
  png: {
    as: { image: "image/png" },
    looksLike: (head) => hasText(head, 1, "PNG\r\n") && head[0] === 0x89,
  },
  gif: {
    as: { image: "image/gif" },
    looksLike: (head) =>
      hasText(head, 0, "GIF87a") || hasText(head, 0, "GIF89a"),
  },
  webp: {
    as: { image: "image/webp" },
    looksLike: (head) => isRiff(head, "WEBP"),
  },
  mp3: {
    as: { audio: "audio/mpeg" },
    looksLike: (head) => hasText(head, 0, "ID3") || isMpegAudio(head),
  },
  wav: {
    as: { audio: "audio/wav" },
    looksLike: (head) => isRiff(head, "WAVE"),
  },
  ogg: {
    as: { audio: "audio/ogg" },
    looksLike: (head) => hasText(head, 0, "OggS"),
  },
  flac: {
    as: { audio: "audio/flac" },
    looksLike: (head) => hasText(head, 0, "fLaC"),
  },
  aac: {
    as: { audio: "audio/aac" },
    looksLike: (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0,
  },
  amr: {
    as: { audio: "audio/amr" },
    looksLike: (head) => hasText(head, 0, "#!AMR"),
  },
  m4a: {
    as: { audio: "audio/mp4" },
    looksLike: (head) => brandOf(head).startsWith("M4A"),
  },
  mov: {
    as: { video: "video/quicktime" },
    looksLike: (head) => brandOf(head) === "qt  ",
  },
  // Recorders of browsers write sound into the same containers as films.
  mp4: {
    as: { video: "video/mp4", audio: "audio/mp4" },
    looksLike: (head) => hasText(head, 4, "ftyp"),
  },
  webm: {
    as: { video: "video/webm", audio: "audio/webm" },
    looksLike: (head) => hasBytes(head, 0, 0x1a, 0x45, 0xdf, 0xa3),
  },
  avi: {
    as: { video: "video/x-msvideo" },
    looksLike: (head) => isRiff(head, "AVI "),
  },
  wmv: {
    as: { video: "video/x-ms-wmv" },
    looksLike: (head) => hasBytes(head, 0, 0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66),
  },
  flv: {
    as: { video: "video/x-flv" },
    looksLike: (head) => hasText(head, 0, "FLV\x01"),
  },
} as const satisfies Record<string, FormatRow>;

const ROWS: ReadonlyMap<string, FormatRow> = new Map(Object.entries(FORMATS));

/** The extension of what is never shown, only downloaded. */
const OPAQUE = "bin";

/** How a stored file is served. */
export interface Serving {
  readonly contentType: string;
  /** Whether a browser may show it, or shall save it. */
  readonly isShown: boolean;
}

/**
 * The extension that a file of a kind is stored under; `undefined` when its
 * bytes are no format of that kind. A `file` may be anything.
 */
export function extensionOf(
  kind: FileKind,
  head: Uint8Array,
): string | undefined {
  if (kind === "file") return OPAQUE;
  for (const [extension, { as, looksLike }] of ROWS) {
    if (as[kind] !== undefined && looksLike(head)) return extension;
  }
  return undefined;
}

/** How a file is served, by the kind and extension that it was stored under. */
export function servingOf(kind: string, extension: string): Serving {
  const known = FILE_KINDS.find((one) => one === kind);
  const contentType = known && ROWS.get(extension)?.as[known];
  return contentType === undefined
    ? { contentType: "application/octet-stream", isShown: false }
    : { contentType, isShown: true };
}

function hasBytes(head: Uint8Array, at: number, ...bytes: number[]): boolean {
  return bytes.every((byte, index) => head[at + index] === byte);
}

function hasText(head: Uint8Array, at: number, text: string): boolean {
  return textAt(head, at, text.length) === text;
}

function textAt(head: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...head.subarray(at, at + length));
}

function isRiff(head: Uint8Array, form: string): boolean {
  return hasText(head, 0, "RIFF") && hasText(head, 8, form);
}

/** The brand of an ISO media file (ISO 14496-12), or nothing. */
function brandOf(head: Uint8Array): string {
  return hasText(head, 4, "ftyp") ? textAt(head, 8, 4) : "";
}

/** A frame of layer III (ISO 11172-3): eleven set bits, then its layer. */
function isMpegAudio(head: Uint8Array): boolean {
  const second = head[1] ?? 0;
  return head[0] === 0xff && (second & 0xe0) === 0xe0 &&
    (second & 0x06) === 0x02;
}
