import { describe, expect, test } from "vitest";
import { keyIn, linkIn } from "./link.ts";

const KEY = "Ab-cd_EFghIJklMNopQRstUVwxYZ0123456789_-aaA";
const ID = "k7d2m5qw3xza4bcn6vhj";
const HEAD = KEY.slice(0, 20);
const TAIL = KEY.slice(20);
const CODED = [...KEY].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("");

describe("a key is found in a fragment", () => {
  test.each([
    `#k=${KEY}`,
    ...[
      ".",
      ")",
      ",",
      ">",
      '"',
      "'",
      "”",
      "’",
      "»",
      ";",
      ":",
      "!",
      "?",
      "]",
      "}",
      "*",
      "…",
      "。",
      "&gt;",
      "</a>",
      "\\",
    ].map((end) => `#k=${KEY}${end}`),
    `#k=${KEY}).`,
    `#k=${KEY}_`,
    `#k=${KEY}__;Iw!!abc`,
    `#k=${KEY}%3E`,
    `#k=${KEY}%20groetjes`,
    `#k=${KEY}&utm_source=mail`,
    `#k=${KEY}&amp;x=1`,
    `#k=${KEY}?fbclid=IwAR0123456789012345678901234567890123456789`,
    `#utm_medium=mail&k=${KEY}`,
    `#k=${KEY}#xtor=1`,
    `#k=${KEY}:~:text=Kring`,
    `#k%3D${KEY}`,
    `#k%253D${KEY}`,
    `%23k%3D${KEY}`,
    `#%6B=${KEY}`,
    `#k=${CODED}`,
    `#k=3D${KEY}`,
    `#k=${HEAD}=\r\n${TAIL}`,
    `#k=${HEAD}%0A${TAIL}`,
    `#k=${HEAD}%0D%0A%20%20${TAIL}`,
    `#k=${HEAD} ${TAIL}`,
    `#k=${HEAD}\u200b${TAIL}`,
    `#k=${HEAD}%E2%80%8B${TAIL}`,
    `#k=${HEAD}%C2%AD${TAIL}`,
    `#/k=${KEY}`,
    `#!k=${KEY}`,
    `&#35;k&#61;${KEY}`,
    `#K=${KEY}`,
  ])("%s", (fragment) => {
    expect(keyIn(fragment)).toBe(KEY);
  });
});

describe("there is none in", () => {
  test.each([
    "",
    "#",
    "#k=",
    `#k=${KEY.slice(1)}`,
    `#k=${KEY}B`,
    `#k=${KEY.toLowerCase().slice(0, 42)}.`,
    `#key=${KEY}`,
    `#k=${HEAD}.${TAIL}`,
    "#k=%E0%A4%A",
  ])("%s", (fragment) => {
    expect(keyIn(fragment)).toBeNull();
  });
});

describe("a link is found in what a mail program made of it", () => {
  test.each([
    `https://kring.example/m/${ID}#k=${KEY}`,
    `https://kring.example/m/${ID}%23k=${KEY}`,
    `https://kring.example/m/${ID}%23k%3D${KEY}`,
    `https://kring.example/m/${ID}%2523k%253D${KEY}`,
    `https://kring.example/m/${ID}*k=${KEY}`,
    `https://kring.example/m/${ID}?k=${KEY}`,
    `https://kring.example/m/${ID}&k=${KEY}`,
    `https://kring.example/m/${ID};k=${KEY}`,
    `https://kring.example/m/${ID}/#k=${KEY}`,
    `https://kring.example/m/${ID}/%23k=${KEY}`,
    `https://kring.example/m/${ID}%20#k=${KEY}`,
    `https://kring.example/m/${ID}-23k-3D${KEY}`,
    `https://kring.example/M/${ID.toUpperCase()}#k=${KEY}`,
    `https://kring.example/https://kring.example/m/${ID}%23k=${KEY}`,
    `https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fkring.example%2Fm%2F${ID}%23k%3D${KEY}&data=05%7C02&reserved=0`,
    `https://urldefense.com/v3/__https://kring.example/m/${ID}*k=${KEY}__;Iw!!Abc$`,
    `https://www.google.com/url?q=https%3A%2F%2Fkring.example%2Fm%2F${ID}%23k%3D${KEY}&sa=D`,
    `https://l.facebook.com/l.php?u=https%253A%252F%252Fkring.example%252Fm%252F${ID}%2523k%253D${KEY}&h=AT0`,
    `https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fkring.example%2fm%2f${ID}%23k%3d${KEY}&c=E,1`,
    `<https://kring.example/m/${ID}#k=${KEY}>`,
  ])("%s", (text) => {
    expect(linkIn(text)).toEqual({ meeting: ID, key: KEY, table: false });
  });

  test("and where it leads to a table screen, it says so", () => {
    expect(linkIn(`/m/${ID}/table%23k=${KEY}`)).toEqual({ meeting: ID, key: KEY, table: true });
  });

  test("with the hash lost, what is left of it", () => {
    expect(linkIn(`/m/${ID}k=${KEY}`).meeting).toBe(ID);
    expect(linkIn(`/m/${ID}.`)).toEqual({ meeting: ID, key: null, table: false });
    expect(linkIn("/nowhere")).toEqual({ meeting: null, key: null, table: false });
  });
});
