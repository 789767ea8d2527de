/** Lists, page after page: one iterator for every method that has page tokens. */

import type { DescMessage, DescMethodUnary, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

import { InvalidArgument } from "./errors/families.js";
import type { CallOptions, LociTransport } from "./transport.js";
import { type Init, made } from "./values.js";

/** What the pages of a list hold: the type of the repeated field of its answer. */
export type ItemOf<O extends DescMessage> = {
  [K in Exclude<keyof MessageShape<O>, keyof Message>]: MessageShape<O>[K] extends readonly (infer Item)[]
    ? Item
    : never;
}[Exclude<keyof MessageShape<O>, keyof Message>];

/** The items of all pages. `timeoutMs` is for each page. */
export async function* items<I extends DescMessage, O extends DescMessage>(
  transport: LociTransport,
  method: DescMethodUnary<I, O>,
  request: Init<I>,
  options?: CallOptions,
): AsyncGenerator<ItemOf<O>, void> {
  const field = method.output.fields.find((known) => known.fieldKind === "list");
  if (field === undefined) {
    throw new InvalidArgument(`${method.name} is not a list`);
  }
  for await (const page of pages(transport, method, request, options)) {
    yield* (page as Record<string, unknown>)[field.localName] as ItemOf<O>[];
  }
}

/** Page after page of a list. `timeoutMs` is for each page. */
export async function* pages<I extends DescMessage, O extends DescMessage>(
  transport: LociTransport,
  method: DescMethodUnary<I, O>,
  request: Init<I>,
  options?: CallOptions,
): AsyncGenerator<MessageShape<O>, void> {
  if (method.input.field.pageToken === undefined || method.output.field.nextPageToken === undefined) {
    throw new InvalidArgument(`${method.name} has no pages`);
  }
  let next = made(method.input, request);
  for (;;) {
    const { message } = await transport.unary(
      method,
      options?.signal,
      options?.timeoutMs,
      undefined,
      next as MessageInitShape<I>,
    );
    yield message;
    const { nextPageToken } = message as { nextPageToken?: string };
    if (!nextPageToken) {
      return;
    }
    next = Object.assign(Object.create(Object.getPrototypeOf(next)), next, { pageToken: nextPageToken });
  }
}
