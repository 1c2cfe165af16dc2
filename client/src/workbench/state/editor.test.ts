/// <reference types="vite/client" />
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import linxxText from "../../../../src/kring/methods/library/linxx-9.yaml?raw";
import { Memory } from "../../../tests/room.ts";
import { HttpError } from "../../transport/api.ts";
import type { Checked, Remark } from "./api.ts";
import { Drafts } from "./drafts.ts";
import { Editor, type Server } from "./editor.svelte.ts";
import { MethodFile } from "./file.ts";

const remark = (line: number, code: string): Remark => ({ line, column: 1, code, args: {}, notes: [] });
const NOTHING: Checked = { remarks: [], method: null, changes: [], flow: {} };

class Answers implements Server {
  readonly asked: string[] = [];
  readonly waiting: ((answer: Checked) => void)[] = [];
  error: Error | null = null;

  check(text: string): Promise<Checked> {
    this.asked.push(text);
    if (this.error) return Promise.reject(this.error);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  publish(_text: string, of: { id: string } | null) {
    return Promise.resolve({ id: of?.id ?? "abc", version: of ? 2 : 1, key: "secret" });
  }
}

let store: Memory;
let server: Answers;
let now: number;

const editor = (): Editor => new Editor(new Drafts(store), server, () => now);
const minutes = (one: Editor, n: number) => one.change(one.file.with(["minutes"], n), "minutes");
const said = (one: Editor): unknown => one.file.raw.minutes;

beforeEach(() => {
  vi.useFakeTimers();
  store = new Memory();
  server = new Answers();
  now = 1_000_000;
});
afterEach(() => {
  vi.useRealTimers();
});

test("every change is kept at once and is there after a reload", () => {
  const one = editor();
  one.begin(linxxText);
  minutes(one, 91);
  const [kept] = new Drafts(store).all();
  expect(kept?.text).toContain("minutes: 91");
  expect(kept?.base).toBe(linxxText);
});

test("a store that is full is said to be so", () => {
  const one = editor();
  one.begin(linxxText);
  vi.spyOn(store, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  minutes(one, 91);
  expect(one.saved).toBe(false);
  expect(said(one)).toBe(91);
});

test("one goes back and forth, and what is typed on end is one step", () => {
  const one = editor();
  one.begin(linxxText);
  minutes(one, 9);
  now += 100;
  minutes(one, 95);
  now += 60_000;
  minutes(one, 80);
  one.undo();
  expect(said(one)).toBe(95);
  one.undo();
  expect(said(one)).toBe(90);
  expect(one.canUndo).toBe(false);
  one.redo();
  one.redo();
  expect(said(one)).toBe(80);
  expect(one.canRedo).toBe(false);
});

test("the checker is asked once one pauses, and only the latest answer counts", async () => {
  const one = editor();
  one.begin(linxxText);
  await vi.advanceTimersByTimeAsync(1);
  minutes(one, 91);
  minutes(one, 92);
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.asked).toHaveLength(2);
  server.waiting[1]?.({ ...NOTHING, remarks: [remark(1, "late")] });
  server.waiting[0]?.(NOTHING);
  await vi.advanceTimersByTimeAsync(1);
  expect(one.remarks.map((one) => one.code)).toEqual(["late"]);
  expect(one.checked).toBe(true);
});

test("remarks are found at the step that they are about", async () => {
  const one = editor();
  one.begin(linxxText);
  await vi.advanceTimersByTimeAsync(1);
  const line = linxxText.split("\n").findIndex((text) => text.includes("- id: gossip")) + 1;
  const remarks = [remark(line + 2, "gossip"), remark(4, "whole")];
  server.waiting[0]?.({ ...NOTHING, remarks });
  await vi.advanceTimersByTimeAsync(1);
  const gossip = one.file.phases.find((place) => place.raw.id === "gossip") ?? null;
  expect(one.remarksOf(gossip).map((one) => one.code)).toEqual(["gossip"]);
  expect(one.remarksOf(null).map((one) => one.code)).toEqual(["whole"]);
});

test("without a server one goes on, and is checked when it is back", async () => {
  const one = editor();
  server.error = new TypeError("no network");
  one.begin(linxxText);
  await vi.advanceTimersByTimeAsync(1);
  expect(one.failure).toBe("offline");
  minutes(one, 91);
  server.error = null;
  await vi.advanceTimersByTimeAsync(1000);
  server.waiting[0]?.(NOTHING);
  await vi.advanceTimersByTimeAsync(1);
  expect(one.failure).toBeNull();
});

test("what takes too long to check is not asked again by itself", async () => {
  const one = editor();
  server.error = new HttpError(422, "takes-too-long");
  one.begin(linxxText);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(one.failure).toBe("too-long");
  expect(server.asked).toHaveLength(1);
});

test("what is too large is told with how much, in bytes as the reader counts, and not sent", async () => {
  const one = editor();
  one.begin(`# ${"字".repeat(90_000)}`); // 270,002 bytes of 90,002 characters
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.asked).toEqual([]);
  expect(one.remarks).toMatchObject([{ line: 1, code: "file-too-large", args: { over: 8, most: 256 } }]);
  expect([one.runnable, one.failure]).toEqual([false, null]);
  one.change(new MethodFile(`# ${"字".repeat(80_000)}`));
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.asked).toHaveLength(1);
});

test("a second window goes on as a draft of its own, and neither loses anything", () => {
  const first = editor();
  first.begin(linxxText);
  const second = editor();
  const draft = new Drafts(store).all()[0];
  if (!draft) throw new Error("nothing kept");
  second.open(draft);
  minutes(first, 91);
  second.otherWindow(draft.id);
  minutes(second, 92);
  const texts = new Drafts(store).all().map((one) => one.text);
  expect(texts).toHaveLength(2);
  expect(texts.some((text) => text.includes("minutes: 91"))).toBe(true);
  expect(texts.some((text) => text.includes("minutes: 92"))).toBe(true);
  expect(second.changedElsewhere).toBe(true);
});

test("a window that has heard nothing of another writes nothing over", async () => {
  const one = editor();
  one.begin(linxxText);
  const { draft } = one;
  if (!draft) throw new Error("no draft");
  const second = editor();
  second.open(draft);
  await second.publish();
  minutes(one, 91);
  expect(one.draft).toMatchObject({ id: draft.id, published: { key: "secret" } });
  minutes(second, 92);
  expect(second.changedElsewhere).toBe(true);
  expect(
    new Drafts(store)
      .all()
      .map(({ text }) => /^minutes: (\d+)/m.exec(text)?.[1])
      .sort(),
  ).toEqual(["91", "92"]);
});

test("a window in which nothing was typed learns what another published", async () => {
  const one = editor();
  one.begin(linxxText);
  const second = editor();
  if (one.draft) second.open(one.draft);
  await second.publish();
  one.otherWindow(one.draft?.id ?? "");
  minutes(one, 91);
  expect(one.draft?.published?.key).toBe("secret");
});

test("publishing keeps the key, and changes are told against what was published", async () => {
  const one = editor();
  one.begin(linxxText);
  minutes(one, 91);
  await one.publish();
  expect(one.draft?.published).toEqual({ id: "abc", version: 1, key: "secret" });
  expect(one.draft?.base).toBe(one.file.text);
  await one.publish();
  expect(new Drafts(store).all()[0]?.published?.version).toBe(2);
});

test("what is published while another draft is open keeps its key, and gives the other none", async () => {
  const one = editor();
  one.begin(linxxText);
  const first = one.draft?.id ?? "";
  const going = one.publish();
  one.begin("kring: 1\n");
  await going;
  expect(one.draft).toMatchObject({ text: "kring: 1\n", base: "kring: 1\n", published: null });
  expect(new Drafts(store).read(first)?.published).toEqual({ id: "abc", version: 1, key: "secret" });
  const again = one.publish();
  one.draft = null;
  await again;
  expect(one.draft).toBeNull();
});

test("what comes for a draft that is open no more is nothing", async () => {
  const one = editor();
  one.begin(linxxText);
  expect(await one.whileOpen(Promise.resolve("its own"))).toBe("its own");
  const late = one.whileOpen(Promise.resolve("late"));
  one.begin(linxxText);
  expect(await late).toBeNull();
});
