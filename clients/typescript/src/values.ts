/**
 * What a caller puts into messages, checked before it is sent: protobuf would store text that is not Unicode, and values
 * that JSON has not, as something else without a word. Times may be given as Date.
 */

import {
  create,
  type DescField,
  type DescMessage,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { StructSchema, type Timestamp, TimestampSchema, timestampFromDate, ValueSchema } from "@bufbuild/protobuf/wkt";

import { InvalidArgument } from "./errors/families.js";

/** The same, with a Date wherever there may be a time. */
export type Dated<T> = T extends Timestamp
  ? T | Date
  : T extends string | number | bigint | boolean | Uint8Array | JsonObject | null | undefined
    ? T
    : T extends readonly (infer Element)[]
      ? Dated<Element>[]
      : T extends object
        ? { [K in keyof T]: Dated<T[K]> }
        : T;

/** What a message may be made of. */
export type Init<Schema extends DescMessage> = MessageInitShape<Schema> | Dated<MessageInitShape<Schema>>;

/** A message of what a caller gave. Throws as `checked`. */
export function made<Schema extends DescMessage>(schema: Schema, init: Init<Schema>): MessageShape<Schema> {
  return create(schema, checked(schema, init));
}

/** What a caller gave, with timestamps for its dates. Throws InvalidArgument, with the path of the field from `at` on, for a
 * value that it cannot hold. */
export function checked<Schema extends DescMessage>(
  schema: Schema,
  init: Init<Schema>,
  at = "",
): MessageInitShape<Schema> {
  try {
    return message(schema, init as Values) as MessageInitShape<Schema>;
  } catch (thrown) {
    if (!(thrown instanceof Misfit)) {
      throw thrown;
    }
    const field = `${at === "" ? "" : `${at}.`}${thrown.path.replace(/^\./, "")}`;
    const { message: description } = thrown;
    throw new InvalidArgument(`${field}: ${description}`, { violations: [{ field, description }] });
  }
}

type Values = Record<string, unknown>;

/** A value that does not fit, found somewhere inside a message; its path grows on the way out. */
class Misfit extends Error {
  path = "";
}

const checkable = new WeakMap<DescMessage, DescMessage["members"]>();

/** The fields of a message that can hold what is checked. */
function membersOf(schema: DescMessage): DescMessage["members"] {
  let members = checkable.get(schema);
  if (members === undefined) {
    members = schema.members.filter((member) => member.kind === "oneof" || isCheckable(member));
    checkable.set(schema, members);
  }
  return members;
}

function isCheckable(field: DescField): boolean {
  return field.message !== undefined || field.scalar === ScalarType.STRING || field.fieldKind === "map";
}

/** The same, or a copy with other values. */
function message(schema: DescMessage, init: Values): Values {
  let result = init;
  for (const { kind, localName } of membersOf(schema)) {
    const given = init[localName];
    if (given === undefined || given === null) {
      continue;
    }
    const value = kind === "oneof" ? chosen(schema, given as Values) : named(schema.field[localName], given);
    if (value !== given) {
      result = result === init ? Object.assign(Object.create(Object.getPrototypeOf(init)), init) : result;
      result[localName] = value;
    }
  }
  return result;
}

/** Of a oneof: `{ case, value }`. */
function chosen(schema: DescMessage, given: Values): unknown {
  const field = schema.field[String(given.case)];
  const value = given.value === undefined ? undefined : named(field, given.value);
  return value === given.value ? given : { ...given, value };
}

function named(field: DescField | undefined, given: unknown): unknown {
  if (field === undefined || !isCheckable(field)) {
    return given;
  }
  return step(`.${field.name}`, () => {
    if (field.fieldKind === "list" && Array.isArray(given)) {
      return listed(field, given);
    }
    return field.fieldKind === "map" ? mapped(field, given as Values) : held(field, given);
  });
}

function listed(field: DescField, given: unknown[]): unknown[] {
  const values = given.map((each, index) => step(`[${index}]`, () => held(field, each)));
  return values.every((value, index) => value === given[index]) ? given : values;
}

function mapped(field: DescField, given: Values): Values {
  const values = Object.entries(given).map(([key, each]) => [
    key,
    step(keyed(key), () => {
      text(key);
      return held(field, each);
    }),
  ]);
  return Object.fromEntries(values);
}

/** One value of a field, which may be a list or a map. */
function held(field: DescField, given: unknown): unknown {
  if (typeof given === "string") {
    text(given);
  }
  const schema = field.message;
  if (schema === undefined) {
    return given;
  }
  if (schema.typeName === TimestampSchema.typeName) {
    return time(given);
  }
  if (schema.typeName === StructSchema.typeName && field.parent.typeName !== ValueSchema.typeName) {
    json(given);
    return given;
  }
  return typeof given === "object" && given !== null ? message(schema, given as Values) : given;
}

function text(given: string): void {
  if (!isWellFormed(given)) {
    throw new Misfit("half of a surrogate pair is no Unicode text");
  }
}

const native = (String.prototype as { isWellFormed?: () => boolean }).isWellFormed;

/** Whether there are no lone surrogates. */
const isWellFormed: (given: string) => boolean =
  native === undefined ? (given) => !/\p{Surrogate}/u.test(given) : (given) => native.call(given);

/** A Date, or what a Timestamp is made of. */
function time(given: unknown): unknown {
  const kind = kindOf(given);
  if (kind === "Date" && !Number.isNaN((given as Date).getTime())) {
    return timestampFromDate(given as Date);
  }
  const { seconds, nanos } = Object(given) as Values;
  const isMade = seconds !== undefined || nanos !== undefined || Object.keys(Object(given)).length === 0;
  if (kind !== "Object" || !isMade) {
    throw new Misfit(`a time is a Date or a Timestamp, not ${kind === "Date" ? "an invalid Date" : `a ${kind}`}`);
  }
  return given;
}

/** What google.protobuf.Struct can hold. */
function json(given: unknown): void {
  const kind = kindOf(given);
  if (kind === "String") {
    text(given as string);
  } else if (kind === "Array") {
    (given as unknown[]).forEach((each, index) => {
      step(`[${index}]`, () => json(each));
    });
  } else if (kind === "Object") {
    for (const [key, each] of Object.entries(given as Values)) {
      step(keyed(key), () => {
        text(key);
        json(each);
      });
    }
  } else if (!(kind === "Null" || kind === "Boolean" || Number.isFinite(given))) {
    throw new Misfit(`JSON has no ${kind === "Number" ? String(given) : kind}: give text, a finite number or null`);
  }
}

/** `Date`, `Array`, `BigInt`, `Undefined`; `Object` of those that are made by callers. */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function keyed(key: string): string {
  return /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** What happens inside is at this step of the path. */
function step<T>(part: string, inside: () => T): T {
  try {
    return inside();
  } catch (thrown) {
    if (thrown instanceof Misfit) {
      thrown.path = `${part}${thrown.path}`;
    }
    throw thrown;
  }
}
