import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { guardTaps } from "./taps.ts";

/** A button of 100 by 40 pixels at this height. */
function button(top: number): HTMLButtonElement {
  const made = document.createElement("button");
  place(made, top);
  made.addEventListener("click", () => taps.push(made));
  return made;
}

function place(control: Element, top: number): void {
  control.getBoundingClientRect = () => new DOMRect(0, top, 100, 40);
}

function tap(control: Element, top: number, pointerType = "touch"): void {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, clientX: 50, clientY: top + 20 });
  Object.defineProperty(event, "pointerType", { value: pointerType });
  control.dispatchEvent(event);
}

const frame = (): Promise<void> =>
  new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => resolve()), 20));

let main: HTMLElement;
let taps: Element[];
let clock: number;
let stop: () => void;

beforeEach(() => {
  document.body.innerHTML = '<main data-step="a#0"></main>';
  main = document.querySelector("main") as HTMLElement;
  taps = [];
  clock = 10_000;
});
afterEach(() => stop());

describe("a finger on its way down", () => {
  it("does not hit what slid under it, and hits it a moment later", async () => {
    const [aimed, slid] = [button(0), button(100)];
    main.append(aimed, slid);
    stop = guardTaps(document.body, () => clock);
    aimed.remove();
    place(slid, 0);
    await frame();
    tap(slid, 0);
    expect(taps).toEqual([]);
    clock += 500;
    tap(slid, 0);
    expect(taps).toEqual([slid]);
  });

  it("does not count for the next step on a button that stays in place", async () => {
    const ready = button(0);
    main.append(ready);
    stop = guardTaps(document.body, () => clock);
    main.dataset.step = "b#0";
    await frame();
    tap(ready, 0);
    expect(taps).toEqual([]);
    clock += 500;
    tap(ready, 0);
    expect(taps).toEqual([ready]);
  });

  it("hits what came where nothing was, what only shifted a little, and whatever a mouse points at", async () => {
    const stays = button(0);
    main.append(stays);
    stop = guardTaps(document.body, () => clock);
    const came = button(200);
    main.append(came);
    place(stays, 5);
    await frame();
    tap(came, 200);
    tap(stays, 0);
    main.dataset.step = "b#0";
    await frame();
    tap(stays, 0, "mouse");
    expect(taps).toEqual([came, stays, stays]);
  });
});
