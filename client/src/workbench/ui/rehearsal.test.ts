import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BRAM, NOOR, viewOf } from "../../../tests/cast.ts";
import { Memory } from "../../../tests/room.ts";
import { METHOD } from "../../../tests/room-setting.ts";
import { language } from "../../design/language.svelte.ts";
import { Drafts } from "../state/drafts.ts";
import { Editor } from "../state/editor.svelte.ts";
import Rehearsal from "./Rehearsal.svelte";

/** What was asked for, in order, with the way to answer it. */
const asked: { body: { seed: number; people: number }; answer: (response: Response) => void }[] = [];
let shown: Record<string, unknown> | null = null;

/** A rehearsal of so many moments, as two people saw it. */
function lines(moments: number): object[] {
  const seen = Array.from({ length: moments }, (_, at) =>
    [NOOR, BRAM].map((who) => ({ line: "saw", at: 1_000_000 + at, who, view: viewOf() })),
  );
  return [...seen.flat(), { line: "end", at: 1_000_000 + moments, events: moments, minutes: 42 }];
}

function show(): void {
  const editor = new Editor(new Drafts(new Memory()), {
    check: () => new Promise(() => undefined),
    publish: () => Promise.reject(new Error()),
  });
  editor.begin("id: mine\n");
  editor.method = { ...METHOD, group: { min: 3, max: 8 } };
  shown = mount(Rehearsal, { target: document.body, props: { editor, onleave: () => undefined } });
  flushSync();
}

async function answers(moments: number, which = asked.length - 1): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  asked[which]?.answer(new Response(JSON.stringify({ lines: lines(moments), broken: null }), { headers }));
  await vi.advanceTimersByTimeAsync(1);
  flushSync();
}

function at<E extends HTMLElement>(testid: string): E {
  const found = document.querySelector<E>(`[data-testid="${testid}"]`);
  if (!found) throw new Error(`no ${testid}`);
  return found;
}

function press(testid: string): void {
  at(testid).click();
  flushSync();
}

async function passes(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  flushSync();
}

const status = (): string => at("rehearsal-status").textContent?.trim() ?? "";
const dead = (testid: string): boolean => at(testid).getAttribute("aria-disabled") === "true";

/** All that one sees of where the rehearsal is. */
const scene = (): string => JSON.stringify([status(), at<HTMLInputElement>("slider").value, at("play").textContent]);

/** Presses every button of the player that says that it can be pressed; each must do something. */
function everyButtonDoes(): void {
  for (const name of ["back", "play", "next"]) {
    const slider = at<HTMLInputElement>("slider");
    const [here, before] = [slider.value, scene()];
    if (dead(name)) {
      press(name);
      expect(scene(), `${name} does nothing, and says so`).toBe(before);
      const why = document.getElementById(at(name).getAttribute("aria-describedby") ?? "");
      expect(why?.textContent, `why ${name} can't be pressed`).toMatch(/beginning|end/);
      continue;
    }
    press(name);
    expect(scene(), name).not.toBe(before);
    if (name === "play") press("play");
    slider.value = here;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  language.value = "en";
  asked.length = 0;
  vi.stubGlobal("fetch", (_path: string, init: RequestInit) => {
    return new Promise<Response>((answer) => asked.push({ body: JSON.parse(String(init.body)), answer }));
  });
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the player of a rehearsal", () => {
  it("has no button that does nothing: at its start, on its way and at its end", async () => {
    show();
    await answers(3);
    expect([dead("back"), dead("next")]).toEqual([true, false]);
    everyButtonDoes();
    press("next");
    expect([dead("back"), dead("next")]).toEqual([false, false]);
    everyButtonDoes();
    press("next");
    expect([dead("back"), dead("next")]).toEqual([false, true]);
    expect(at("play").textContent).toBe("From the start");
    everyButtonDoes();
  });

  it("has none while it plays, and stops where it ends", async () => {
    show();
    await answers(4);
    press("play");
    await passes(900);
    expect(status()).toContain("Moment 2 of 4");
    expect([dead("back"), dead("next"), at("play").textContent]).toEqual([false, false, "Stop"]);
    press("next");
    expect([status().slice(0, 13), at("play").textContent]).toEqual(["Moment 3 of 4", "Play"]);
    press("play");
    await passes(900);
    expect([dead("next"), at("play").textContent]).toEqual([true, "From the start"]);
    expect(status()).toContain("This is the end.");
    press("play");
    expect(status()).toContain("Moment 1 of 4");
  });

  it("is not there where there is nothing to play", async () => {
    show();
    expect(document.querySelector(".player button")).toBeNull();
    await answers(1);
    expect(document.querySelector(".player button")).toBeNull();
    expect(document.querySelector('[data-testid="slider"]')).toBeNull();
  });

  it("asks for another course once, and says that it is at it", async () => {
    show();
    expect(dead("again")).toBe(true);
    expect(document.getElementById(at("again").getAttribute("aria-describedby") ?? "")).toBe(at("rehearsal-status"));
    press("again");
    expect(asked).toHaveLength(1);
    await answers(3);
    expect(dead("again")).toBe(false);
    press("again");
    expect(asked.map(({ body }) => body.seed)).toEqual([1, 2]);
  });

  it("shows the course that was wanted last, whichever comes last", async () => {
    show();
    await answers(3);
    const people = at<HTMLSelectElement>("people");
    for (const size of ["4", "5"]) {
      people.value = size;
      people.dispatchEvent(new Event("change", { bubbles: true }));
      flushSync();
    }
    await answers(7, 2);
    await answers(5, 1);
    expect(status()).toContain("of 7");
  });

  it("says that the screen above is only looked at", async () => {
    show();
    await answers(3);
    expect(at("screen").hasAttribute("inert")).toBe(true);
    expect(at("look").textContent).toContain("only work in a meeting");
  });
});
