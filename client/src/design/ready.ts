// Before a page is shown its texts are fetched. After an update of the server the files that this page names may be gone; then a
// fresh page names the new ones. Until it is there, the page's own words, which the server wrote, say that it takes longer.
import { loadTexts } from "./language.svelte.ts";

const AGAIN = 2000;
const LONGEST = 30_000;

/** The first pause after a reload: whatever is wrong, the words stay on the screen for a while. */
const RELOADED = 10_000;

export interface Browser {
  /** Whether this page was reloaded already. */
  readonly reloaded: boolean;
  /** Whether the server gives this page now, whole. */
  fresh(): Promise<boolean>;
  reload(): void;
  wait(time: number): Promise<void>;
}

const BROWSER: Browser = {
  get reloaded() {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return navigation?.type === "reload";
  },
  fresh: async () => {
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-store", redirect: "manual" });
      // Somebody in between may answer as well: only Kring's page has the element that this one is mounted in.
      return answer.ok && /<div id="(?:room|workbench)"/.test(await answer.text());
    } catch {
      return false;
    }
  },
  reload: () => location.reload(),
  wait: (time) => new Promise((resolve) => setTimeout(resolve, time)),
};

/** Resolves when the texts are there, and then empties `target` of what the server wrote there; reloads the page where they aren't. */
export async function ready(target: HTMLElement, load = loadTexts, browser = BROWSER): Promise<void> {
  for (let pause = browser.reloaded ? RELOADED : AGAIN; ; pause = Math.min(LONGEST, pause * 2)) {
    try {
      await load();
      target.replaceChildren();
      return;
    } catch {
      target.dataset.late = "";
      await browser.wait(pause);
      if (await browser.fresh()) browser.reload();
    }
  }
}
