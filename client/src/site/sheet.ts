// The print view. Opened from a room, the key is in the fragment, and the QR code of the link is drawn here.
import { keyIn } from "../crypto/link.ts";
import { qr } from "../design/qr-drawing.ts";

const SVG = "http://www.w3.org/2000/svg";

const SHEET = /^(\/m\/[a-z2-7]{20})\/sheet$/;

/** The link of the room, if this sheet was opened from a room with its key. */
export function roomLink({ origin, pathname, hash }: Pick<Location, "origin" | "pathname" | "hash">): string | null {
  const room = SHEET.exec(pathname);
  const key = keyIn(hash);
  const video = /&v=[^&]+/.exec(hash)?.[0] ?? "";
  return room && key !== null ? `${origin}${room[1]}#k=${key}${video}` : null;
}

/** Draws the code with a label. */
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
