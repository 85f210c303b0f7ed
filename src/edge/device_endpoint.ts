/**
 * The way in for devices: from a request to a connection whose first frame
 * says who it is (COMPAT 3.1).
 *
 * Their dialect is on the main port at a path of its own, and may be all that
 * another port knows.
 *
 * @module
 */

import type { ApiKey } from "../identity/api_key.ts";
import { ChatError } from "../wire/errors.ts";
import {
  DeviceAttendance,
  type DeviceAttendanceOptions,
} from "./device_attendance.ts";
import type { DeviceDialects } from "./device_dialects.ts";
import type { DeviceClaim } from "./device_ports.ts";
import { type Call, requireUpgrade } from "./gate.ts";
import { isOriginAllowed } from "./origin.ts";
import type { OutboundLimits } from "./outbound.ts";
import { noPresence } from "./presence_port.ts";
import { type Arrival, Reception, type ReceptionOptions } from "./reception.ts";
import { resumePointOf } from "./resume_point.ts";
import { claimOf } from "./visitor.ts";

export interface DeviceEndpointOptions
  extends
    Omit<ReceptionOptions, "dialect" | "presence">,
    DeviceAttendanceOptions {
  readonly allowedOrigins: readonly string[];
  readonly apiKey: ApiKey;
  readonly dialects: DeviceDialects;
}

/** Nobody, until the first frame. */
const UNKNOWN = {
  userId: "",
  nickname: "",
  isProven: false,
  isTokenAdmin: false,
  expiresAt: null,
};

const YES: readonly (string | null)[] = ["true", "1", "yes"];

/** Answers the upgrades of devices. */
export class DeviceEndpoint {
  readonly #options: DeviceEndpointOptions;
  readonly #reception: Reception;

  constructor(options: DeviceEndpointOptions) {
    this.#options = options;
    const plain = { hasEnvelope: false, hasAcks: false };
    this.#reception = new Reception({
      ...options,
      dialect: options.dialects.of(plain),
      presence: noPresence,
    });
  }

  /** Upgrades a request, whatever its path, or answers why not. */
  answer(call: Call): Promise<Response> {
    return this.#reception.answer(
      call,
      () => Promise.try(() => this.#admit(call)),
    );
  }

  #admit({ ip, request, url }: Call): Arrival {
    const { allowedOrigins, bounds, dialects, outbound } = this.#options;
    bounds.requirePlace(ip);
    if (!isOriginAllowed(request.headers.get("origin"), allowedOrigins)) {
      throw new ChatError("origin_refused");
    }
    requireUpgrade(request);
    const { searchParams: query } = url;
    const resume = resumePointOf(url);
    const claim = this.#claimOf(request, url);
    // Without numbers a device could not tell what it has missed.
    const hasEnvelope = asksFor(query, "envelope") || resume !== null;
    return {
      visitor: UNKNOWN,
      roomId: null,
      dialect: dialects.of({ hasEnvelope, hasAcks: asksFor(query, "ack") }),
      isBatched: asksFor(query, "batch"),
      outbound: hasEnvelope ? outbound : hardOnly(outbound),
      attend: (session) =>
        new DeviceAttendance(this.#options, { session, claim, resume }),
    };
  }

  #claimOf(request: Request, url: URL): DeviceClaim {
    const { apiKey: key, token } = claimOf(request, url);
    const isOperator = key !== null && this.#options.apiKey.matches(key);
    if (key !== null && !isOperator) throw new ChatError("unauthorized");
    return { token, isOperator };
  }
}

/**
 * How much more may wait for a device that could not be told of what was
 * dropped: a burst of the largest frames of some tens of others.
 */
const UNTOLD_FACTOR = 4;

/** The bounds of such a device: nothing is dropped until it is given up. */
function hardOnly(outbound: OutboundLimits): OutboundLimits {
  const bytesMax = outbound.hardBytesMax * UNTOLD_FACTOR;
  return { softBytesMax: bytesMax, hardBytesMax: bytesMax };
}

function asksFor(query: URLSearchParams, name: string): boolean {
  return YES.includes(query.get(name));
}
