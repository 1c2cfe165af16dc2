/** A name of something, like "Secretary", as it stands within a sentence; letters that are a name remain ("HR"). */
export function lowered(word: string): string {
  return /^\p{Lu}\p{Ll}/u.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word;
}
