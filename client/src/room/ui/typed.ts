// A filled form as one text, for where it is only shown. Pure.
import { localized } from "../../design/language.svelte.ts";
import type { Fields } from "../../protocol/index.ts";
import type { Method } from "../../protocol/method.ts";

/** What was typed, field by field; a choice by its words, a field of knowledge by its name. */
export function typedText(fields: Fields, method: Method | null): string {
  const parts = Object.entries(fields).map(([field, value]) => worded(field, String(value), method).trim());
  return parts.filter(Boolean).join(" · ");
}

function worded(field: string, text: string, method: Method | null): string {
  if (field === "field") {
    const set = Object.values(method?.fields ?? {}).find((one) => text in one);
    return set ? localized(set[text]?.name) : "";
  }
  const forms = Object.values(method?.forms ?? {}).flatMap((form) => form.fields);
  const choice = forms.find((one) => one.id === field && one.kind === "choice")?.choices[text];
  return choice ? localized(choice) : text;
}
