import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Memory } from "../../../tests/room.ts";
import { language } from "../../design/language.svelte.ts";
import type { Checked } from "../state/api.ts";
import { Drafts } from "../state/drafts.ts";
import { Editor } from "../state/editor.svelte.ts";
import PhaseCard from "./PhaseCard.svelte";

const TEXT = `kring: 1
ways: [spoken]
round:
  - id: advise # the heart of it
    kind: advise
    name: {nl: "Raad", en: "Advice", de: "Rat"}
    minutes: 10
    gives:
      # Those who came last begin.
      - {who: participant, what: advice, least: 1} # one each
      - who: facilitator
        what: remark
  - id: thanks
    kind: respond
    name: {nl: "Dank", en: "Thanks", de: "Dank"}
    minutes: 5
`;
const SILENT = { check: () => new Promise<Checked>(() => undefined), publish: () => Promise.reject(new Error()) };

let editor: Editor;
let shown: Record<string, unknown> | null = null;

function show(text: string, index = 0): void {
  editor = new Editor(new Drafts(new Memory()), SILENT);
  editor.begin(text);
  const place = editor.file.phases[index];
  if (!place) throw new Error("no such step");
  const props = {
    editor,
    get place() {
      return editor.file.phases[index] ?? place;
    },
    number: 1,
    open: String(place.raw.id),
  };
  shown = mount(PhaseCard, { target: document.body, props });
  flushSync();
}

function at<E extends HTMLElement>(testid: string, index = 0): E {
  const found = document.querySelectorAll<E>(`[data-testid="${testid}"]`)[index];
  if (!found) throw new Error(`no ${testid} ${index}`);
  return found;
}

function pick(testid: string, value: string, index = 0): void {
  const select = at<HTMLSelectElement>(testid, index);
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  flushSync();
}

function type(testid: string, value: string): void {
  const input = at<HTMLInputElement>(testid);
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}

function press(testid: string, index = 0): void {
  at(testid, index).click();
  flushSync();
}

/** The lines that are there now and were not, and those that are gone. */
function changed(): { come: string[]; gone: string[] } {
  const [before, after] = [TEXT.split("\n"), editor.file.text.split("\n")];
  return {
    come: after.filter((line) => !before.includes(line)),
    gone: before.filter((line) => !after.includes(line)),
  };
}

beforeEach(() => {
  language.value = "en";
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});

describe("the overtime of a step", () => {
  it("is put into its step, changed and taken away, and the rest of the text stays as it was", () => {
    show(TEXT);
    press("edit-overtime");
    expect(changed()).toEqual({ come: ["    overtime:", "      minutes: 5"], gone: [] });
    type("edit-overtime-minutes", "3");
    expect(editor.file.phases[0]?.raw.overtime).toEqual({ minutes: 3 });
    expect(at("more").textContent).toContain("3 min");
    press("edit-overtime");
    expect(editor.file.text).toBe(TEXT);
  });

  it("has hours where the method may be held in writing", () => {
    show(TEXT);
    expect(document.querySelector('[data-testid="edit-overtime-hours"]')).toBeNull();
    editor.change(editor.file.with(["round", 0, "overtime"], { hours: 12 }));
    flushSync();
    type("edit-overtime-hours", "8");
    expect(editor.file.phases[0]?.raw.overtime).toEqual({ hours: 8 });
  });
});

describe("one thing that is given", () => {
  it("is withheld by itself, on the line where it stands", () => {
    show(TEXT);
    pick("give-withheld", "owner");
    pick("give-until", "thanks");
    expect(changed()).toEqual({
      come: ["      - {who: participant, what: advice, least: 1, withheld: {from: owner, until: thanks}} # one each"],
      gone: ["      - {who: participant, what: advice, least: 1} # one each"],
    });
    expect(at("give-more").textContent).toContain("withheld: case owner");
    pick("give-withheld", "everyone", 1);
    expect(editor.file.at(["round", 0, "gives", 1, "withheld"])).toEqual({ from: "everyone", until: "end" });
    pick("give-withheld", "");
    pick("give-withheld", "", 1);
    expect(editor.file.at(["round", 0, "gives"])).toEqual([
      { who: "participant", what: "advice", least: 1 },
      { who: "facilitator", what: "remark" },
    ]);
  });

  it("is changed without a word about the others, and a default is not written", () => {
    show(TEXT);
    pick("give-what", "tip");
    pick("give-who", "everyone", 1);
    const { come } = changed();
    expect(come).toEqual(["      - {who: participant, what: tip, least: 1} # one each", "      - who: everyone"]);
    press("add-give");
    expect(editor.file.at(["round", 0, "gives"])).toHaveLength(3);
    expect(editor.file.text).toContain("# Those who came last begin.");
  });

  it("is written down with all that its kind says, where the file says nothing", () => {
    show(TEXT.replace(/ {4}gives:[\s\S]*? {2}- id: thanks/, "  - id: thanks"));
    press("add-give");
    pick("give-withheld", "owner");
    const gives = editor.file.at(["round", 0, "gives"]) as Record<string, unknown>[];
    expect(gives[0]?.withheld).toEqual({ from: "owner", until: "end" });
  });
});
