// The schema of the method language, and which part of it applies at a path.
import { $defs } from "../../../../src/kring/methods/method.schema.json";
import type { Path } from "./file.ts";

/** The part of JSON Schema that the language uses. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly description?: string;
  /** Under which name the catalogue tells what it means. */
  readonly meaning?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

export const DEFS = $defs as unknown as Readonly<Record<string, Schema>>;

/** The part that another one changes. */
const SAME: Readonly<Record<string, string>> = { Extension: "Method", PhaseChange: "Phase" };
const NAMES = new Map<Schema, string>();
for (const [name, part] of Object.entries(DEFS)) {
  NAMES.set(part, name);
  for (const [key, inner] of Object.entries(part.properties ?? {})) named(inner, `${SAME[name] ?? name}.${key}`);
}

function named(schema: Schema | undefined, name: string): void {
  if (!schema) return;
  if (schema.description !== undefined) NAMES.set(schema, name);
  for (const form of [schema.then, schema.else]) named(form, name);
}

/** The name of this in the catalogue of descriptions; empty where it has none. */
export function nameOf(schema: Schema): string {
  return NAMES.get(schema) ?? (schema.else ? nameOf(schema.else) : "");
}

/** The schema at a path of a file with this content; `null` where nothing is allowed. */
export function schemaAt(raw: Readonly<Record<string, unknown>>, path: Path): Schema | null {
  let value: unknown = raw;
  let schema: Schema | null = resolved({ $ref: `#/$defs/${"extends" in raw ? "Extension" : "Method"}` }, raw);
  for (const step of path) {
    value = (value as Record<string | number, unknown> | null | undefined)?.[step];
    const next: Schema | boolean | undefined =
      typeof step === "number" ? schema?.items : (schema?.properties?.[step] ?? schema?.additionalProperties);
    if (!next || next === true) return null;
    schema = resolved(next, value);
  }
  return schema;
}

/** Resolves references, and picks the alternative that fits the value. The nearest description wins. */
function resolved(schema: Schema, value: unknown): Schema {
  const { $ref } = schema;
  const meaning = NAMES.get(schema);
  const told = meaning === undefined ? {} : { meaning };
  if ($ref) return { ...resolved(DEFS[$ref.replace("#/$defs/", "")] ?? {}, value), ...told };
  if (schema.if) {
    const other = (schema.if.type === "array" && Array.isArray(value) ? schema.then : schema.else) ?? {};
    return { ...resolved(other, value), ...told };
  }
  return { ...schema, ...told };
}

/** The allowed values, where there are a few. */
export function choices(schema: Schema): readonly string[] {
  if (schema.type === "boolean") return ["true", "false"];
  const few = [...(schema.enum ?? []), ...("const" in schema ? [schema.const] : [])];
  return [...few, ...(schema.anyOf ?? []).flatMap(choices)].map(String);
}
