import { describe, expect, test } from "vitest";
import refusals from "../../../src/kring/meeting/refusals.py?raw";
import counts from "../../../src/kring_room/counts.py?raw";
import messages from "../../../src/kring_room/wire/messages.py?raw";
import api from "../../../src/kring_web/web/json_api.py?raw";
import { CLOSE_CODES, closeName, HTTP_CODES, isCloseCode, REFUSALS, refusalCode, WIRE_REFUSALS } from "./codes.ts";

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
    expect(closeName(4010, "shown-out")).toBe("shown-out");
    expect(closeName(1006, "")).toBeNull();
  });

  test("a close without the room's name for it is somebody else's", () => {
    expect(closeName(4010, "")).toBeNull();
    expect(closeName(4010, "doors-closed")).toBeNull();
    expect(isCloseCode("shown-out")).toBe(true);
    expect(isCloseCode("toString")).toBe(false);
  });

  test("codes of the HTTP API are the server's, with its statuses", () => {
    const table = api.slice(api.indexOf("STATUS: dict"), api.indexOf('"""Every code'));
    const theirs = Object.fromEntries(
      [...`${table}${counts}`.matchAll(/"([a-z-]+)": (\d{3})\b/g)].map(([, code, status]) => [code, Number(status)]),
    );
    expect(theirs).toMatchObject(HTTP_CODES);
  });
});
