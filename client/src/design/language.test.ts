import { beforeEach, describe, expect, test, vi } from "vitest";
import { catalogue, choose, langOf, language, loadTexts, localized, spoken } from "./language.svelte.ts";

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
    page.lang = "pt";
    browser("pt-BR", "fr-BE", "nl-BE");
    expect(spoken()).toBe("fr");
    browser("pt");
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

describe("the texts of a language", () => {
  test("are fetched once it is chosen, and once", async () => {
    language.value = "nl";
    const fetched: string[] = [];
    const file = (code: string) => async () => {
      fetched.push(code);
      return code;
    };
    const texts = catalogue({ nl: file("nl"), en: file("en"), de: file("de"), fr: file("fr") });
    expect(() => texts()).toThrow("nl");
    await loadTexts();
    expect([texts(), fetched]).toEqual(["nl", ["nl"]]);
    await choose("de");
    await choose("nl");
    await choose("de");
    expect([texts(), texts("nl"), fetched]).toEqual(["de", "nl", ["nl", "de"]]);
  });

  test("that don't come leave the screen as it is, and may come later", async () => {
    language.value = "nl";
    let online = false;
    const file = (code: string) => async () => {
      if (code === "fr" && !online) throw new TypeError("Failed to fetch");
      return code;
    };
    const texts = catalogue({ nl: file("nl"), en: file("en"), de: file("de"), fr: file("fr") });
    await loadTexts();
    await expect(choose("fr")).rejects.toThrow(TypeError);
    expect([language.value, texts()]).toEqual(["nl", "nl"]);
    online = true;
    await choose("fr");
    expect([language.value, texts()]).toEqual(["fr", "fr"]);
  });
});

describe("a method's text", () => {
  test("says its language where it lacks the chosen one", () => {
    language.value = "fr";
    const text = { en: "Tell", nl: "Vertel" };
    expect([localized(text), langOf(text)]).toEqual(["Tell", "en"]);
    expect([localized({ nl: "Vertel" }), langOf({ nl: "Vertel" })]).toEqual(["Vertel", "nl"]);
    expect([localized({ fr: "Raconte", en: "Tell" }), langOf({ fr: "Raconte", en: "Tell" })]).toEqual([
      "Raconte",
      undefined,
    ]);
    expect([localized(null), langOf(null), langOf({})]).toEqual(["", undefined, undefined]);
    language.value = "en";
    expect(langOf(text)).toBeUndefined();
  });
});
