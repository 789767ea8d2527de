/**
 * The client of Loci for browsers: gRPC-Web or Connect over fetch. The server itself speaks gRPC only, so that a proxy,
 * such as Envoy, stands between. Nothing here needs Node.
 */

import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

import { guard, webUrl } from "./address.js";
import { Credential, type Token } from "./credential.js";
import { Loci } from "./loci.js";
import { linked } from "./resuming.js";
import { LociTransport } from "./transport.js";

export * from "./exports.js";

/** Where the proxy is and who is calling. */
export interface WebConnectOptions {
  /** `https://loci.example.com`, with the path that the proxy wants before `/loci.v1.…`. */
  readonly baseUrl: string;
  /** Whoever can read the page can read it: give browsers tokens that end soon, or keys limited to a graph. */
  readonly apiKey?: string;
  /** A token of an OIDC issuer instead, or a function that gives the present one and is asked for each try. */
  readonly token?: Token;
  /** What the proxy understands; default `grpc-web`. */
  readonly protocol?: "grpc-web" | "connect";
  /** Milliseconds for a call that is given none; default 30,000. */
  readonly timeoutMs?: number;
  /** In the place of the browser's own. */
  readonly fetch?: typeof globalThis.fetch;
  /** Allow the key or token to go to another machine without TLS. Otherwise that throws InvalidArgument. */
  readonly insecure?: boolean;
}

/** A client over fetch. Throws InvalidArgument for what must not be. */
export function connect(options: WebConnectOptions): Loci {
  const url = webUrl(options.baseUrl);
  const credential = new Credential(options.apiKey, options.token);
  guard(url, credential, options.insecure ?? false);
  const closing = new AbortController();
  const fetch: typeof globalThis.fetch = (input, init) =>
    (options.fetch ?? globalThis.fetch)(input, { ...init, signal: linked(closing.signal, init?.signal ?? undefined) });
  const how = { baseUrl: url.href, fetch, useBinaryFormat: true };
  const base = options.protocol === "connect" ? createConnectTransport(how) : createGrpcWebTransport(how);
  const transport = new LociTransport(base, {
    credential,
    timeoutMs: options.timeoutMs,
    userAgentHeader: "x-user-agent",
  });
  return new Loci({ address: url.href, transport, bidirectional: false, disconnect: () => closing.abort() });
}
