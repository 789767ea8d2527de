/**
 * What a client shows with each call: an API key, or a token that may be replaced while the client lives. Neither is
 * ever shown: they stand in private fields, which neither String, JSON nor util.inspect sees.
 */

import { InvalidArgument } from "./errors/families.js";

/** A token of an OIDC issuer (JWT), or what gives the present one and is asked before each try of a call. */
export type Token = string | (() => string | Promise<string>);

/** What goes into `authorization`, if anything does: else the server may go by the client's certificate. */
export class Credential {
  readonly #fixed: string | undefined;
  readonly #give: (() => string | Promise<string>) | undefined;

  /** Throws InvalidArgument for both, and for what a header cannot carry. */
  constructor(apiKey: string | undefined, token?: Token) {
    if (apiKey !== undefined && token !== undefined) {
      throw new InvalidArgument("give an API key or a token, not both");
    }
    if (typeof token === "function") {
      this.#give = token;
    } else if (token !== undefined) {
      this.#fixed = `Bearer ${checked(token, "token")}`;
    } else if (apiKey !== undefined) {
      this.#fixed = `Bearer ${checked(apiKey, "API key")}`;
    }
  }

  /** Whether there is any. */
  get exists(): boolean {
    return this.#fixed !== undefined || this.#give !== undefined;
  }

  /** Whether there may be another one later on. */
  get isRefreshable(): boolean {
    return this.#give !== undefined;
  }

  /** The value of `authorization`, if there is one: at once where it is fixed. No getter, which inspection could call. */
  present(): string | undefined | Promise<string> {
    return this.#give === undefined ? this.#fixed : this.#asked(this.#give);
  }

  async #asked(give: () => string | Promise<string>): Promise<string> {
    return `Bearer ${checked(await give(), "token")}`;
  }
}

function checked(value: unknown, what: string): string {
  if (typeof value !== "string") {
    throw new InvalidArgument(`the ${what} must be a string, not ${value === null ? "null" : `a ${typeof value}`}`);
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new InvalidArgument(
      value === "" ? `the ${what} is empty` : `the ${what} holds characters that a header cannot carry`,
    );
  }
  return value;
}
