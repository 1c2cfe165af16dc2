// The method of a meeting, asked for until it is there.
import type { Method } from "../../protocol/method.ts";
import { HttpError } from "../../transport/api.ts";

const AGAIN = 2000;

/** The method that `fetch` gives; `null` where Kring says that there is none, or where it is `over` before it came. */
export async function loadMethod(fetch: () => Promise<Method>, over: () => boolean): Promise<Method | null> {
  for (;;) {
    try {
      return await fetch();
    } catch (error) {
      const never = error instanceof HttpError && (error.code === "unknown-meeting" || error.code === "expired");
      if (never || over()) return null;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}
