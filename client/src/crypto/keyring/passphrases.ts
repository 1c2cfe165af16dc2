// Passphrases are generated, never chosen: whoever has the lock could guess at a chosen one for years. Six words of 2048 are 66
// bits, and each guess costs what Argon2id costs. The words are fetched when somebody wants a passphrase: those of English and
// French come with @scure/bip39, those of Dutch and German stand beside this file; THIRD-PARTY-NOTICES.md says whence.
const COUNT = 2048;
const WORDS = 6;

const plain = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");
/** Without accents: telephones hide them, and no two words differ by those alone. */
const bare = (word: string): string => word.normalize("NFD").replace(/\p{M}/gu, "");

const LISTS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  nl: async () => plain((await import("./words/nl.txt?raw")).default),
  de: async () => plain((await import("./words/de.txt?raw")).default),
  en: async () => (await import("@scure/bip39/wordlists/english.js")).wordlist,
  fr: async () => (await import("@scure/bip39/wordlists/french.js")).wordlist.map(bare),
};

/** The words of a language; those of English where there are none of it. */
export async function wordsOf(language: string): Promise<readonly string[]> {
  const words = await (LISTS[language] ?? LISTS.en)?.();
  if (words?.length !== COUNT) throw new RangeError("a list has 2048 words");
  return words;
}

/** Six words, with a space between. */
export async function newPassphrase(language: string): Promise<string> {
  const words = await wordsOf(language);
  // 2048 divides what 16 bits count, so that no word is likelier than another.
  const chosen = crypto.getRandomValues(new Uint16Array(WORDS));
  return Array.from(chosen, (number) => words[number % COUNT]).join(" ");
}
