// What comes from a method of Kring speaks all of its languages; in somebody's own file a text in a language that the name isn't in is
// a problem. So what is taken over speaks the languages of the file that it goes into, and no others.
import { METHOD_LANGUAGES } from "../../design/languages.gen.ts";

/** The same, with each text in these languages alone. */
export function spoken<T>(part: T, languages: readonly string[]): T {
  if (Array.isArray(part)) return part.map((one) => spoken(one, languages)) as T;
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part);
  const text = METHOD_LANGUAGES.every((code) => typeof (part as Record<string, unknown>)[code] === "string");
  const kept = text ? entries.filter(([code]) => languages.includes(code)) : entries;
  return Object.fromEntries(kept.map(([key, value]) => [key, spoken(value, languages)])) as T;
}
