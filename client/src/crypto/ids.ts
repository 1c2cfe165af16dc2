// Ids of the device's own making: for seats, contents and commands.

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH = 16;

/** A new id: a letter and 15 random letters and digits (77 bits). */
export function newId(letter: string): string {
  const limit = 256 - (256 % LETTERS.length);
  let id = letter;
  while (id.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(24))) {
      // Bytes above the limit would make some letters likelier.
      if (byte < limit && id.length < LENGTH) id += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return id;
}
