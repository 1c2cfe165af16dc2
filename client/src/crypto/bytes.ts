// Bytes side by side, and their hash.
export type Bytes = Uint8Array<ArrayBuffer>;

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** Each part with its length before it, so that none runs over into the next. */
export function framed(...parts: readonly (Uint8Array | string)[]): Bytes {
  const bytes = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  return joined(
    ...bytes.flatMap((part) => {
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, part.length);
      return [length, part];
    }),
  );
}

export const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** SHA-256 in hexadecimal. */
export const hexOf = async (bytes: Bytes): Promise<string> =>
  Array.from(await sha256(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
