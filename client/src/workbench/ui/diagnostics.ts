// The diagnostics in the text editor. The server's are complete; until its answer comes, and while it can't be
// reached, those of the schema are shown. Never both, so that a mistake is shown once.
import { type Diagnostic, forEachDiagnostic } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import type { Language } from "../../design/language.svelte.ts";
import type { Remark } from "../state/api.ts";
import { inUnits, type MethodFile } from "../state/file.ts";
import { remarksOfSchema } from "../state/schema.ts";
import { sentence } from "./remarks.ts";

export class Diagnostics {
  /** What only the checker finds: it stays at its place in the changed text until the checker's next answer. */
  #serverOnly = new WeakSet<Diagnostic>();

  /** The diagnostics for a text that the server has checked. */
  fromServer(
    state: EditorState,
    file: MethodFile,
    remarks: readonly Remark[],
    language: Language,
  ): readonly Diagnostic[] {
    const marks = remarks.map((remark) => mark(state, remark, language));
    // The server's reader stops where the schema finds something, and then both find the same.
    this.#serverOnly = new WeakSet(remarksOfSchema(file).length ? [] : marks);
    return marks;
  }

  /** The diagnostics for a text that it has not checked yet. */
  fromSchema(state: EditorState, file: MethodFile, language: Language): readonly Diagnostic[] {
    const marks = remarksOfSchema(file).map((remark) => mark(state, remark, language));
    forEachDiagnostic(state, (one, from, to) => {
      if (!this.#serverOnly.has(one)) return;
      const moved = { ...one, from, to };
      this.#serverOnly.add(moved);
      marks.push(moved);
    });
    return marks;
  }
}

function mark({ doc }: EditorState, remark: Remark, language: Language): Diagnostic {
  const line = doc.line(Math.min(Math.max(remark.line, 1), doc.lines));
  const from = line.from + inUnits(line.text, remark.column - 1);
  return { from, to: line.to, severity: "error", message: sentence(remark, language) };
}
