// What a name must be for others to know somebody by it: the rule of `src/kring/names.py`, which says why.
import { BLANK, INVISIBLE, JOINING, LONGEST } from "./names.gen.ts";

const invisible = new RegExp(`[${INVISIBLE}]`, "gu");
const joining = new RegExp(`[${JOINING}]`, "gu");
const blank = new RegExp(`[${BLANK}]+`, "gu");

/** The name as others see it: composed, without what shows nothing or turns the text round, one space between words. */
export function clean(name: string): string {
  return name.normalize("NFC").replace(invisible, "").replace(blank, " ").replace(/^ | $/g, "");
}

/** Whether there is something to see of it. */
export function shows(name: string): boolean {
  return /[^\p{M} ]/u.test(clean(name).replace(joining, ""));
}

const key = (name: string): string =>
  clean(name).normalize("NFKC").toLowerCase().replace(joining, "").replaceAll(" ", "");

/** Whether people would take the one for the other. */
export function alike(one: string, other: string): boolean {
  return key(one) === key(other);
}

/** By how many characters a name is too long, as others see it; 0 or less where it isn't. */
export function excessOfName(name: string): number {
  return [...clean(name)].length - LONGEST;
}

/** What is wrong with a name that somebody wants, beside those of others; `null` for nothing. */
export function nameTrouble(name: string, others: readonly string[]): "nothing" | "tooLong" | "taken" | null {
  if (!shows(name)) return "nothing";
  if (excessOfName(name) > 0) return "tooLong";
  return others.some((other) => alike(name, other)) ? "taken" : null;
}
