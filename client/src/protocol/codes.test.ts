import { describe, expect, test } from "vitest";
import refusals from "../../../src/kring/meeting/refusals.py?raw";
import messages from "../../../src/kring_room/wire/messages.py?raw";
import { CLOSE_CODES, closeName, REFUSALS, refusalCode, WIRE_REFUSALS } from "./codes.ts";

/** The quoted words between two marks of a Python source. */
function quoted(source: string, from: string, to: string): string[] {
  const start = source.indexOf(from) + from.length;
  return [...source.slice(start, source.indexOf(to, start)).matchAll(/"([a-z-]+)"/g)].map((match) => match[1] ?? "");
}

describe("codes", () => {
  test("refusals are those of the engine, in its order", () => {
    expect(REFUSALS).toEqual(quoted(refusals, "Code = Literal[", "\n]"));
  });

  test("close codes and wire refusals are those of the room", () => {
    const table = messages.slice(messages.indexOf("CLOSE_CODES"));
    const found = [...table.slice(0, table.indexOf("}")).matchAll(/"([a-z-]+)": (\d+)/g)];
    expect(CLOSE_CODES).toEqual(Object.fromEntries(found.map((match) => [match[1], Number(match[2])])));
    expect(WIRE_REFUSALS).toEqual(quoted(messages, "tuple[WireRefusal, ...] = (", "\n)"));
  });

  test("an unknown refusal reads as try again, an ordinary close has no name", () => {
    expect(refusalCode("not-your-turn")).toBe("not-your-turn");
    expect(refusalCode("of-a-later-release")).toBe("try-again");
    expect(closeName(4010)).toBe("shown-out");
    expect(closeName(1006)).toBeNull();
  });
});
