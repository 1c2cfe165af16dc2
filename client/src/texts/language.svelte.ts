// The language of this device: kept here, chosen by the browser's own at first.
import { pick, type Text } from "../protocol/method.ts";

export const LANGUAGES = ["nl", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT = "kring:language";

function known(code: string | null | undefined): Language | null {
  const short = code?.slice(0, 2).toLowerCase();
  return LANGUAGES.find((language) => language === short) ?? null;
}

function first(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // Storage may be forbidden; then the browser's language is what we have.
  }
  return known(kept) ?? navigator.languages.map(known).find((language) => language !== null) ?? "en";
}

class Chosen {
  #value = $state<Language>(first());

  get value(): Language {
    return this.#value;
  }

  set value(language: Language) {
    this.#value = language;
    document.documentElement.lang = language;
    try {
      localStorage.setItem(KEPT, language);
    } catch {
      // Not kept for next time; it holds for this page.
    }
  }
}

/** The language in which this device speaks; setting it changes every screen text at once. */
export const language = new Chosen();

/** A method's text in the chosen language. */
export function say(text: Text | null | undefined): string {
  return pick(text, language.value);
}
