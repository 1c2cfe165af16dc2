// Completion and hover information for the method language.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { MethodFile, type Path } from "../state/file.ts";
import { choices, nameOf, type Schema, schemaAt } from "../state/grammar.ts";

/** Translates the description of a key, by its name (`Phase.ends`). */
export type Tell = (name: string) => string;

const WORD = /[\w-]*$/;
const LINE_OF_KEY = /^\s*(?:-\s+)*$/;
const IN_BRACES = /[{,]\s*$/;
const HERE = "kring-is-here";

/** Completion and meanings for the method file in this editor. */
export function assist(tell: Tell): Extension {
  return [
    autocompletion({ override: [(context) => completed(context, tell)], icons: false }),
    hoverTooltip((view, at) => meaning(view, at, tell)),
  ];
}

/** The completions at a position of the text; exported for the tests. */
export function offered(text: string, at: number, tell: Tell): readonly Completion[] {
  const word = WORD.exec(text.slice(0, at))?.[0] ?? "";
  const [before, after] = [text.slice(0, at - word.length), text.slice(at).replace(/^[\w-]+:?/, "")];
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (line.includes("#")) return [];
  // A marker word is inserted, and the YAML parser says at which path it is.
  const starts = LINE_OF_KEY.test(line) || IN_BRACES.test(line);
  const file = new MethodFile(`${before}${HERE}${starts ? ": 0" : ""}${after}`);
  const path = pathOf(file.raw, HERE);
  if (!path) return [];
  const isKey = path.at(-1) === HERE;
  const schema = schemaAt(file.raw, isKey ? path.slice(0, -1) : path);
  if (!schema) return [];
  const values = choices(schema).map((label): Completion => ({ label, type: "enum" }));
  return isKey ? [...values, ...keys(schema, file.at(path.slice(0, -1)), tell)] : values;
}

function completed(context: CompletionContext, tell: Tell): CompletionResult | null {
  const word = context.matchBefore(WORD);
  if (!context.explicit && !word?.text) return null;
  const options = offered(context.state.doc.toString(), context.pos, tell);
  return options.length ? { from: word?.from ?? context.pos, options, validFor: /^[\w-]*$/ } : null;
}

function keys(schema: Schema, there: unknown, tell: Tell): Completion[] {
  const needed = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .filter(([key]) => !(key in ((there ?? {}) as object)))
    .map(([key, part]) => ({
      label: key,
      apply: `${key}: `,
      type: "property",
      boost: needed.has(key) ? 1 : 0,
      ...(nameOf(part) ? { info: tell(nameOf(part)) } : {}),
    }));
}

/** The path of the marker word, as a key or as a value. */
function pathOf(value: unknown, word: string, path: Path = []): Path | null {
  if (value === word) return path;
  if (value === null || typeof value !== "object") return null;
  for (const [name, part] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    if (name === word) return here;
    const found = pathOf(part, word, here);
    if (found) return found;
  }
  return null;
}

/** The description and the values of the key below the pointer; exported for the tests. */
export function explained(text: string, at: number, tell: Tell): { from: number; to: number; text: string } | null {
  const file = new MethodFile(text);
  const found = file.keyAt(at);
  const schema = found && schemaAt(file.raw, found.path);
  if (!schema) return null;
  const few = choices(schema).map((one) => `\`${one}\``);
  const told = [schema.meaning ? tell(schema.meaning) : "", few.join(", ")].filter(Boolean);
  return told.length ? { from: found.from, to: found.to, text: told.join("\n") } : null;
}

function meaning(view: EditorView, at: number, tell: Tell): Tooltip | null {
  const found = explained(view.state.doc.toString(), at, tell);
  if (!found) return null;
  return {
    pos: found.from,
    end: found.to,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-meaning";
      dom.textContent = found.text;
      return { dom };
    },
  };
}
