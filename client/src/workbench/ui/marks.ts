// What is marked in the editor. The server knows everything and has the last word; until it has spoken, and while it can't be
// reached, the schema says what it sees. Never both: a mistake is told once.
import { type Diagnostic, forEachDiagnostic } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import type { Language } from "../../design/language.svelte.ts";
import type { Remark } from "../state/api.ts";
import type { MethodFile } from "../state/file.ts";
import { remarksOfSchema } from "../state/schema.ts";
import { sentence } from "./remarks.ts";

export class Marks {
  /** What only the checker can know: it stays, at its place in the changed text, until the checker speaks again. */
  #beyond = new WeakSet<Diagnostic>();

  /** The server has spoken about this very text. */
  told(state: EditorState, file: MethodFile, remarks: readonly Remark[], language: Language): readonly Diagnostic[] {
    const marks = remarks.map((remark) => mark(state, remark, language));
    // The reader stops where the schema finds something, so what it says then the schema says too.
    this.#beyond = new WeakSet(remarksOfSchema(file).length ? [] : marks);
    return marks;
  }

  /** The server has not. */
  meanwhile(state: EditorState, file: MethodFile, language: Language): readonly Diagnostic[] {
    const marks = remarksOfSchema(file).map((remark) => mark(state, remark, language));
    forEachDiagnostic(state, (one, from, to) => {
      if (!this.#beyond.has(one)) return;
      const moved = { ...one, from, to };
      this.#beyond.add(moved);
      marks.push(moved);
    });
    return marks;
  }
}

function mark({ doc }: EditorState, remark: Remark, language: Language): Diagnostic {
  const line = doc.line(Math.min(Math.max(remark.line, 1), doc.lines));
  const from = Math.min(line.from + Math.max(remark.column - 1, 0), line.to);
  return { from, to: line.to, severity: "error", message: sentence(remark, language) };
}
