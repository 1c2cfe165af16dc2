import { expect, test } from "vitest";
import { nl } from "../texts/remarks.nl.ts";
import { translated } from "./remarks.ts";

test.each([
  [
    "The phases take 95 minutes (opening 15, 1 x round 80, closing 0), not 90; change one of them.",
    "De stappen duren 95 minuten (opening 15, 1 x round 80, closing 0), niet 90; verander een van de twee.",
  ],
  [
    "`minuts` is not a key that is known here. Did you mean `minutes`? Known are `id`, `kind` or `minutes`.",
    "`minuts` is hier geen bekend woord. Bedoel je `minutes`? Bekend zijn `id`, `kind` of `minutes`.",
  ],
  ["`minutes` must be a number, not a text.", "`minutes` moet een getal zijn, niet een tekst."],
  ["Each entry of `hints` must be a text, not `3`.", "Elk onderdeel van `hints` moet een tekst zijn, niet `3`."],
  [
    "`observer` is no role of this method. There are `owner` or `participant`.",
    "`observer` is geen rol van deze methode. Er zijn `owner` of `participant`.",
  ],
  [
    "Nobody is left to be `coach` (besides the owner, one role each); make `group.min` larger. (Found with 4 people, a member guides: at once.)",
    "Er is niemand over om `coach` te zijn (naast de inbrenger heeft ieder één rol); maak `group.min` groter. (Gevonden met 4 mensen, een lid leidt: meteen.)",
  ],
  [
    "`later` does not come after this phase every time; name a later phase, or `end`, `close` or `never`.",
    "`later` komt niet altijd na deze stap; noem een latere stap, of `end`, `close` of `never`.",
  ],
])("%s", (english, dutch) => {
  expect(translated(english, "nl")).toBe(dutch);
  expect(translated(english, "en")).toBe(english);
});

test("a remark that no catalogue knows stays as it is", () => {
  expect(translated("Something quite new.", "nl")).toBe("Something quite new.");
});

test("every blank of a sentence is in its translation", () => {
  const blanks = (text: string): string[] => [...new Set(text.match(/\{\d\}/g))].sort();
  for (const [english, dutch] of Object.entries(nl)) expect(blanks(dutch), english).toEqual(blanks(english));
});
