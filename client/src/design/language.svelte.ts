// The language of this device: the one chosen last, in the room or on the site's pages, else the browser's.
import { pick, type Text } from "../protocol/method.ts";
import { LANGUAGES } from "./languages.gen.ts";

export type Language = (typeof LANGUAGES)[number];

/** The site's cookie, with the same attributes: a choice here applies to the site's pages too, and vice versa. */
const COOKIE = `${location.protocol === "https:" ? "__Host-" : ""}kring_language`;
const A_YEAR = 31_536_000;

function known(code: string): Language | null {
  const short = code.slice(0, 2).toLowerCase();
  return LANGUAGES.find((language) => language === short) ?? null;
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

/** The language chosen last on this device; else the page's, which the server chose; else the browser's. */
export function spoken(): Language {
  const wishes = [cookie(COOKIE), document.documentElement.lang, ...navigator.languages];
  return wishes.map(known).find((language) => language !== null) ?? "en";
}

function keep(language: Language): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing over http and in older browsers.
  document.cookie = `${COOKIE}=${language}; Path=/; Max-Age=${A_YEAR}; SameSite=Lax${secure}`;
}

class Chosen {
  #value = $state<Language>(spoken());

  get value(): Language {
    return this.#value;
  }

  set value(language: Language) {
    this.#value = language;
    document.documentElement.lang = language;
    keep(language);
  }
}

/** The language of the screens; setting it changes all texts at once. */
export const language = new Chosen();

/** A method's text in the chosen language. */
export function localized(text: Text | null | undefined): string {
  return pick(text, language.value);
}
