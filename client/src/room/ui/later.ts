// What is rarely on the screen comes in a file of its own. It is fetched as soon as somebody is in, long before: an update of
// the server may take it away meanwhile.

export const ends = () => import("./ends.ts");

/** Fetches it, quietly. */
export function fetchLater(): void {
  void ends().catch(() => undefined);
}
