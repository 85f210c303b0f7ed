/**
 * Protobuf by hand: field numbers and wire types, and no schema.
 *
 * What is written with it is what the documentation says, whatever the
 * program's own schema has.
 *
 * @module
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Bytes, one after the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const joined = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Bytes from their hex, which may have spaces. */
export function fromHex(hex: string): Uint8Array {
  const pairs = hex.replaceAll(/\s/g, "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

/** A number as a varint, without its field. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  while (left > 0x7fn) {
    bytes.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  bytes.push(Number(left));
  return Uint8Array.from(bytes);
}

/** A field that is a number. */
export function numberField(
  field: number,
  value: number | bigint,
): Uint8Array {
  return joinBytes(varint((field << 3) | VARINT), varint(value));
}

/** A field that is bytes, or a message of other fields. */
export function bytesField(
  field: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  const bytes = joinBytes(...parts);
  const tag = varint((field << 3) | LENGTH_DELIMITED);
  return joinBytes(tag, varint(bytes.length), bytes);
}

/** A field that is text. */
export function textField(field: number, text: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(text));
}
