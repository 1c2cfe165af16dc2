import { en as codes } from "./codes.en.ts";
import type { SharedTexts } from "./nl.ts";

/** The shared texts, in English. */
export const en: SharedTexts = {
  codes,
  language: "Language",
  languageFailed: "This language couldn’t be fetched. Check your connection.",
  yes: "Yes, do it",
  cancel: "Cancel",
};
