// What the schema of the language says of a text, without the server: the same mistakes, at the same places, in the same
// English sentences as the reader's (`kring.methods.explain`), so that its answer a moment later changes nothing on the
// screen. A test holds the two beside each other.
import { type OutputUnit, Validator } from "@cfworker/json-schema";
import type { Remark } from "./api.ts";
import type { MethodFile, Path, Spot } from "./file.ts";
import { DEFS, type Schema } from "./grammar.ts";

const MOST = 50;
const SHOWN = 60;
const ID_RULE = "use small letters, digits and hyphens, a letter first, 40 at most.";
const CASES = "`cases` is a whole number from 1 to 9, or the word `everyone`.";
const TYPES: Readonly<Record<string, string>> = {
  object: "a mapping (`key: value` lines)",
  array: "a list (lines that start with `-`)",
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
};
const BOUNDS: Readonly<Record<string, string>> = {
  minimum: "`{key}` must be at least {bound}.",
  exclusiveMinimum: "`{key}` must be more than {bound}.",
  maximum: "`{key}` must be at most {bound}.",
  minItems: "`{key}` is empty; it needs at least {bound}.",
  minProperties: "`{key}` is empty; it needs at least {bound}.",
  maxItems: "`{key}` has more than {bound}; leave some out.",
  maxProperties: "`{key}` has more than {bound}; leave some out.",
  uniqueItems: "`{key}` says something twice; say it once.",
  minLength: "`{key}` is empty; write something.",
  maxLength: "`{key}` is longer than {bound} characters; make it shorter.",
};

/** What the library found, looked up. */
interface Found {
  readonly keyword: string;
  readonly path: Path;
  readonly value: unknown;
  readonly schema: Schema;
  readonly bound: unknown;
  /** It is about a key, not about what stands there. */
  readonly name: boolean;
}

const validators = new Map<string, Validator>();

/** Everything that the schema finds wrong, in the order of the text. */
export function remarksOfSchema(file: MethodFile): readonly Remark[] {
  const said = [...unread(file)];
  if (said.length) return said;
  const nothing = [...valueless(file.raw, [])];
  const found = nothing.length ? nothing.map((path) => remark(file.spot(path, true), nameless(path))) : checked(file);
  const unique = new Map(found.map((one) => [`${one.line}:${one.column}:${one.message}`, one]));
  return [...unique.values()]
    .sort((one, other) => one.line - other.line || one.column - other.column || (one.message < other.message ? -1 : 1))
    .slice(0, MOST);
}

function* unread(file: MethodFile): Generator<Remark> {
  const top = { line: 1, column: 1 };
  if (file.broken) {
    const message = `This is not YAML (${file.broken.why}); check the indentation, the quotes and the colons around here.`;
    yield remark(file.broken, message);
  } else if (file.text.trim() === "") yield remark(top, "The file is empty; a method starts with `kring: 1`.");
  else if (!file.readable) yield remark(top, "A method is a mapping: start the file with `kring: 1` and `id: ...`.");
}

const remark = ({ line, column }: Spot, message: string): Remark => ({ line, column, message });

function* valueless(value: unknown, path: Path): Generator<Path> {
  if (value === null) yield path;
  else if (typeof value === "object") {
    for (const [key, part] of Object.entries(value as object)) {
      yield* valueless(part, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }
}

function nameless(path: Path): string {
  const key = path.at(-1);
  return `${typeof key === "string" ? `\`${shown(key)}\`` : "This"} has no value; write one, or leave the line out.`;
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
        `\`${shown(key)}\` is not a key that is known here. Known are ${listed(known)}.`,
      ),
    );
  }
  if (keyword === "required") {
    const missing = (schema.required ?? []).filter((key) => !(key in (value as object)));
    return missing.map((key) => remark(file.spot(path), absent(key, schema)));
  }
  if (keyword === "pattern" && found.name) return [remark(file.spot(path, true), badKey(found))];
  const said = sentence(found);
  return said ? [remark(file.spot(path), said)] : [];
}

const absent = (key: string, schema: Schema): string =>
  schema === DEFS.Text
    ? `The text is missing in \`${key}\`; every text is there in nl, en and de.`
    : `\`${key}\` is missing here; add a line \`${key}: ...\`.`;

const badKey = ({ value, bound }: Found): string =>
  String(bound).includes("{2}")
    ? `\`${shown(value)}\` is not a language; write two small letters, such as \`nl\`, \`en\`, \`de\` or \`fr\`.`
    : `\`${shown(value)}\` cannot be an id; ${ID_RULE}`;

function sentence({ keyword, path, value, bound, schema }: Found): string | null {
  const key = [...path].reverse().find((step) => typeof step === "string") ?? "the file";
  switch (keyword) {
    case "type":
      if (key === "cases") return CASES;
      return `${path.at(-1) === key ? `\`${key}\`` : `Each entry of \`${key}\``} must be ${TYPES[String(bound)]}, not ${sort(value)}.`;
    case "enum":
      return `\`${shown(value)}\` is not possible for \`${key}\`. Possible are ${listed((schema.enum ?? []).map(String))}.`;
    case "pattern":
      return bound === "\\S"
        ? `The text of \`${key}\` is empty; write it, or leave the whole text out.`
        : `\`${shown(value)}\` cannot be an id; ${ID_RULE}`;
    case "anyOf":
      return CASES;
    case "minItems":
      if (key === "ends")
        return "A phase must be able to end: list at least one of `done`, `time` or `agreed` in `ends`.";
      break;
    default:
  }
  return BOUNDS[keyword]?.replace("{key}", String(key)).replace("{bound}", String(bound)) ?? null;
}

function sort(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? "a text" : `\`${shown(value)}\``;
}

/** `a`, `b` or `c`. */
function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${shown(word)}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

function shown(value: unknown): string {
  const text = String(value).split(/\s+/).filter(Boolean).join(" ");
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`;
}
