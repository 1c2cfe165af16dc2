// The print view. Opened from a room, the room's whole link is in the fragment: it is drawn here and goes nowhere.
import { qr } from "./ui/qr.ts";

const SVG = "http://www.w3.org/2000/svg";

/** The room's link, if the fragment holds one of this very site; anything else is not drawn. */
export function roomLink(fragment: string, site: string): string | null {
  const text = decodeURIComponent(fragment.replace(/^#/, ""));
  return text.startsWith(`${site}/m/`) && /^\/m\/[a-z2-7]{20}#k=[A-Za-z0-9_-]{43}$/.test(text.slice(site.length))
    ? text
    : null;
}

/** The code in place of the public one, with words that tell what it leads to. */
function draw(link: string, words: string): void {
  const { size, path } = qr(link);
  const code = document.createElementNS(SVG, "svg");
  code.setAttribute("viewBox", `0 0 ${size} ${size}`);
  code.setAttribute("role", "img");
  code.setAttribute("aria-label", words);
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", path);
  code.append(dark);
  document.getElementById("code-drawing")?.replaceChildren(code);
  document.getElementById("code-words")?.replaceChildren(words);
}

const link = roomLink(location.hash, location.origin);
if (link) draw(link, document.getElementById("sheet")?.dataset.scan ?? "");
const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
