import { expect, test } from "vitest";
import { newPassphrase, wordsOf } from "./passphrases.ts";

test.each(["nl", "en", "de", "fr"])("the words of %s can be told apart and typed", async (language) => {
  const words = await wordsOf(language);
  expect(new Set(words).size).toBe(2048);
  expect(words.filter((word) => !/^[a-z]{3,9}$/.test(word))).toEqual([]);
});

test("a passphrase has six words of its language, and is another each time", async () => {
  const words = await wordsOf("nl");
  const [one, other] = [await newPassphrase("nl"), await newPassphrase("nl")];
  expect(one.split(" ").every((word) => words.includes(word))).toBe(true);
  expect(one.split(" ")).toHaveLength(6);
  expect(one).not.toBe(other);
});

test("a language without words has those of English", async () => {
  expect(await wordsOf("xx")).toBe(await wordsOf("en"));
});
