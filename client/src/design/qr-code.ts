// QR codes are drawn by a file of their own, which comes when one is to be seen.
import type { Qr } from "./qr-drawing.ts";

export async function qrCode(text: string): Promise<Qr> {
  const { qr } = await import("./qr-drawing.ts");
  return qr(text);
}
