// What the checker says, in the chosen language. The core speaks English, in sentences with blanks; the catalogue has the same
// sentences. What fills a blank may be a sentence itself, or a list of words.
import type { Language } from "../../design/language.svelte.ts";
import { nl } from "../texts/remarks.nl.ts";

const CATALOGUES: Partial<Record<Language, Readonly<Record<string, string>>>> = { nl };
const AND: Partial<Record<Language, readonly [or: string, and: string]>> = { nl: ["of", "en"] };
const BLANK = /\{(\d)\}/;

interface Pattern {
  readonly found: RegExp;
  /** Which blank each group of `found` fills. */
  readonly blanks: readonly number[];
  readonly said: string;
}

const kept = new Map<Language, readonly Pattern[]>();

function patterns(language: Language): readonly Pattern[] {
  const known = kept.get(language);
  if (known) return known;
  // The longest first: a sentence with many words of its own is meant before one that is mostly blanks.
  const weight = (text: string): number => text.replaceAll(new RegExp(BLANK, "g"), "").length;
  const made = Object.entries(CATALOGUES[language] ?? {})
    .sort(([one], [other]) => weight(other) - weight(one))
    .map(([text, said]) => pattern(text, said));
  kept.set(language, made);
  return made;
}

function pattern(text: string, said: string): Pattern {
  const parts = text.split(BLANK);
  const source = parts.map((part, index) => (index % 2 ? "([\\s\\S]*?)" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return { found: new RegExp(`^${source.join("")}$`), blanks: parts.filter((_, index) => index % 2).map(Number), said };
}

/** The remark in this language; one that no catalogue knows stays English. */
export function translated(message: string, language: Language): string {
  for (const { found, blanks, said } of patterns(language)) {
    const match = found.exec(message);
    if (!match) continue;
    const filled = new Map(blanks.map((blank, index) => [blank, inside(match[index + 1] ?? "", language)]));
    return said.replaceAll(new RegExp(BLANK, "g"), (_, number) => filled.get(Number(number)) ?? "");
  }
  return inside(message, language, false);
}

function inside(text: string, language: Language, whole = true): string {
  const [or, and] = AND[language] ?? ["or", "and"];
  if (whole && /^[\w\s`(]/.test(text) && text.length > 1) {
    const again = translated(text, language);
    if (again !== text) return again;
  }
  return text.replaceAll("` or `", `\` ${or} \``).replaceAll("` and `", `\` ${and} \``);
}
