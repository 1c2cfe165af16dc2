// The link as a QR code: one SVG path, drawn here, so that the key goes nowhere.
import qrcode from "qrcode-generator";

export interface Qr {
  /** Modules on a side, quiet zone included. */
  readonly size: number;
  readonly path: string;
}

const QUIET = 4;

export function qr(text: string): Qr {
  const code = qrcode(0, "M");
  code.addData(text, "Byte");
  code.make();
  const count = code.getModuleCount();
  const parts: string[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (!code.isDark(row, column)) continue;
      let run = 1;
      while (column + run < count && code.isDark(row, column + run)) run++;
      parts.push(`M${column + QUIET} ${row + QUIET}h${run}v1h-${run}z`);
      column += run - 1;
    }
  }
  return { size: count + 2 * QUIET, path: parts.join("") };
}
