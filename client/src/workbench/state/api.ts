// The workbench's requests to the server (`docs/http.md`).
import type { Language } from "../../design/language.svelte.ts";
import type { FactsOut, View } from "../../protocol/index.ts";
import { call, HttpError } from "../../transport/api.ts";
import { MethodFile } from "./file.ts";
import { spoken } from "./spoken.ts";

/** What is said: a code, and what its sentence needs to know, by name (`kring.methods.remarks`). */
export interface Said {
  readonly code: string;
  readonly args: Readonly<Record<string, Arg>>;
}

export type Arg = string | number | Said | readonly (string | Said)[];

/** One thing that is wrong; lines and columns from 1. `notes`: where it comes from, how a meeting comes by it. */
export interface Remark extends Said {
  readonly line: number;
  readonly column: number;
  readonly notes: readonly Said[];
}

/** One thing that changed (`kring.methods.diff`). */
export interface Change {
  readonly code: string;
  readonly phase?: string;
  readonly number?: number;
  readonly who?: string;
  readonly what?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Checked {
  readonly remarks: readonly Remark[];
  /** With every shorthand written out; `null` when the text is no method. */
  readonly method: unknown;
  readonly changes: readonly Change[] | null;
  /** The drawing of the flow, by the language that was asked for; empty without a method. */
  readonly flow: Readonly<Record<string, string>>;
}

export type Line =
  | { readonly line: "log"; readonly at: number; readonly event: { readonly type: string } }
  | ({
      readonly line: "saw";
      readonly at: number;
      readonly who: string | null;
      readonly view?: View;
    } & Partial<FactsOut>)
  | { readonly line: "end"; readonly at: number; readonly events: number; readonly minutes: number };

export interface Rehearsed {
  readonly lines: readonly Line[];
  readonly broken: string | null;
}

export interface Published {
  readonly id: string;
  readonly version: number;
  readonly key: string;
}

/** `language`: that of the drawing. Everything else that it answers is in no language. */
export async function check(text: string, against: string | null, language: Language): Promise<Checked> {
  return call("/api/workbench/check", { text, against, language }, (said) => Array.isArray(said.remarks));
}

export async function rehearse(text: string, people: number, seed: number): Promise<Rehearsed> {
  return call("/api/workbench/rehearse", { text, people, seed }, (said) => Array.isArray(said.lines));
}

export async function publish(text: string, of: { id: string; key: string } | null): Promise<Published> {
  return call("/api/workbench/publish", { text, ...of }, (said) => typeof said.id === "string");
}

/** A phase of this kind as one begins: with the texts of one in the library, in these languages, where that can be asked for. */
export async function pattern(kind: string, languages: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const known = await source("palette").then(
    (text) => new MethodFile(text).phases,
    () => [],
  );
  return spoken(known.find((place) => place.raw.kind === kind)?.raw ?? { kind, minutes: 5 }, languages);
}

/** The file of a method of the library, or of a published one; `starter` is a small one to begin with. */
export async function source(id: string): Promise<string> {
  const init: RequestInit = { credentials: "same-origin", redirect: "manual" };
  const response = await fetch(`/api/methods/${encodeURIComponent(id)}.yaml`, init);
  // Anything else is not Kring's: a sign-on page is no method to work on.
  const ours = response.headers.get("Content-Type")?.startsWith("application/yaml");
  if (!response.ok || !ours) throw new HttpError(response.status);
  return response.text();
}
