// The print view. Opened from a room, the room's key is in the fragment: the link is drawn here and goes nowhere.
import { qr } from "../design/qr.ts";

const SVG = "http://www.w3.org/2000/svg";

const SHEET = /^(\/m\/[a-z2-7]{20})\/sheet$/;
const KEY = /^#k=[A-Za-z0-9_-]{43}$/;

/** The room's whole link, where this is a room's sheet and its key came along. */
export function roomLink({ origin, pathname, hash }: Pick<Location, "origin" | "pathname" | "hash">): string | null {
  const room = SHEET.exec(pathname);
  return room && KEY.test(hash) ? origin + room[1] + hash : null;
}

/** The code, with words that tell what it leads to. */
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
  document.getElementById("code")?.removeAttribute("hidden");
}

const link = roomLink(location);
if (link) draw(link, document.getElementById("sheet")?.dataset.scan ?? "");
const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
