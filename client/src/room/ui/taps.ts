// A finger on its way down is meant for what was on the screen when it began to move. When the screen changes under it, the tap
// would hit what slid there, or the same button in another step: such a tap does nothing, and the next one counts again.

const CONTROLS = "button, a, label, select, input, textarea";
/** Milliseconds in which nobody can have seen a change and aimed anew. */
const BLIND = 400;
/** Pixels by which a control may shift and still be the one that was aimed at. */
const NUDGE = 12;

interface Place {
  readonly control: Element;
  readonly rect: DOMRect;
}

function within({ left, right, top, bottom }: DOMRect, x: number, y: number): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function measured(page: HTMLElement): readonly Place[] {
  return [...page.querySelectorAll(CONTROLS)].map((control) => ({ control, rect: control.getBoundingClientRect() }));
}

function moved(before: readonly Place[], after: readonly Place[]): boolean {
  const known = new Map(before.map(({ control, rect }) => [control, rect]));
  return after.some(({ control, rect }) => {
    const was = known.get(control);
    return !was || Math.abs(was.top - rect.top) > NUDGE || Math.abs(was.left - rect.left) > NUDGE;
  });
}

/** Whether a tap here was meant for something else: for another control that was here, or for this one in another step. */
function misses(
  tapped: Element | null,
  point: { readonly x: number; readonly y: number },
  before: readonly Place[],
  sameStep: boolean,
): boolean {
  const aimed = before.find(({ rect }) => within(rect, point.x, point.y));
  if (!aimed || !tapped) return false;
  if (aimed.control !== tapped) return !aimed.control.contains(tapped) && !tapped.contains(aimed.control);
  return !sameStep;
}

/**
 * Ignores taps by touch that were meant for what was there a moment ago, in `page`. The step is the `data-step` of an element in it.
 * Returns a function that stops it.
 */
export function guardTaps(page: HTMLElement, now: () => number = () => performance.now()): () => void {
  let places: readonly Place[] = [];
  let before: readonly Place[] = [];
  let [step, stepBefore] = ["", ""];
  let changed = Number.NEGATIVE_INFINITY;
  let waiting = false;

  const shown = (): string => page.querySelector<HTMLElement>("[data-step]")?.dataset.step ?? "";
  const look = (): void => {
    waiting = false;
    const after = measured(page);
    const current = shown();
    if (current !== step || moved(places, after)) {
      // Several changes in one blink: what was aimed at is what was there before the first.
      if (now() - changed > BLIND) [before, stepBefore] = [places, step];
      changed = now();
    }
    [places, step] = [after, current];
  };
  const watching = new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(look);
  });
  // A page that is scrolled moves under the finger that scrolls it: what is there then was seen.
  const scrolled = (): void => {
    places = measured(page);
  };
  const tap = (event: MouseEvent): void => {
    const touch = (event as PointerEvent).pointerType;
    if ((touch !== "touch" && touch !== "pen") || now() - changed > BLIND) return;
    const tapped = (event.target as Element | null)?.closest(CONTROLS) ?? null;
    if (!misses(tapped, { x: event.clientX, y: event.clientY }, before, step === stepBefore)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  look();
  changed = Number.NEGATIVE_INFINITY;
  watching.observe(page, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-step", "class"] });
  page.addEventListener("click", tap, { capture: true });
  window.addEventListener("scroll", scrolled, { capture: true, passive: true });
  return () => {
    watching.disconnect();
    page.removeEventListener("click", tap, { capture: true });
    window.removeEventListener("scroll", scrolled, { capture: true });
  };
}
