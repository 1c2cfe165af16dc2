// The language of this device: the one chosen last, in the room or on the site's pages, else the browser's.
import { pick, readIn, type Text } from "../protocol/method.ts";
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

/** The language of the screens; setting it changes all texts at once. Its texts must be there: `choose` fetches them first. */
export const language = new Chosen();

type Files<T> = Readonly<Record<Language, () => Promise<T>>>;
const fetching: ((language: Language) => Promise<void>)[] = [];

/**
 * The texts of one part of the client. Only those of the language in use are fetched: `loadTexts` is awaited before a page is
 * shown. The function that is returned gives the texts in a language, by default the chosen one; reactive where it is read.
 */
export function catalogue<T>(files: Files<T>): (spoken?: Language) => T {
  const loaded = new Map<Language, T>();
  fetching.push(async (spoken) => {
    if (!loaded.has(spoken)) loaded.set(spoken, await files[spoken]());
  });
  return (spoken = language.value) => {
    const texts = loaded.get(spoken);
    if (texts === undefined) throw new Error(`the texts in ${spoken} were not fetched`);
    return texts;
  };
}

/** Fetches what every part of the page says in a language; rejects where that doesn't come, and may then be tried again. */
export async function loadTexts(spoken: Language = language.value): Promise<void> {
  await Promise.all(fetching.map((fetch) => fetch(spoken)));
}

/** Switches to a language once its texts are there; until then, and where they don't come, all stays as it is. */
export async function choose(spoken: Language): Promise<void> {
  await loadTexts(spoken);
  language.value = spoken;
}

/** A method's text in the chosen language. */
export function localized(text: Text | null | undefined): string {
  return pick(text, language.value);
}

/** The `lang` of that text's element: only where the method lacks the chosen language, so that it is read aloud as what it is. */
export function langOf(text: Text | null | undefined): string | undefined {
  const spoken = readIn(text, language.value);
  return spoken === language.value ? undefined : spoken;
}
