/** That of package.json; a test holds them together. */
export const VERSION = "0.1.0";

/** How the client names itself to servers. */
export const USER_AGENT = `loci-typescript/${VERSION}`;
