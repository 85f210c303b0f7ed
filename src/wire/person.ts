/**
 * Who someone is, to others.
 *
 * @module
 */

/** A user as others see them. */
export interface Person {
  readonly userId: string;
  readonly nickname: string;
}
