import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Memory } from "../../../tests/room.ts";
import { language } from "../../design/language.svelte.ts";
import type { Checked, Remark } from "../state/api.ts";
import { Drafts } from "../state/drafts.ts";
import { Editor, type Server } from "../state/editor.svelte.ts";
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

/** Says of every text that it has this wrong. */
let wrong: readonly Remark[] = [];
const CHECKS = { ...SILENT, check: async () => ({ remarks: wrong, method: null, changes: [], flow: {} }) };

let store: Memory;
let editor: Editor;
let shown: Record<string, unknown> | null = null;

function show(text: string, index = 0, server: Server = SILENT): void {
  store = new Memory();
  editor = new Editor(new Drafts(store), server);
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
    expect(at("fold-ends").textContent).toContain("3 min");
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

/** What of a step is in sight, by test id, without opening anything. */
function inSight(): string[] {
  const fields = [...document.querySelectorAll<HTMLElement>("[data-testid]:is(input, select, textarea)")];
  const folded = (field: Element): boolean => {
    const fold = field.closest("details:not(.card)");
    return fold !== null && !(fold as HTMLDetailsElement).open;
  };
  return fields.filter((field) => !folded(field)).map((field) => field.dataset.testid ?? "");
}

const fold = (name: string): HTMLDetailsElement => at<HTMLDetailsElement>(name);
const remark = (line: number, column: number, code: string, args = {}, notes: Remark["notes"] = []): Remark => ({
  line,
  column,
  code,
  args,
  notes,
});

/** The checker speaks of what is there now. */
async function checked(): Promise<void> {
  await vi.waitFor(() => expect(editor.checked).toBe(true));
  flushSync();
}

const PROMPTED = TEXT.replace(
  "    minutes: 10\n",
  '    minutes: 10\n    prompts:\n      participant: {do: {nl: "Geef raad.", en: "Advise."}}\n    overtime: {minutes: 3}\n',
);

describe("what people change most", () => {
  it("is in sight, and the rest is folded away", () => {
    show(PROMPTED);
    const give = ["give-who", "give-what"];
    expect(inSight()).toEqual(["edit-name", "edit-minutes", "prompt-participant", ...give, ...give]);
    expect(document.querySelectorAll("[data-testid]:is(input, select, textarea)").length).toBeGreaterThan(25);
    expect(fold("fold-ends").textContent).toContain("3 min");
  });

  it("has somebody to tell what to do, where nobody is told yet, and the field stays where it is", () => {
    show(TEXT);
    expect(inSight()).toContain("prompt-participant");
    fold("fold-texts").open = true;
    const field = at<HTMLInputElement>("prompt-owner");
    type("prompt-owner", "Listen.");
    expect(at("prompt-owner")).toBe(field);
    expect(field.closest("details")).toBe(fold("fold-texts"));
  });

  it("opening and closing folds changes nothing, in the file or on this device", () => {
    show(PROMPTED);
    const kept = (): string =>
      JSON.stringify([new Drafts(store).all(), store.length, { ...localStorage }, editor.file.text]);
    const before = kept();
    for (const one of document.querySelectorAll<HTMLDetailsElement>("details:not(.card)")) {
      one.open = true;
      one.open = false;
    }
    flushSync();
    expect(kept()).toBe(before);
    expect(editor.canUndo).toBe(false);
  });
});

describe("an error inside a fold", () => {
  const line = (what: string): number => PROMPTED.split("\n").findIndex((one) => one.includes(what)) + 1;
  const cases: [string, string, Remark][] = [
    ["overtime", "fold-ends", remark(line("overtime"), 5, "overtime-for-nothing")],
    ["a value within", "fold-ends", remark(line("overtime"), 24, "at-most", { key: "minutes", bound: 60 })],
    [
      "what the kind supplies",
      "fold-rules",
      remark(line("kind: advise"), 11, "too-early-for-advice", {}, [
        { code: "came-from-kind", args: { key: "advice", kind: "advise" } },
      ]),
    ],
    ["the kind itself", "fold-rules", remark(line("kind: advise"), 11, "not-possible")],
    ["what is missing", "fold-ends", remark(line("id: advise"), 5, "never-done")],
    ["one thing that is given", "give-more", remark(line("least: 1"), 49, "least-over-most")],
    [
      "a text for somebody else",
      "fold-texts",
      remark(line("kind: advise"), 11, "prompts-missing", { whom: ["owner"] }),
    ],
  ];

  it.each(cases)("opens it: %s", async (_, name, one) => {
    wrong = [one];
    show(PROMPTED, 0, CHECKS);
    expect(fold(name).open).toBe(false);
    await checked();
    const open = [...document.querySelectorAll<HTMLDetailsElement>("details[open]:not(.card)")];
    expect(open.map((other) => other.dataset.testid)).toEqual([name]);
    expect(open[0]?.querySelector('[data-testid="remarks"]')).not.toBeNull();
    expect(document.querySelectorAll('[data-testid="remarks"]')).toHaveLength(1);
  });

  it.each([
    ["the name", remark(3, 1, "x")],
    ["minutes", remark(line("minutes: 10"), 14, "at-most")],
    ["who is told", remark(line("participant: {do"), 7, "prompt-for-nobody-else")],
    ["what is given", remark(line("least: 1"), 29, "advice-never")],
  ])("opens nothing where it is in sight: %s", async (_, one) => {
    wrong = [{ ...one, line: Math.max(one.line, line("id: advise")) }];
    show(PROMPTED, 0, CHECKS);
    await checked();
    expect(document.querySelectorAll("details[open]:not(.card)")).toHaveLength(0);
    expect(document.querySelectorAll('[data-testid="remarks"]')).toHaveLength(1);
  });

  it("is shut again by whoever wants that, and opens anew for a new one", async () => {
    wrong = [remark(line("overtime"), 5, "overtime-for-nothing")];
    show(PROMPTED, 0, CHECKS);
    await checked();
    fold("fold-ends").open = false;
    await vi.waitFor(() => expect(fold("fold-ends").textContent).toContain("1 remark"));
    type("edit-minutes", "11");
    await checked();
    expect(fold("fold-ends").open).toBe(false);
    wrong = [];
    type("edit-minutes", "12");
    await checked();
    wrong = [remark(line("overtime"), 5, "overtime-for-nothing")];
    type("edit-minutes", "13");
    await checked();
    expect(fold("fold-ends").open).toBe(true);
  });
});

describe("a text that is too long", () => {
  it("is told with how much, counted in characters, and nothing of it is cut", () => {
    show(TEXT);
    type("edit-name", "😀".repeat(2000));
    expect(document.querySelector('[data-testid="over"]')).toBeNull();
    type("edit-name", "字".repeat(10_000));
    expect(at("over").textContent).toContain("8000");
    expect(at("edit-name").getAttribute("aria-describedby")).toBe(at("over").id);
    expect(String(editor.file.at(["round", 0, "name", "nl"]))).toHaveLength(10_000);
    expect(document.querySelectorAll("[maxlength]")).toHaveLength(0);
  });
});

describe("the buttons that move a step", () => {
  it("say where there is nowhere to go", () => {
    show(`${TEXT}closing:\n  - {id: end, kind: evaluate, minutes: 5}\n`, 2);
    expect(at("edit-up").getAttribute("aria-disabled")).toBe("false");
    expect(at("edit-down").getAttribute("aria-disabled")).toBe("true");
  });
});
