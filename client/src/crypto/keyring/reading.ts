// How what stands in a log is read: nothing that is not known, and nothing that two programs could read differently.
import { type Bytes, utf8 } from "../bytes.ts";
import { canBeSealedTo, canSign } from "./points.ts";

/** These bytes are not what they should be. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** What a value is, if it is that; an `Unreadable` otherwise. */
export type Reader<T> = (value: unknown) => T;
export type Read<R> = R extends Reader<infer T> ? T : never;
type Fields = Readonly<Record<string, Reader<unknown>>>;
type Defaults = Readonly<Record<string, unknown>>;
export type Values<F extends Fields> = { readonly [Name in keyof F]: Read<F[Name]> };

/** Bytes as they stand in an entry: base64, padded, and in the one way in which they can be written. */
export type Base64 = string;

export function toBase64(bytes: Uint8Array): Base64 {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export const fromBase64 = (text: Base64): Bytes => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

function need(holds: boolean): asserts holds {
  if (!holds) throw new Unreadable();
}

export const text: Reader<string> = (value) => {
  need(typeof value === "string");
  return value;
};

/** A member's id, that they made up. */
export const memberId: Reader<string> = (value) => {
  const id = text(value);
  need(/^[A-Za-z0-9_-]{1,64}$/.test(id));
  return id;
};

/** SHA-256 in hexadecimal. */
export const hash: Reader<string> = (value) => {
  const found = text(value);
  need(/^[0-9a-f]{64}$/.test(found));
  return found;
};

/** The same, or nothing. */
export const hashOrNone: Reader<string> = (value) => (value === "" ? "" : hash(value));

/** A whole number from 0 that JavaScript has exactly. */
export const whole: Reader<number> = (value) => {
  need(typeof value === "number" && Number.isSafeInteger(value) && value >= 0);
  return value;
};

export const one = <T extends string | number>(...known: readonly T[]): Reader<T> => {
  return (value) => {
    need((known as readonly unknown[]).includes(value));
    return value as T;
  };
};

export const base64: Reader<Base64> = (value) => {
  need(typeof value === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0);
  // Stray bits in the last character would be a second way to write the same.
  need(toBase64(fromBase64(value)) === value);
  return value;
};

const publicKey =
  (may: (key: Bytes) => boolean): Reader<Base64> =>
  (value) => {
    const key = base64(value);
    const bytes = fromBase64(key);
    need(bytes.length === 32 && may(bytes));
    return key;
  };

/** An Ed25519 public key. */
export const signingKey: Reader<Base64> = publicKey(canSign);
/** An X25519 public key. */
export const sealingKey: Reader<Base64> = publicKey(canBeSealedTo);

export const list = <T>(item: Reader<T>): Reader<readonly T[]> => {
  return (value) => {
    need(Array.isArray(value));
    return value.map((part: unknown) => item(part));
  };
};

export function object(value: unknown): Readonly<Record<string, unknown>> {
  need(typeof value === "object" && value !== null && !Array.isArray(value));
  return value as Readonly<Record<string, unknown>>;
}

/** Exactly these fields; those with a default are left out where they have it. */
export const record = <F extends Fields>(fields: F, defaults: Defaults = {}): Reader<Values<F>> => {
  return (value) => {
    const found = object(value);
    need(Object.keys(found).every((name) => Object.hasOwn(fields, name)));
    const entries = Object.entries(fields).map(([name, reader]): readonly [string, unknown] => {
      if (!Object.hasOwn(found, name)) {
        need(Object.hasOwn(defaults, name));
        return [name, defaults[name]];
      }
      const part = reader(found[name]);
      need(JSON.stringify(part) !== JSON.stringify(defaults[name]));
      return [name, part];
    });
    return Object.fromEntries(entries) as Values<F>;
  };
};

function parsed(body: Bytes): readonly [string, unknown] {
  try {
    const said = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return [said, JSON.parse(said)];
  } catch {
    throw new Unreadable();
  }
}

/** What these bytes say: JSON of plain letters, each name once, with no space, no escape and no number spelt otherwise. */
export function decoded<T>(reader: Reader<T>, body: Bytes): T {
  const [said, value] = parsed(body);
  need(utf8(said).length === said.length && !said.includes("\\"));
  const part = reader(value);
  need(JSON.stringify(value) === said);
  return part;
}

/** Whether this is an entry of a version later than `version`. */
export function isNewer(body: Bytes, version: number): boolean {
  try {
    const { v } = object(parsed(body)[1]);
    return typeof v === "number" && v > version;
  } catch {
    return false;
  }
}
