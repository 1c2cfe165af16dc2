/// <reference types="vite/client" />
import { expect, test } from "vitest";
import variant from "../../../../src/kring/methods/library/incident-op-papier.yaml?raw";
import linxx from "../../../../src/kring/methods/library/linxx-9.yaml?raw";
import { DEFS, type Schema } from "../state/grammar.ts";
import { nl } from "../texts/meanings.nl.ts";
import { explained, offered } from "./assist.ts";
import { meant } from "./meanings.ts";

const same = (text: string): string => text;
/** What is offered where `|` stands. */
const at = (text: string): string[] => {
  const place = text.indexOf("|");
  return offered(text.replace("|", ""), place, same).map((one) => one.label);
};
const meaningOf = (text: string, key: string) => explained(text, text.indexOf(key) + 1, same)?.text;

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
  expect(explained(linxx, 0, same)).toBeNull();
});

test("every meaning that may be shown is there in Dutch", () => {
  const parts = Object.entries(DEFS).filter(([name]) => name !== "Extension" && name !== "PhaseChange");
  const keys = parts.flatMap(([, part]) => Object.values(part.properties ?? {}));
  const named = keys
    .map((key) => (key.additionalProperties as Schema | undefined)?.$ref)
    .map((ref) => DEFS[String(ref).replace("#/$defs/", "")]);
  const told = [...keys, ...named].map((part) => part?.description).filter((text) => text !== undefined);
  expect(told.length).toBeGreaterThan(90);
  expect(told.filter((text) => !(text in nl))).toEqual([]);
  expect(Object.keys(nl).filter((text) => !JSON.stringify(DEFS).includes(JSON.stringify(text).slice(1, -1)))).toEqual(
    [],
  );
  expect(meant("How often.", "nl")).toBe("Hoe vaak.");
  expect(meant("How often.", "en")).toBe("How often.");
});
