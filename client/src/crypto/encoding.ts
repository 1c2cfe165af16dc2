// Bytes as text: base64url without padding, on the wire and in links.

/** A sealed content or a key that is none: damaged, of another kind, or for another place. */
export class SealError extends Error {
  override readonly name = "SealError";
}

/** Bytes as base64url without padding. */
export function encode(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Whether a text is base64url without padding, so that `decode` takes it. */
export function isEncoded(text: string): boolean {
  try {
    decode(text);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of base64url without padding; anything else is a `SealError`. */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new SealError("not base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  // One text for one content: stray bits in the last character are not the same content.
  if (encode(bytes) !== text) throw new SealError("not base64url");
  return bytes;
}
