/** What a client on Node takes from its surroundings: environment variables and files. */

import { readFileSync } from "node:fs";

import { DEFAULT_ADDRESS } from "./address.js";
import type { Token } from "./credential.js";
import { InvalidArgument } from "./errors/families.js";

/** The variables of a process, as process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What LOCI_ADDRESS says, else this machine. */
export function addressOf(environment: Environment): string {
  return environment.LOCI_ADDRESS || DEFAULT_ADDRESS;
}

/** The API key of LOCI_API_KEY or LOCI_API_KEY_FILE, else the token of the file LOCI_TOKEN_FILE, read for each try. */
export function credentialOf(environment: Environment): { apiKey?: string; token?: Token } {
  const apiKey = environment.LOCI_API_KEY || content(environment, "LOCI_API_KEY_FILE");
  if (apiKey) {
    return { apiKey };
  }
  return environment.LOCI_TOKEN_FILE ? { token: () => content(environment, "LOCI_TOKEN_FILE") ?? "" } : {};
}

/** PEM: what holds a certificate or key itself, else the file of that path. */
export function pem(value: string | Uint8Array | undefined): string | Buffer | undefined {
  if (value instanceof Uint8Array) {
    return Buffer.from(value);
  }
  return value === undefined || value.includes("-----BEGIN ") ? value : read(value);
}

/** Of the file that a variable names, if it names one. */
function content(environment: Environment, variable: string): string | undefined {
  const path = environment[variable];
  if (!path) {
    return undefined;
  }
  const found = read(path, `${variable}: `).trim();
  if (found === "") {
    throw new InvalidArgument(`${variable}: the file ${path} is empty`);
  }
  return found;
}

/** `who` begins the error. */
function read(path: string, who = ""): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InvalidArgument(`${who}the file ${path} cannot be read`, { cause: error });
  }
}
