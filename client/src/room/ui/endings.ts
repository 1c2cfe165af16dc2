// The page shown instead of the room: why there is no room, and what to do next where something can be done.
import type { CodeTexts } from "../../design/texts/codes.ts";
import type { EndCode } from "../../protocol/codes.ts";
import type { UiTexts } from "../texts/nl.ts";

export interface EndingPage {
  readonly title: string;
  readonly why: string;
  readonly action?: string;
}

/** Whoever left has a page of their own. */
export function endingPage(code: Exclude<EndCode, "left">, t: UiTexts, codes: CodeTexts, table = false): EndingPage {
  const { page } = t;
  switch (code) {
    case "key-missing":
      return { title: page.noKey, why: page.noKeyWhy };
    case "wrong-key":
      return { title: page.wrongKey, why: page.wrongKeyWhy };
    case "insecure":
      return { title: page.insecure, why: page.insecureWhy };
    case "forgotten":
      return { title: t.keep.forgotten, why: t.keep.forgottenWhy };
    case "unknown-meeting":
      return { title: page.unknown, why: page.unknownWhy };
    case "expired":
      return { title: page.expired, why: page.expiredWhy };
    case "doors-closed":
      return { title: page.doors, why: page.doorsWhy, action: page.again };
    case "shown-out":
      return table
        ? { title: t.table.removed, why: t.table.removedWhy }
        : { title: page.shownOut, why: page.shownOutWhy };
    case "device-ended":
      return { title: page.replaced, why: codes.endings[code] };
    case "replaced":
      return { title: page.replaced, why: page.replacedWhy, action: page.here };
    case "full":
      return { title: page.full, why: page.fullWhy, action: page.again };
    default:
      return { title: page.broken, why: codes.endings[code], action: page.again };
  }
}
