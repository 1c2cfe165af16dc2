// What the checker says, in the chosen language: sentences with named blanks, from the tables that the command line and the
// server use too (`kring.methods.remarks` reads them in the same way).
import { catalogue, type Language } from "../../design/language.svelte.ts";
import type { Arg, Remark, Said } from "../state/api.ts";

const sentences = catalogue<Readonly<Record<string, string>>>({
  nl: async () => (await import("../../../../src/kring/methods/texts/remarks.nl.json")).default,
  en: async () => (await import("../../../../src/kring/methods/texts/remarks.en.json")).default,
  de: async () => (await import("../../../../src/kring/methods/texts/remarks.de.json")).default,
  fr: async () => (await import("../../../../src/kring/methods/texts/remarks.fr.json")).default,
});
const BLANK = /\{([a-z]+)(?::(or|and|; |, ))?\}/g;

/** All of a remark: what is wrong, and in brackets what is noted with it. */
export function sentence(remark: Remark, language: Language): string {
  return [said(remark, language), ...remark.notes.map((note) => `(${said(note, language)})`)].join(" ");
}

/** One sentence. A code that this page doesn't know yet, after a new release, is shown as it is. */
export function said({ code, args }: Said, language: Language): string {
  const text = sentences(language)[code] ?? code;
  return text.replaceAll(BLANK, (_, name: string, joint?: string) => filled(args[name] ?? "", joint, language));
}

function filled(value: Arg, joint: string | undefined, language: Language): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (!isList(value)) return said(value, language);
  const parts = value.map((part) => (typeof part === "string" ? `\`${part}\`` : said(part, language)));
  if ((joint !== "or" && joint !== "and") || parts.length < 2) return parts.join(joint ?? ", ");
  return `${parts.slice(0, -1).join(", ")} ${sentences(language)[joint]} ${parts.at(-1)}`;
}

const isList = (value: Said | readonly (string | Said)[]): value is readonly (string | Said)[] => Array.isArray(value);

/** How long the steps take together, from and to, where the method says otherwise; `null` where it is right. */
export function totalOf(remarks: readonly Remark[]): { readonly least: number; readonly most: number } | null {
  const total = remarks.find((remark) => remark.code === "minutes-do-not-add-up")?.args.total;
  if (typeof total === "number") return { least: total, most: total };
  const range = typeof total === "object" && "args" in total ? total.args : {};
  const [least, most] = [Number(range.least), Number(range.most)];
  return least > 0 && most > 0 ? { least, most } : null;
}
