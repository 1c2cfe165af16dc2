import { describe, expect, it } from "vitest";
import { arc, chair, direction, initials, type Position, ring, shorten, table } from "./circle.ts";

const phone = { width: 390, height: 300, count: 6, mine: 2, label: 16, lines: 1 };
const desk = { width: 900, height: 720, count: 6, mine: 2, label: 20, lines: 2 };
const positions: Position[] = ["in", "aside", "back", "unseen", "out"];

describe("the circle", () => {
  it("puts whoever looks at the bottom, nearest to themselves", () => {
    const me = chair(2, "in", phone);
    expect(me.x).toBe(195);
    const others = [0, 1, 3, 4, 5].map((index) => chair(index, "in", phone).y);
    expect(Math.max(...others)).toBeLessThan(me.y);
  });

  it("puts the first at the top for a screen without a seat", () => {
    expect(direction(0, { count: 6, mine: -1 })).toBeCloseTo(-Math.PI / 2);
  });

  it("goes round clockwise: the next one sits to the left of the one at the bottom", () => {
    expect(chair(3, "in", phone).x).toBeLessThan(195);
  });

  it.each([4, 5, 6, 7, 8, 9, 10, 12])("keeps %i chairs and their names inside the picture, and apart", (count) => {
    for (const size of [phone, desk]) {
      const room = { ...size, count };
      const at = table(room);
      const text = room.label * 1.25 * room.lines;
      for (let index = 0; index < count; index++) {
        for (const position of positions) {
          const { x, y } = chair(index, position, room, at);
          expect(x - at.person).toBeGreaterThanOrEqual(0);
          expect(x + at.person).toBeLessThanOrEqual(room.width);
          expect(y - at.person - text).toBeGreaterThanOrEqual(0);
          expect(y + at.person + text).toBeLessThanOrEqual(room.height);
        }
        const here = chair(index, "in", room, at);
        const next = chair((index + 1) % count, "in", room, at);
        expect(Math.hypot(here.x - next.x, here.y - next.y)).toBeGreaterThan(at.person * 2);
      }
    }
  });

  it("turns the chair round for back and unseen, and moves only unseen, aside and out", () => {
    const seat = (position: Position) => chair(0, position, desk);
    expect(seat("back").back - seat("in").back).toBe(180);
    expect(seat("unseen").back - seat("in").back).toBe(180);
    expect([seat("back").x, seat("back").y]).toEqual([seat("in").x, seat("in").y]);
    expect(seat("aside").back).toBe(seat("in").back);
    expect(seat("aside").y).not.toBe(seat("in").y);
    expect(seat("unseen").y).not.toBe(seat("in").y);
  });

  it("leaves everybody else where they are when one chair moves", () => {
    const before = [1, 2, 3].map((index) => chair(index, "in", desk));
    chair(0, "unseen", desk);
    expect([1, 2, 3].map((index) => chair(index, "in", desk))).toEqual(before);
  });

  it("draws the ring from the top and the chair round direction 0", () => {
    const at = table(desk);
    expect(ring(at, 6).startsWith(`M ${at.x} `)).toBe(true);
    expect(arc(20).startsWith("M 8.8 -18")).toBe(true);
  });
});

describe("names", () => {
  it("tells people apart with as few letters as will do", () => {
    expect(initials(["Noor", "Samira", "Sem"])).toEqual(["N", "Sa", "Se"]);
    expect(initials(["élan", ""])).toEqual(["É", "?"]);
  });

  it("shortens a long name without losing its head", () => {
    expect(shorten("Wietske", 12)).toBe("Wietske");
    expect(shorten("Maria-Magdalena", 9)).toBe("Maria-Ma…");
  });
});
