import { beforeEach, describe, expect, test, vi } from "vitest";
import { language, spoken } from "./language.svelte.ts";

const page = document.documentElement;

function chosen(code: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: a test of that very cookie.
  document.cookie = code ? `kring_language=${code}; Path=/` : "kring_language=; Path=/; Max-Age=0";
}

function browser(...codes: string[]): void {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(codes);
}

beforeEach(() => {
  vi.restoreAllMocks();
  chosen("");
  page.lang = "";
});

describe("the language of this device", () => {
  test("is what was chosen last, in the room or on a page", () => {
    chosen("en");
    page.lang = "nl";
    browser("nl");
    expect(spoken()).toBe("en");
  });

  test("is the page's where nothing was chosen", () => {
    page.lang = "nl";
    browser("en");
    expect(spoken()).toBe("nl");
  });

  test("is the browser's where the page has none that the room speaks", () => {
    page.lang = "fr";
    browser("fr-BE", "nl-BE", "en");
    expect(spoken()).toBe("nl");
    browser("fr");
    expect(spoken()).toBe("en");
  });

  test("chosen in the room holds for the page, and for every page after it", () => {
    language.value = "en";
    expect(page.lang).toBe("en");
    language.value = "nl";
    expect([language.value, page.lang, spoken()]).toEqual(["nl", "nl", "nl"]);
    expect(document.cookie).toContain("kring_language=nl");
    page.lang = "en";
    expect(spoken()).toBe("nl");
  });

  test("is kept in a cookie like the site's own", () => {
    const set = vi.spyOn(document, "cookie", "set");
    language.value = "en";
    expect(set).toHaveBeenCalledExactlyOnceWith("kring_language=en; Path=/; Max-Age=31536000; SameSite=Lax");
  });
});
