/// <reference types="vite/client" />
import { expect, test } from "vitest";
import variant from "../../../../src/kring/methods/library/incident-op-papier.yaml?raw";
import linxx from "../../../../src/kring/methods/library/linxx-9.yaml?raw";
import { DEFS, nameOf, type Schema } from "../state/grammar.ts";
import { explained, offered } from "./assist.ts";
import { meant } from "./meanings.ts";

/** Phases put round a phase of another file: no keys of the language by themselves. */
const AROUND = { before: true, after: true };
const english = (name: string): string => meant(name, "en");
/** What is offered where `|` stands. */
const at = (text: string): string[] => {
  const place = text.indexOf("|");
  return offered(text.replace("|", ""), place, english).map((one) => one.label);
};
const meaningOf = (text: string, key: string) => explained(text, text.indexOf(key) + 1, english)?.text;

test("in a new line the keys are offered that are not there yet", () => {
  const found = at("kring: 1\nid: a\n|");
  expect(found).toContain("round");
  expect(found).toContain("roles");
  expect(found).not.toContain("id");
});

test("within a phase the keys of a phase are offered, in a half-written word too", () => {
  const found = at("kring: 1\nround:\n  - id: a\n    mi|\n    kind: tell\n");
  expect(found).toContain("minutes");
  expect(found).toContain("withheld");
  expect(found).not.toContain("kind");
});

test.each([
  ["kring: 1\nround:\n  - id: a\n    kind: |\n", "gossip"],
  ["kring: 1\nround:\n  - id: a\n    hidden: d|", "done"],
  ["kring: 1\nround:\n  - id: a\n    advice: |", "true"],
  ["kring: 1\nround:\n  - id: a\n    ends: [done, |]\n", "agreed"],
  ["kring: 1\nround:\n  - id: a\n    ends:\n      - |\n", "agreed"],
  ["kring: 1\nround:\n  - gives:\n      - {who: owner, what: |}\n", "answer"],
  ["kring: 1\nround:\n  - gives:\n      - {who: owner, |}\n", "what"],
  ["kring: 1\ncases: |\n", "everyone"],
  ["kring: 1\nmodules:\n  one:\n    phases:\n      - |\n", "kind"],
])("at %j %s is offered", (text, word) => {
  expect(at(text)).toContain(word);
});

test.each(["# |", 'name:\n  nl: "Om |\n', "kring: 1\nroles:\n  scribe: {name: {nl: |\n"])(
  "where anything may be written nothing is offered: %j",
  (text) => {
    expect(at(text)).toEqual([]);
  },
);

test("a key tells what it means and what it may be", () => {
  expect(meaningOf(linxx, "advice: late")).toContain("`late`: only in phases that say so");
  expect(meaningOf(linxx, "level:")).toBe("What it works on.");
  expect(meaningOf(linxx, "kind:")).toContain("`gossip`");
  expect(meaningOf(variant, "extends:")).toContain("says only what differs");
  expect(explained(linxx, 0, english)).toBeNull();
});

test("every meaning that may be shown is there", () => {
  const parts = Object.entries(DEFS).filter(([name]) => name !== "Extension" && name !== "PhaseChange");
  const keys = parts.flatMap(([, part]) => Object.values(part.properties ?? {}));
  const byId = keys
    .map((key) => (key.additionalProperties as Schema | undefined)?.$ref)
    .map((ref) => DEFS[String(ref).replace("#/$defs/", "")]);
  const names = [...keys, ...byId].filter((part) => part?.description !== undefined).map((part) => nameOf(part ?? {}));
  expect(names.length).toBeGreaterThan(90);
  expect(names.filter((name) => !(meant(name, "en") && meant(name, "nl")))).toEqual([]);
  for (const name of Object.keys(DEFS.PhaseChange?.properties ?? {}))
    expect(nameOf(DEFS.PhaseChange?.properties?.[name] ?? {})).toBe(name in AROUND ? "" : `Phase.${name}`);
});

test("a key means the same in a file that extends another, in each language", () => {
  const said = (key: string, language: "nl" | "en") =>
    explained(variant, variant.indexOf(key) + 1, (name) => meant(name, language))?.text;
  expect(said("summary:", "nl")).toBe("Twee of drie zinnen: wat er gebeurt, en waarvoor.");
  expect(said("extends:", "en")).toBe("The id of the method of the library of which this file says only what differs.");
});
