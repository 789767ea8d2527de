/** The connection of a client on Node. */

import type { SecureClientSessionOptions } from "node:http2";

import { type GrpcTransportOptions, Http2SessionManager } from "@connectrpc/connect-node";

const KEEPALIVE = { pingIntervalMs: 60_000, pingTimeoutMs: 20_000 };
/** Milliseconds. Connect sets its timers anew whenever it is told of bytes, which costs as much as other parts of a call. */
const TOLD_EVERY = 1_000;

type SessionManager = NonNullable<GrpcTransportOptions["sessionManager"]>;

/** One connection at a time, with pings while calls are under way, made anew when it is lost. */
export class Session implements SessionManager {
  readonly authority: string;
  readonly #manager: Http2SessionManager;
  #toldAt = 0;

  constructor(origin: string, tls: SecureClientSessionOptions | undefined) {
    this.authority = origin;
    this.#manager = new Http2SessionManager(origin, KEEPALIVE, tls);
  }

  request(...call: Parameters<SessionManager["request"]>): ReturnType<SessionManager["request"]> {
    return this.#manager.request(...call);
  }

  notifyResponseByteRead(stream: Parameters<SessionManager["notifyResponseByteRead"]>[0]): void {
    const now = performance.now();
    if (now - this.#toldAt >= TOLD_EVERY) {
      this.#toldAt = now;
      this.#manager.notifyResponseByteRead(stream);
    }
  }

  /** Ends the connection and what runs over it. */
  close(): void {
    this.#manager.abort();
  }
}
