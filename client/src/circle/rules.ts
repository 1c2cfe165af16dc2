// What a circle says of itself in free words: sealed for its members, and, in an invitation, for whoever was invited. The house
// rules in it must be those whose hash stands in the log.
import type { Bytes } from "../crypto/bytes.ts";
import { fromBase64, rulesHash, toBase64 } from "../crypto/keyring.ts";
import type { Plain } from "../crypto/seal.ts";
import { CircleTrouble } from "./trouble.ts";

export interface About {
  readonly name: string;
  readonly purpose: string;
  readonly rhythm: string;
  /** The house rules. */
  readonly rules: string;
}

const SALT_BYTES = 16;
const text = (value: string | number | undefined): string => (typeof value === "string" ? value : "");

/** As it is sealed, and the hash by which the log names its rules. */
export async function written(about: About, by = ""): Promise<{ readonly fields: Plain; readonly hash: string }> {
  const salt: Bytes = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const { name, purpose, rhythm, rules } = about;
  const fields = { name, purpose, rhythm, rules, salt: toBase64(salt), by };
  return { fields, hash: await rulesHash(salt, rules) };
}

/** What was sealed. `rules-other`: these aren't the rules that the log names. */
export async function aboutIn(fields: Plain, hash: string): Promise<About & { readonly by: string }> {
  const { name, purpose, rhythm, rules, salt, by } = fields;
  const found = { name: text(name), purpose: text(purpose), rhythm: text(rhythm), rules: text(rules), by: text(by) };
  const said = await saltOf(text(salt))
    .then((bytes) => rulesHash(bytes, found.rules))
    .catch(() => "");
  if (said !== hash) throw new CircleTrouble("rules-other");
  return found;
}

const saltOf = async (salt: string): Promise<Bytes> => fromBase64(salt);
