/** Puts a text on the clipboard. Returns whether that worked: a browser may forbid it, or have none. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
