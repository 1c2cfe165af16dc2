// The page for an address that something on the way has changed: puts it right where its key stayed in the browser, and says
// so where the key came along to the server.
import { linkIn } from "../crypto/link.ts";

export type Repair =
  | { readonly to: string; readonly exposed: boolean }
  /** Nothing to be found: the page says so already. */
  | null;

/** Where this address should lead, and whether its key was sent to the server in clear. */
export function repair({ pathname, search, hash }: Pick<Location, "pathname" | "search" | "hash">): Repair {
  const hidden = linkIn(hash);
  const sent = linkIn(pathname + search);
  const meeting = sent.meeting ?? hidden.meeting;
  if (meeting === null) return null;
  const path = `/m/${meeting}${sent.table ? "/table" : ""}`;
  if (hidden.key !== null) return { to: `${path}#k=${hidden.key}`, exposed: false };
  if (sent.key !== null) return { to: `${path}#k=${sent.key}`, exposed: true };
  return { to: path, exposed: false };
}

const place = document.getElementById("exposed");
const found = repair(location);
if (place && found) {
  if (found.exposed) {
    // Out of the address bar and the history, and so out of what a reload would send again.
    history.replaceState(null, "", found.to.split("#")[0]);
    document.getElementById("nothing")?.setAttribute("hidden", "");
    document.getElementById("go-on")?.setAttribute("href", found.to);
    // For the browser that is the same page: only the part behind the hash is new.
    window.addEventListener("hashchange", () => location.reload());
    place.hidden = false;
  } else location.replace(found.to);
}
