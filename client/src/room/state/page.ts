// What happens to the page that the room is on: the network, the time, whether it is looked at, and what other tabs keep.

export interface PageHandlers {
  /** The network changed, or the page is looked at again: the connection may only seem open. */
  wake(): void;
  /** The page is looked at again. */
  shown(): void;
  /** Another tab of this browser has written under this key; `null`: it has removed all. */
  stored(key: string | null): unknown;
  /** The page is left, or loaded anew. */
  left(): unknown;
  /** Four times a second. */
  tick(): void;
}

const TICK = 250;

/** Calls the handlers; returns a function that stops it. */
export function watchPage({ wake, shown, stored, left, tick }: PageHandlers): () => void {
  const look = (): void => {
    if (document.visibilityState !== "visible") return;
    wake();
    shown();
  };
  const gone = (): void => void left();
  const written = (event: StorageEvent): void => void stored(event.key);
  window.addEventListener("online", wake);
  window.addEventListener("offline", wake);
  window.addEventListener("storage", written);
  window.addEventListener("pagehide", gone);
  document.addEventListener("visibilitychange", look);
  const ticking = setInterval(tick, TICK);
  return () => {
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", wake);
    window.removeEventListener("storage", written);
    window.removeEventListener("pagehide", gone);
    document.removeEventListener("visibilitychange", look);
    clearInterval(ticking);
  };
}
