// A sentence cut at the names in it.

export interface Part {
  readonly text: string;
  /** Whether it is somebody's name. */
  readonly name: boolean;
}

/** The parts of `text`, in order; a name counts where it stands as a word of its own, the longest first. */
export function split(text: string, names: readonly string[]): readonly Part[] {
  const known = [...new Set(names.filter(Boolean))].sort((one, other) => other.length - one.length);
  if (known.length === 0) return [{ text, name: false }];
  const any = known.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  const words = new RegExp(`(?<![\\p{L}\\p{N}])(${any})(?![\\p{L}\\p{N}])`, "u");
  return text
    .split(words)
    .map((part, index) => ({ text: part, name: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}
