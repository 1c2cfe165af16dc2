// Two tabs of one browser write the same record: what each changed since both knew the same is kept. Pure.
import type { Plain } from "../../crypto/seal.ts";

/** What is kept of somebody's own: the notepad, and what was typed in boxes, by their keys. */
export interface Kept {
  readonly pad: string;
  readonly drafts: Readonly<Record<string, Plain>>;
}

export const NOTHING: Kept = { pad: "", drafts: {} };

/** A text that both may have changed since `base`: nothing that was typed is lost, and nothing is there twice. */
function mergedText(base: string, mine: string, theirs: string): string {
  if (theirs === base) return mine;
  if (mine === base) return theirs;
  if (mine.includes(theirs)) return mine;
  return theirs.includes(mine) ? theirs : `${theirs}\n${mine}`;
}

const same = (one: Plain | undefined, other: Plain | undefined): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

function mergedDraft(base: Plain | undefined, mine: Plain | undefined, theirs: Plain | undefined): Plain | undefined {
  if (same(theirs, base)) return mine;
  if (same(mine, base) || !mine) return theirs;
  if (!theirs) return mine;
  const fields = Object.entries(mine).map(([field, value]) => {
    const other = theirs[field];
    const texts = typeof value === "string" && typeof other === "string";
    return [field, texts ? mergedText(String(base?.[field] ?? ""), value, other) : value] as const;
  });
  return { ...theirs, ...Object.fromEntries(fields) };
}

/** What is kept when both have changed it since `base`. */
export function merged(base: Kept, mine: Kept, theirs: Kept): Kept {
  const keys = new Set([...Object.keys(theirs.drafts), ...Object.keys(mine.drafts)]);
  const drafts = [...keys].flatMap((key) => {
    const draft = mergedDraft(base.drafts[key], mine.drafts[key], theirs.drafts[key]);
    return draft ? [[key, draft] as const] : [];
  });
  return { pad: mergedText(base.pad, mine.pad, theirs.pad), drafts: Object.fromEntries(drafts) };
}
