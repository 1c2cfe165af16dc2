// Keeps the screen from going dark while the meeting is on it.

/** Asks for a wake lock now, and again each time the page is looked at; returns the way to let go. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let wanted = true;
  const ask = async (): Promise<void> => {
    if (!wanted || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    // Refused with a low battery, for one: then the screen does what it always does.
    const found = await navigator.wakeLock.request("screen").catch(() => null);
    if (wanted) lock = found;
    else void found?.release();
  };
  const asked = (): void => void ask();
  document.addEventListener("visibilitychange", asked);
  asked();
  return () => {
    wanted = false;
    document.removeEventListener("visibilitychange", asked);
    void lock?.release();
    lock = null;
  };
}
