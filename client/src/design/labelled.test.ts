import { expect, test } from "vitest";
import { labelled } from "./labelled.ts";
import { choose } from "./language.svelte.ts";

test("a colon stands as the language of the screen has it", async () => {
  await choose("en");
  expect(labelled("Date", 1)).toBe("Date: 1");
  await choose("fr");
  expect(labelled("Date", 1)).toBe("Date\u00a0: 1");
});
