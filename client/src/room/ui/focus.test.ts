import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepFocus } from "./focus.ts";

let stop: () => void;

function show(html: string): void {
  document.body.innerHTML = html;
}

const at = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
/** Observers are told after the change, not during it. */
const told = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  stop = keepFocus(document.body);
});

afterEach(() => {
  stop();
  show("");
});

describe("keepFocus", () => {
  it("goes to the sentence when the control that had the focus goes away", async () => {
    show(`<h1 id="other"></h1><main><h1 id="do"></h1><button id="give"></button></main>`);
    at("give").focus();
    at("give").remove();
    await told();
    expect(document.activeElement?.id).toBe("do");
  });

  it("goes to the next screen's sentence once that is there", async () => {
    show(`<main><button id="sit"></button></main>`);
    at("sit").focus();
    show("<p></p>");
    await told();
    show(`<main><h1 id="do"></h1></main>`);
    await told();
    expect(document.activeElement?.id).toBe("do");
  });

  it("stays in a drawer that is open", async () => {
    show(`<main><h1></h1></main><dialog open><h2 id="head"></h2><button id="take"></button></dialog>`);
    at("take").focus();
    at("take").remove();
    await told();
    expect(document.activeElement?.id).toBe("head");
  });

  it("leaves the focus alone while what has it is there", async () => {
    show(`<main><h1></h1><input id="name"><p id="line"></p></main>`);
    at("name").focus();
    at("line").remove();
    await told();
    expect(document.activeElement?.id).toBe("name");
  });

  it("does nothing for whoever tapped the control", async () => {
    show(`<main><h1></h1><button id="give"></button></main>`);
    at("give").focus();
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    at("give").remove();
    await told();
    expect(document.activeElement).toBe(document.body);
  });
});
