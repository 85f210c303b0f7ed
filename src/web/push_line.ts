/**
 * What the server says to one user, wherever they are on the site.
 *
 * @module
 */
/// <reference lib="dom" />

import { act, type FrameActions, type PushFrames } from "./frames.ts";
import { Line, socketAddress } from "./line.ts";

/** Listens for as long as the page lasts. */
export function listen(actions: FrameActions<PushFrames>): void {
  const line = new Line({
    address: () => socketAddress("/ws/presence"),
    onFrame: (frame) => act(actions, frame),
    onState: () => {},
  });
  line.start();
}
