// Keeps the screen on during a meeting.

/** Requests a wake lock now and whenever the page becomes visible; returns a function that releases it. */
export function keepScreenOn(): () => void {
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
