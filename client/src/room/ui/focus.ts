// When the focused element is removed, the focus moves to the main sentence, so that Tab doesn't start at the top of the page.
const HEADINGS = "h1, h2";

/** Where the focus goes: the heading of the frontmost part. */
function heading(page: ParentNode): HTMLElement | null {
  const front = page.querySelector("dialog[open]") ?? page.querySelector("main") ?? page;
  return front.querySelector<HTMLElement>(HEADINGS);
}

/** Keeps the focus for keyboard users while parts of the page come and go; returns a function that stops it. */
export function keepFocus(page: HTMLElement): () => void {
  let last: Element | null = null;
  const came = (event: FocusEvent): void => {
    last = event.target as Element;
  };
  // A tap outside of everything removes the focus on purpose.
  const letGo = (): void => {
    last = null;
  };
  const look = (): void => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (!last || !lost || last.isConnected) return;
    const place = heading(page);
    if (!place) return;
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  };
  const watching = new MutationObserver(look);
  watching.observe(page, { childList: true, subtree: true });
  page.addEventListener("focusin", came);
  page.addEventListener("pointerdown", letGo);
  return () => {
    watching.disconnect();
    page.removeEventListener("focusin", came);
    page.removeEventListener("pointerdown", letGo);
  };
}
