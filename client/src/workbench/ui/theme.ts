// How the editor looks: in the colours of the page, light and dark, and without the pictures in data: addresses that
// CodeMirror marks with by itself; the page's policy forbids those.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const base = EditorView.theme({
  "&": { backgroundColor: "var(--field)", color: "var(--ink)", fontSize: "0.9375rem", minHeight: "30rem" },
  "&.cm-focused": { outline: "3px solid var(--floor)", outlineOffset: "2px" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--soft)", borderRight: "1.5px solid var(--line)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--floor-wash) !important" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--owner)",
    textUnderlineOffset: "3px",
  },
  ".cm-lint-marker-error": { content: "normal", color: "var(--owner)", lineHeight: "1.4" },
  ".cm-lint-marker-error::before": { content: "'●'" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--owner)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1.5px solid var(--line)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.35rem 0.6rem" },
  "& .cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--floor-wash)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "650" },
  ".cm-completionInfo, .cm-meaning": { maxWidth: "min(22rem, 90vw)", padding: "0.5rem 0.7rem", whiteSpace: "pre-line" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panel.cm-panel-lint ul [aria-selected], .cm-panel.cm-panel-lint ul:focus [aria-selected]": {
    backgroundColor: "var(--floor-wash)",
    color: "var(--ink)",
  },
});

const colours = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--floor)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.meta, tags.typeName], color: "var(--owner)" },
]);

/** For the one editor of the workbench. */
export const theme: Extension = [base, syntaxHighlighting(colours)];
