import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Memory } from "../../../tests/room.ts";
import { type Language, language } from "../../design/language.svelte.ts";
import type { Checked } from "../state/api.ts";
import { Drafts } from "../state/drafts.ts";
import { Editor, type Server } from "../state/editor.svelte.ts";
import Sidebar from "./Sidebar.svelte";

const METHOD = "id: whole\n";
const BROKEN = "id: broken\n";

/** Draws in the language that it is asked for; the text `broken` is no method. Answers when it is told to. */
class Slow implements Server {
  readonly waiting: (() => void)[] = [];
  online = true;

  check(text: string, _against: string | null, spoken: Language): Promise<Checked> {
    if (!this.online) return Promise.reject(new TypeError("no network"));
    const reads = text === METHOD;
    const flow: Checked["flow"] = reads ? { [spoken]: `<svg><title>in ${spoken}</title></svg>` } : {};
    const answer: Checked = { remarks: [], method: reads ? {} : null, changes: [], flow };
    return new Promise((resolve) => this.waiting.push(() => resolve(answer)));
  }

  publish(): Promise<never> {
    return Promise.reject(new Error("nothing is published here"));
  }
}

let server: Slow;
let editor: Editor;
let shown: Record<string, unknown>;

async function answers(): Promise<void> {
  for (const answer of server.waiting.splice(0)) answer();
  await passes(1);
}

async function passes(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  flushSync();
}

function speak(spoken: Language): void {
  language.value = spoken;
  flushSync();
}

const title = (): string => document.querySelector("svg title")?.textContent ?? "";

beforeEach(async () => {
  vi.useFakeTimers();
  language.value = "nl";
  server = new Slow();
  editor = new Editor(new Drafts(new Memory()), server);
  shown = mount(Sidebar, { target: document.body, props: { editor } });
  editor.begin(METHOD);
  await passes(1);
});

afterEach(async () => {
  await unmount(shown);
  vi.useRealTimers();
  language.value = "en";
});

describe("the drawing of the flow", () => {
  it("is drawn anew when the page changes language", async () => {
    await answers();
    expect(title()).toBe("in nl");
    speak("de");
    await answers();
    expect(title()).toBe("in de");
    expect(editor.checked).toBe(true);
  });

  it("is drawn anew when the language changed while the checker was at work", async () => {
    speak("fr");
    await answers();
    await answers();
    expect(title()).toBe("in fr");
  });

  it("is drawn anew of the latest version that can be read", async () => {
    await answers();
    editor.change(editor.file.with(["id"], "broken"));
    expect(editor.file.text).toBe(BROKEN);
    await passes(1000);
    await answers();
    speak("en");
    await answers();
    expect(title()).toBe("in en");
  });

  it("comes once the server can be reached again", async () => {
    await answers();
    server.online = false;
    speak("en");
    await passes(1);
    expect(title()).toBe("in nl");
    server.online = true;
    await passes(10_000);
    await answers();
    expect(title()).toBe("in en");
  });

  it("is asked for once in each language", async () => {
    await answers();
    speak("en");
    await answers();
    speak("nl");
    expect(title()).toBe("in nl");
    expect(server.waiting).toEqual([]);
  });
});
