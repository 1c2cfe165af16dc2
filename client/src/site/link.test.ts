import { expect, test } from "vitest";
import { repair } from "./link.ts";

const KEY = "Ab-cd_EFghIJklMNopQRstUVwxYZ0123456789_-aaA";
const PATH = "/m/k7d2m5qw3xza4bcn6vhj";

function at(address: string): ReturnType<typeof repair> {
  return repair(new URL(address, "https://kring.example"));
}

test.each([
  `${PATH}.#k=${KEY}`,
  `${PATH}/#k=${KEY}`,
  `${PATH}%20#k=${KEY}.`,
  `${PATH}?fbclid=IwAR0123456789012345678901234567890123456789#k=${KEY}`,
])("%s is put right: its key never left the browser", (address) => {
  expect(at(address)).toEqual({ to: `${PATH}#k=${KEY}`, exposed: false });
});

test.each([
  `${PATH}%23k=${KEY}`,
  `${PATH}%23k%3D${KEY}`,
  `${PATH}?k=${KEY}`,
  `${PATH}*k=${KEY}__;Iw!!`,
  `${PATH}/%2523k%253D${KEY}.`,
])("%s has told the server its key", (address) => {
  expect(at(address)).toEqual({ to: `${PATH}#k=${KEY}`, exposed: true });
});

test("what is left of a link leads to what says what is missing; where nothing is left, the page stays", () => {
  expect(at(`${PATH}).`)).toEqual({ to: PATH, exposed: false });
  expect(at("/m/k7d2m5")).toBeNull();
});
