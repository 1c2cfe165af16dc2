// The texts of every stable code, in the language of this device.
import type { EndCode, RefusalCode } from "../../protocol/codes.ts";
import { type Language, language } from "../language.svelte.ts";
import { en } from "./codes.en.ts";
import { nl } from "./codes.nl.ts";

/** What each catalogue must have. A missing code doesn't compile. */
export interface CodeTexts {
  /** Why a command changed nothing; shown beside the button that was pressed. */
  readonly refusals: Readonly<Record<RefusalCode, string>>;
  /** Why the connection is closed for good, or for now. */
  readonly endings: Readonly<Record<EndCode, string>>;
}

const CATALOGUES: Readonly<Record<Language, CodeTexts>> = { nl, en };

/** The catalogue of codes in the chosen language. */
export function codeTexts(): CodeTexts {
  return CATALOGUES[language.value];
}
