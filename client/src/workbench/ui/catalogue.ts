// The texts of the workbench in the chosen language, and changes as sentences.
import { catalogue } from "../../design/language.svelte.ts";
import { pick, type Text } from "../../protocol/method.ts";
import type { Change } from "../state/api.ts";
import type { MethodFile } from "../state/file.ts";
import { named } from "../state/parts.ts";
import type { WorkbenchTexts } from "../texts/nl.ts";

/** The workbench's catalogue; reactive where it is read. */
export const workbenchTexts = catalogue<WorkbenchTexts>({
  nl: async () => (await import("../texts/nl.ts")).nl,
  en: async () => (await import("../texts/en.ts")).en,
  de: async () => (await import("../texts/de.ts")).de,
  fr: async () => (await import("../texts/fr.ts")).fr,
});

/** A method's own text, where the file may hold anything. */
export function own(text: unknown, spoken: string): string {
  return text !== null && typeof text === "object" ? String(pick(text as Text, spoken) ?? "") : "";
}

/** Everybody whom a step may speak of, each with a name: `owner` and the like, and the method's own roles. */
export function people(file: MethodFile, spoken: string): readonly (readonly [string, string])[] {
  const t = workbenchTexts();
  const always = ["owner", "participant", "facilitator", "everyone"].map((who) => [who, t.who[who] ?? who] as const);
  return [...always, ...named(file, "roles").map(([id, role]) => [id, own(role.name, spoken) || id] as const)];
}

/** The name of one of them. */
export function roleName(file: MethodFile, who: string, spoken: string): string {
  return people(file, spoken).find(([one]) => one === who)?.[1] ?? workbenchTexts().who[who] ?? who;
}

/** A change as a sentence; `name` gives the name of a phase by its id. */
export function sentence(change: Change, t: WorkbenchTexts, name: (id: string) => string): string {
  const phase = change.phase ?? "";
  const who = t.who[change.who ?? ""] ?? change.who ?? "";
  const thing = t.what[change.what ?? ""] ?? t.setting[change.what ?? ""] ?? change.what ?? "";
  const step = phase ? t.diff.step(change.number ?? 0, name(phase)) : t.diff.method;
  const [from, to] = [shown(change.before, t), shown(change.after, t)];
  switch (change.code) {
    case "phase-added":
      return t.diff.added(name(phase), change.number ?? 0, to);
    case "phase-removed":
      return t.diff.removed(name(phase));
    case "phase-moved":
      return t.diff.moved(name(phase), Number(change.before), Number(change.after));
    case "position":
      return t.diff.position(
        step,
        who,
        t.position[String(change.before)] ?? from,
        t.position[String(change.after)] ?? to,
      );
    case "given":
      return t.diff.given(step, who, thing);
    case "no-longer-given":
      return t.diff.notGiven(step, who, thing);
    case "given-otherwise":
      return t.diff.otherwise(step, who, thing);
    case "prompt":
      return t.diff.prompt(step, who);
    case "texts":
    case "phase-texts":
      return t.diff.text(step, t.setting[change.what ?? ""] ?? thing);
    default:
      return setting(change, step, t, from, to);
  }
}

function setting(change: Change, step: string, t: WorkbenchTexts, from: string, to: string): string {
  const thing = t.setting[change.what ?? ""] ?? change.what ?? "";
  if (change.what === "minutes") return t.diff.minutes(step, from, to);
  if (change.phase && change.what === "advice") return t.diff.advice(step, change.after === true);
  if (change.phase && change.what === "silence") return t.diff.silence(step, change.after === true);
  if (!simple(change.before) || !simple(change.after)) return t.diff.text(step, thing);
  const nothing = Array.isArray(change.before) || Array.isArray(change.after) ? t.part.none : t.diff.no;
  return t.diff.set(step, thing, from || nothing, to || nothing);
}

const simple = (value: unknown): boolean =>
  value === null || value === undefined || typeof value !== "object" || (Array.isArray(value) && value.every(simple));

function shown(value: unknown, t: WorkbenchTexts): string {
  if (typeof value === "boolean") return value ? t.diff.yes : t.diff.no;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => shown(one, t)).join(", ");
  return typeof value === "object" ? "" : String(value);
}
