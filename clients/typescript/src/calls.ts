/** What the methods of each service are written on. */

import type { DescMessage, DescMethodUnary, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

import { type ItemOf, items } from "./paging.js";
import type { CallOptions, LociTransport } from "./transport.js";
import type { Dated, Init } from "./values.js";

/** What a caller may say about a message, but for the fields that a method is given by themselves. */
export type Fields<Schema extends DescMessage, Known extends string = never> = Dated<
  Omit<Exclude<MessageInitShape<Schema>, Message>, "$typeName" | Known>
>;

/** The same, and what every call may be given. */
export type Options<Schema extends DescMessage, Known extends string = never> = Fields<Schema, Known> & CallOptions;

/** The ways to call a unary method. */
export class Calls {
  protected readonly transport: LociTransport;

  constructor(transport: LociTransport) {
    this.transport = transport;
  }

  protected async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: Init<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>> {
    const given = request as MessageInitShape<I>; // the transport takes dates, too
    const answer = await this.transport.unary(method, options?.signal, options?.timeoutMs, undefined, given);
    return answer.message;
  }

  protected listed<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: Init<I>,
    options?: CallOptions,
  ): AsyncGenerator<ItemOf<O>, void> {
    return items(this.transport, method, request, options);
  }
}

/** A resource of an answer, which servers always give. */
export function given<T>(resource: T | undefined): T {
  return resource as T;
}
