// What the schema of the language says of a text, without the server: the same mistakes, at the same places, with the same
// codes and arguments as the reader's (`kring.methods.explain`), so that its answer a moment later changes nothing on the
// screen. A test holds the two beside each other.
import { type OutputUnit, Validator } from "@cfworker/json-schema";
import type { Arg, Remark, Said } from "./api.ts";
import type { MethodFile, Path, Spot } from "./file.ts";
import { DEFS, type Schema } from "./grammar.ts";

const MOST = 50;
const SHOWN = 60;
/** Characters of an id (`LONGEST_ID` in `kring.methods.schema`). */
const LONGEST_ID = 40;
const LONG_ID = new RegExp(`^[a-z][a-z0-9-]{${LONGEST_ID},}$`);
const DECIMAL_COMMA = /^\d+,\d+$/;
const WANTED: Readonly<Record<string, Said>> = {
  object: message("want-mapping"),
  array: message("want-list"),
  string: message("a-text"),
  integer: message("a-whole-number"),
  number: message("a-number"),
  boolean: message("true-or-false"),
};
/** The code for what a keyword of the schema bounds. */
const BOUNDS: Readonly<Record<string, string>> = {
  minimum: "at-least",
  exclusiveMinimum: "more-than",
  maximum: "at-most",
  minItems: "too-few-entries",
  minProperties: "too-few-entries",
  maxItems: "too-many-entries",
  maxProperties: "too-many-entries",
};

/** A finding of the validator. */
interface Found {
  readonly keyword: string;
  readonly path: Path;
  readonly value: unknown;
  readonly schema: Schema;
  readonly bound: unknown;
  /** Whether it is about a key rather than a value. */
  readonly name: boolean;
}

const validators = new Map<string, Validator>();

const order = ({ code, args }: Said): string => `${code} ${JSON.stringify(args)}`;

/** All mistakes that the schema finds, in the order of the text. */
export function remarksOfSchema(file: MethodFile): readonly Remark[] {
  const said = [...unread(file)];
  if (said.length) return said;
  const nothing = [...valueless(file.raw, [])];
  const found = nothing.length ? nothing.map((path) => remark(file.spot(path, true), nameless(path))) : checked(file);
  const unique = new Map(found.map((one) => [JSON.stringify(one), one]));
  return [...unique.values()]
    .sort((one, other) => one.line - other.line || one.column - other.column || (order(one) < order(other) ? -1 : 1))
    .slice(0, MOST);
}

function* unread(file: MethodFile): Generator<Remark> {
  const top = { line: 1, column: 1 };
  if (file.broken) yield remark(file.broken, message("not-yaml"));
  else if (file.text.trim() === "") yield remark(top, message("empty-file"));
  else if (!file.readable) yield remark(top, message("not-a-mapping"));
}

function message(code: string, args: Readonly<Record<string, Arg>> = {}): Said {
  return { code, args };
}

const remark = ({ line, column }: Spot, what: Said): Remark => ({ line, column, ...what, notes: [] });

function* valueless(value: unknown, path: Path): Generator<Path> {
  if (value === null) yield path;
  else if (typeof value === "object") {
    for (const [key, part] of Object.entries(value as object)) {
      yield* valueless(part, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }
}

function nameless(path: Path): Said {
  const key = path.at(-1);
  return typeof key === "string" ? message("no-value", { key: shown(key) }) : message("no-value-here");
}

function checked(file: MethodFile): Remark[] {
  const part = "extends" in file.raw ? "Extension" : "Method";
  let validator = validators.get(part);
  if (!validator) {
    validator = new Validator({ $defs: DEFS, $ref: `#/$defs/${part}` }, "2020-12", false);
    validators.set(part, validator);
  }
  const found = validator.validate(file.raw).errors.map((error) => lookedUp(error, file.raw));
  return found.flatMap((one) => (one ? explained(one, file) : []));
}

function lookedUp(error: OutputUnit, raw: unknown): Found | null {
  // What stands below `anyOf` is part of one mistake, and what only says that something inside is wrong is none.
  const keys = steps(error.keywordLocation);
  if (keys.slice(0, -1).includes("anyOf")) return null;
  let schema: Schema = { $ref: `#/$defs/${"extends" in (raw as object) ? "Extension" : "Method"}` };
  for (const key of keys.slice(0, -1)) {
    if (key === "$ref") schema = DEFS[String(schema.$ref).replace("#/$defs/", "")] ?? {};
    else schema = (schema[key] ?? {}) as Schema;
  }
  const path: (string | number)[] = [];
  let value = raw;
  const name = keys.includes("propertyNames");
  for (const step of steps(error.instanceLocation)) {
    path.push(Array.isArray(value) ? Number(step) : step);
    value = (value as Record<string, unknown> | undefined)?.[step];
  }
  if (name) value = path.at(-1);
  return { keyword: error.keyword, path, value, schema, bound: schema[error.keyword], name };
}

const steps = (pointer: string): string[] =>
  decodeURI(pointer)
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

function explained(found: Found, file: MethodFile): Remark[] {
  const { keyword, path, value, schema } = found;
  if (keyword === "additionalProperties") {
    if (schema.additionalProperties !== false) return [];
    const known = Object.keys(schema.properties ?? {}).sort();
    const others = Object.keys(value as object).filter((key) => !known.includes(key));
    return others.map((key) =>
      remark(
        file.spot([...path, key], true),
        message("unknown-key", { key: shown(key), hint: "", known: known.map(shown) }),
      ),
    );
  }
  if (keyword === "required") {
    const missing = (schema.required ?? []).filter((key) => !(key in (value as object)));
    return missing.map((key) => remark(file.spot(path), absent(key, schema)));
  }
  if (found.name && keyword !== "propertyNames") return [remark(file.spot(path, true), badKey(found))];
  const said = wrong(found);
  return said ? [remark(file.spot(path), said)] : [];
}

const absent = (key: string, schema: Schema): Said =>
  schema === DEFS.Text ? message("missing-language", { language: key }) : message("missing-key", { key });

const badKey = ({ keyword, value }: Found): Said =>
  keyword === "pattern" ? noId(value) : message("not-a-language", { key: shown(value), hint: "" });

/** What is wrong with an id: that it is too long, and by how many characters, where nothing else is. */
function noId(value: unknown): Said {
  const word = String(value);
  if (!LONG_ID.test(word)) return message("not-an-id", { key: shown(word) });
  return message("id-too-long", { key: shown(word), over: word.length - LONGEST_ID, bound: LONGEST_ID });
}

/** Counted in characters, as the reader does: an emoji is one. */
function tooLong({ path, value, bound, schema }: Found, key: string): Said {
  const names = path.filter((step) => typeof step === "string");
  const whole = schema.pattern === "\\S" ? names.slice(-2).join(".") : key;
  const most = Number(bound);
  return message("too-long", { key: whole, over: [...String(value)].length - most, bound: most });
}

function wrong(found: Found): Said | null {
  const { keyword, path, value, bound, schema } = found;
  const key = String([...path].reverse().find((step) => typeof step === "string"));
  switch (keyword) {
    case "type":
      if (bound === "number" && DECIMAL_COMMA.test(String(value)))
        return message("decimal-comma", { value: String(value).replace(",", ".") });
      if (key === "cases") return message("cases-wrong");
      return message(path.at(-1) === key ? "wrong-type" : "wrong-type-of-entry", {
        key,
        wanted: WANTED[String(bound)] ?? "",
        found: sort(value),
      });
    case "enum":
      return message("not-possible", {
        value: shown(value),
        key,
        hint: "",
        known: (schema.enum ?? []).map((one) => shown(one)),
      });
    case "pattern":
      return bound === "\\S" ? message("text-empty", { key }) : noId(value);
    case "anyOf":
      return message("cases-wrong");
    case "uniqueItems":
      return message("entry-twice", { key });
    case "minLength":
      return message("too-short", { key });
    case "maxLength":
      return tooLong(found, key);
    case "minItems":
      if (key === "ends") return message("ends-empty");
      break;
    default:
  }
  const code = BOUNDS[keyword];
  return code ? message(code, { key, bound: Number(bound) }) : null;
}

function sort(value: unknown): Said {
  if (Array.isArray(value)) return message("a-list");
  if (typeof value === "object") return message("a-mapping");
  return typeof value === "string" ? message("a-text") : message("the-value", { value: shown(value) });
}

function shown(value: unknown): string {
  const text = String(value).split(/\s+/).filter(Boolean).join(" ");
  const letters = [...text];
  return letters.length <= SHOWN ? text : `${letters.slice(0, SHOWN).join("")}...`;
}
