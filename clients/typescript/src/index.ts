/** The client of Loci for Node: gRPC over HTTP/2. */

import type { SecureClientSessionOptions } from "node:http2";

import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";

import { guard, urlOf } from "./address.js";
import { Credential, type Token } from "./credential.js";
import { addressOf, credentialOf, pem } from "./environment.js";
import { InvalidArgument } from "./errors/families.js";
import { Loci } from "./loci.js";
import { LociTransport, MAX_MESSAGE_BYTES } from "./transport.js";

export * from "./exports.js";

const KEEPALIVE = { pingIntervalMs: 60_000, pingTimeoutMs: 20_000 };

/** How to check the server's certificate, and which one to show to it. All are PEM: the text or bytes, or a file. */
export interface Tls {
  /** Certificates to trust; default those that Node brings along. */
  readonly roots?: string | Uint8Array;
  /** The client's own certificate chain, for mutual TLS. */
  readonly certificate?: string | Uint8Array;
  /** The private key of `certificate`. */
  readonly key?: string | Uint8Array;
  /** The name to expect in the server's certificate, where it is not that of the address. */
  readonly serverName?: string;
}

/** Where the server is and who is calling. */
export interface ConnectOptions {
  /** `host:port`; default LOCI_ADDRESS, else 127.0.0.1:50051. */
  readonly address?: string;
  /** Default LOCI_API_KEY, else the content of the file LOCI_API_KEY_FILE. */
  readonly apiKey?: string;
  /** A token of an OIDC issuer instead, or a function that gives the present one and is asked for each try; default,
   * without an API key, the content of the file LOCI_TOKEN_FILE. */
  readonly token?: Token;
  /** True, or with roots and client certificate; default none. */
  readonly tls?: boolean | Tls;
  /** Milliseconds for a call that is given none: more than 0, at most 24 days. Default 30,000. */
  readonly timeoutMs?: number;
  /** Put before the client's own. */
  readonly userAgent?: string;
  /** Allow the key or token to go to another machine without TLS. Otherwise that throws InvalidArgument. */
  readonly insecure?: boolean;
}

/** A client, which connects at the first call. Throws InvalidArgument for what must not be. */
export function connect(options: ConnectOptions = {}): Loci {
  const address = options.address || addressOf(process.env);
  const asked = options.apiKey === undefined && options.token === undefined ? credentialOf(process.env) : options;
  const credential = new Credential(asked.apiKey, asked.token);
  const tls = options.tls === true ? {} : options.tls || undefined;
  const url = urlOf(address, tls !== undefined);
  guard(url, credential, options.insecure ?? false);
  const sessionManager = new Http2SessionManager(url.origin, KEEPALIVE, tls && secured(tls));
  const base = createGrpcTransport({
    baseUrl: url.origin,
    sessionManager,
    readMaxBytes: MAX_MESSAGE_BYTES,
    writeMaxBytes: MAX_MESSAGE_BYTES,
    // Servers answer as they please; what is sent is not compressed, as by gRPC elsewhere.
    acceptCompression: [],
  });
  const transport = new LociTransport(base, {
    credential,
    timeoutMs: options.timeoutMs,
    userAgent: options.userAgent,
    place: { address, encrypted: tls !== undefined },
  });
  return new Loci({ address, transport, bidirectional: true, disconnect: () => sessionManager.abort() });
}

function secured(tls: Tls): SecureClientSessionOptions {
  if ((tls.certificate === undefined) !== (tls.key === undefined)) {
    throw new InvalidArgument("a client certificate needs its key, and a key its certificate");
  }
  return {
    ca: pem(tls.roots),
    cert: pem(tls.certificate),
    key: pem(tls.key),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
}
