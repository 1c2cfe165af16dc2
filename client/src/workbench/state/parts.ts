// Roles, forms and sub-methods of a file: list them, find what depends on one, remove one.
import type { MethodFile, Path, Place } from "./file.ts";

export const PARTS = ["roles", "forms", "modules"] as const;
export type Part = (typeof PARTS)[number];
type Entry = Readonly<Record<string, unknown>>;

/** A reference from a phase to a role, a form or the sub-methods. */
export interface Use {
  readonly place: Place;
  readonly path: Path;
  readonly as: "gives" | "reply" | "position" | "prompts" | "fills" | "withheld" | "form" | "choose" | "runs";
}

const LONGEST = 40;
const isEntry = (value: unknown): value is Entry =>
  value !== null && typeof value === "object" && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The entries of a part, in the order of the file. */
export function named(file: MethodFile, part: Part): readonly (readonly [string, Entry])[] {
  const found = file.raw[part];
  if (!isEntry(found)) return [];
  return Object.entries(found).map(([id, entry]) => [id, isEntry(entry) ? entry : {}] as const);
}

/** A free id made from a name. */
export function idFrom(name: string, taken: readonly string[]): string {
  const plain = name.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  const words = plain.replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-$/g, "");
  const stem = words.slice(0, LONGEST - 4).replace(/-$/, "") || "new";
  let id = stem;
  for (let number = 2; taken.includes(id); number += 1) id = `${stem}-${number}`;
  return id;
}

/** Where phases refer to this one. */
export function usesOf(file: MethodFile, part: Part, id: string): readonly Use[] {
  return file.phases.flatMap((place) => {
    if (part === "roles") return ofRole(place, id);
    return part === "forms" ? ofForm(place, id) : ofModules(place, file, id);
  });
}

function ofRole(place: Place, role: string): Use[] {
  const { raw, path } = place;
  const use = (as: Use["as"], ...more: Path): Use => ({ place, path: [...path, ...more], as });
  const gives = listOf(raw.gives).flatMap((give, index) => {
    if (!isEntry(give)) return [];
    if (give.who === role) return [use("gives", "gives", index)];
    return [
      ...(isEntry(give.reply) && give.reply.who === role ? [use("reply", "gives", index, "reply", "who")] : []),
      ...(isEntry(give.withheld) && give.withheld.from === role ? [use("withheld", "gives", index, "withheld")] : []),
    ];
  });
  return [
    ...gives,
    ...(isEntry(raw.position) && role in raw.position ? [use("position", "position", role)] : []),
    ...(isEntry(raw.prompts) && role in raw.prompts ? [use("prompts", "prompts", role)] : []),
    ...listOf(raw.fills).flatMap((one, index) => (one === role ? [use("fills", "fills", index)] : [])),
    ...(isEntry(raw.withheld) && raw.withheld.from === role ? [use("withheld", "withheld")] : []),
  ];
}

function ofForm(place: Place, form: string): Use[] {
  return listOf(place.raw.gives).flatMap((give, index) =>
    isEntry(give) && give.form === form
      ? [{ place, path: [...place.path, "gives", index, "form"], as: "form" as const }]
      : [],
  );
}

/** One sub-protocol is chosen out of all, so phases depend on the last one only. */
function ofModules(place: Place, file: MethodFile, id: string): Use[] {
  if (named(file, "modules").some(([other]) => other !== id) || place.section.startsWith("modules.")) return [];
  const { raw, path } = place;
  return [
    ...(isEntry(raw.choose) && raw.choose.what === "module"
      ? [{ place, path: [...path, "choose"], as: "choose" as const }]
      : []),
    ...(raw.runs === "module" ? [{ place, path: [...path, "runs"], as: "runs" as const }] : []),
  ];
}

/** The file without it and without all references to it. */
export function withoutPart(file: MethodFile, part: Part, id: string): MethodFile {
  // From the end, so that earlier positions stay valid.
  const rest = [...usesOf(file, part, id)].reverse().reduce((less, use) => {
    return use.as === "fills" ? less.without(use.path) : less.with(use.path, undefined);
  }, file);
  return rest.without([part, id]);
}
