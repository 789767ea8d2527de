/**
 * Every error a call can end with, as one tree: catch a reason (`NodeNotFound`), a family (`NotFound`) or all
 * (`LociError`).
 *
 * A family stands for a gRPC code, a leaf for a reason of `loci.v1.ErrorReason`. A server that is newer than this client
 * may give a reason that is not here: its family is thrown then, with that `reason`.
 */

export * from "./families.js";
export * from "./reasons.js";
export { fromStatus } from "./status.js";
