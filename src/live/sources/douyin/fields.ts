/**
 * Fields of the wire, passed over one by one, where there may be too many of
 * them to decode.
 *
 * @module
 */

import protobuf from "protobufjs";

/** The wire type of a group, which proto3 does not have. */
const GROUP = 3;

/**
 * Passes over a field whose tag was read.
 *
 * @throws {Error} when it is malformed.
 */
export function skipField(reader: protobuf.Reader, tag: number): void {
  const wireType = tag & 7;
  // What is in a group would be walked through whatever its size.
  if (wireType === GROUP) throw new Error("A group");
  reader.skipType(wireType);
}

/**
 * Makes sure that bytes have at most so many fields; those within fields do
 * not count.
 *
 * @throws {Error} when they have more, or are malformed.
 */
export function checkFieldCount(bytes: Uint8Array, fieldsMax: number): void {
  const reader = protobuf.Reader.create(bytes);
  for (let count = 0; reader.pos < reader.len; count++) {
    if (count === fieldsMax) throw new RangeError("Too many fields");
    skipField(reader, reader.uint32());
  }
}
