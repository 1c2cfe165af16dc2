// The link of a meeting as it arrives: mail and chat programs take a full stop or a bracket along, break it into lines, encode
// what is encoded already, or wrap it into an address of their own. What can be put right is put right here, in the browser.
//
//   /m/{meeting}#k={key}        meeting: 20 characters of base32 in lower case; key: 32 bytes in base64url, 43 characters

export interface FoundLink {
  readonly meeting: string | null;
  readonly key: string | null;
  /** Whether it leads to the table screen. */
  readonly table: boolean;
}

const MEETING = /\/m\/([a-z2-7]{20})(\/table)?/i;
/** What stands before a key, also in quoted-printable and in the encodings of mail filters, and what may be one. */
const KEYS = /(?:^|[^A-Za-z0-9]|[-=]23)k(?:=3D|-3D|=|:)([A-Za-z0-9_-]{43,})/gi;
const LENGTH = 43;
const LAYERS = 5;

function decoded(bytes: string): string {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return bytes.replace(/%([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  }
}

/** Without the encodings that wrappers put around a link, however often they did. */
function unwrapped(text: string): string {
  let now = text;
  for (let layer = 0; layer < LAYERS; layer++) {
    const next = now
      .replace(/(?:%[0-9A-F]{2})+/gi, decoded)
      .replace(/&#(x[0-9A-F]+|\d+);/gi, (_, code: string) => String.fromCodePoint(Number(`0${code}`) % 0x10000))
      .replaceAll("&amp;", "&");
    if (next === now) break;
    now = next;
  }
  return now;
}

/** The key in what stood where one was expected: all of it but for underscores or dashes that something put behind it. */
function keyFrom(run: string): string | null {
  return run.length >= LENGTH && /^[-_]*$/.test(run.slice(LENGTH)) ? run.slice(0, LENGTH) : null;
}

/** The key that this text carries, such as the fragment of an address; `null` where there is none, or not all of it. */
export function keyIn(text: string): string | null {
  const plain = unwrapped(text);
  // As it stands, and with what breaks a line taken out: a soft break of mail, white space, and what nobody sees.
  const joined = plain.replace(/=\s*[\r\n]\s*/g, "").replace(/[\s\p{Cf}\p{Cc}]/gu, "");
  for (const candidate of [plain, joined]) {
    for (const [, run = ""] of candidate.matchAll(KEYS)) {
      const key = keyFrom(run) ?? (run.startsWith("3D") ? keyFrom(run.slice(2)) : null);
      if (key !== null) return key;
    }
  }
  return null;
}

/** What a text says of a meeting, however it is wrapped. */
export function linkIn(text: string): FoundLink {
  const found = MEETING.exec(unwrapped(text));
  return { meeting: found?.[1]?.toLowerCase() ?? null, key: keyIn(text), table: found?.[2] !== undefined };
}
