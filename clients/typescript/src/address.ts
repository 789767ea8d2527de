/** Where a server is, and whether a credential may be sent there. No I/O, and nothing of Node: browsers use it, too. */

import type { Credential } from "./credential.js";
import { InvalidArgument } from "./errors/families.js";

export const DEFAULT_ADDRESS = "127.0.0.1:50051";

/** `host:port` as the URL that calls are sent to. Throws InvalidArgument for anything else. */
export function urlOf(address: string, encrypted: boolean): URL {
  const target = address.replace(/^dns:(?:\/\/\/)?/, "");
  const url = parsed(`${encrypted ? "https" : "http"}://${target}`);
  if (url === undefined || !/:0*[1-9]\d*$/.test(target) || /[/?#@\\\s]/.test(target)) {
    throw new InvalidArgument(
      `${address} is not an address: give HOST:PORT, without a scheme, and a port from 1 to 65535`,
    );
  }
  return url;
}

/** The URL that a browser calls. Throws InvalidArgument unless it is one of http or https. */
export function webUrl(baseUrl: string): URL {
  const url = parsed(baseUrl);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search || url.hash) {
    throw new InvalidArgument("baseUrl must be like https://loci.example.com");
  }
  return url;
}

/** Throws InvalidArgument if the credential would leave this machine in clear, unless that was asked for. */
export function guard(url: URL, credential: Credential, insecure: boolean): void {
  if (credential.exists && url.protocol !== "https:" && !insecure && !isLoopback(url.hostname)) {
    throw new InvalidArgument(
      `the API key or token would go to ${url.host} unencrypted: use TLS, or say insecure: true`,
    );
  }
}

/** Whether a host, as URL.hostname writes it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
