import { describe, expect, test, vi } from "vitest";
import { BRAM, itemOf, MEETING, mineOf, NOOR, phaseOf, seatOf, slotOf, TEUN, viewOf } from "../../../tests/cast.ts";
import { Memory } from "../../../tests/room.ts";
import { KEY, KEYS, type Setting, settle, useSettings } from "../../../tests/room-setting.ts";
import { decode } from "../../crypto/encoding.ts";
import { open, seal } from "../../crypto/seal.ts";
import type { Bodies, View } from "../../protocol/index.ts";

async function sealed(seat: string, kind: string, id: string, fields: Record<string, string>): Promise<Bodies> {
  return { [id]: await seal(KEYS, { meeting: MEETING, seat, kind, id }, fields, 1) };
}

const setting = useSettings();

describe("what there is to see", () => {
  test("names and contents are opened, each once", async () => {
    const names = await sealed(BRAM, "name", `name${BRAM}`, { name: "Bram" });
    const question = await sealed(NOOR, "question", "b1", { text: "Wat hield je tegen?" });
    const { room } = await setting().open(viewOf({ items: [itemOf(1, NOOR, "b1")] }), { ...names, ...question });
    expect(room.name(BRAM)).toBe("Bram");
    expect(room.name(NOOR)).toBe("");
    expect(room.content("b1")).toEqual({ state: "open", fields: { text: "Wat hield je tegen?" } });
    expect(room.content("b2")).toEqual({ state: "waiting" });
    expect(room.me?.id).toBe(BRAM);
    expect(room.owner?.id).toBe(NOOR);
    expect(room.step?.kind).toBe("ask-round");
  });

  test("a content put under another author's name is said to fail", async () => {
    const stolen = await sealed(NOOR, "question", "b1", { text: "Van Noor" });
    const { room } = await setting().open(viewOf({ items: [itemOf(1, BRAM, "b1")] }), stolen);
    expect(room.content("b1")).toEqual({ state: "failed" });
  });

  test("facts change the view and are told with their events", async () => {
    const it = await setting().open();
    const bodies = await sealed(TEUN, "question", "b2", { text: "Wanneer begon het?" });
    const facts = { set: { ready: [NOOR] }, items: [itemOf(2, TEUN, "b2")] };
    it.server.line.deliver({ type: "facts", seq: 6, because: ["contribution-given"], facts, bodies });
    await settle();
    expect(it.room.view?.ready).toEqual([NOOR]);
    expect(it.room.content("b2").state).toBe("open");
    expect(it.room.view?.items.find((item) => item.content === "b2")?.seat).toBe(TEUN);
    expect(it.changes.map((change) => change.because)).toEqual([[], ["contribution-given"]]);
  });

  test("bodies that come ahead of what names them are opened with it, also when it is told again", async () => {
    const it = await setting().open();
    const ahead = await sealed(TEUN, "question", "b2", { text: "Wanneer begon het?" });
    const last = await sealed(TEUN, "question", "b3", { text: "En toen?" });
    const facts = { items: [itemOf(2, TEUN, "b2"), itemOf(3, TEUN, "b3")] };
    it.server.line.deliver({ type: "facts", seq: 5, because: [], facts: {}, bodies: ahead });
    it.server.line.cut();
    await new Promise((resolve) => setTimeout(resolve, 320));
    it.server.line.open();
    const welcome = { type: "welcome", now: Date.now(), seat: BRAM, table: false } as const;
    it.server.line.deliver({ ...welcome, seq: 5, facts, bodies: ahead });
    it.server.line.deliver({ type: "facts", seq: 7, because: [], facts: {}, bodies: last });
    await settle();
    expect(it.room.content("b2")).toEqual({ state: "open", fields: { text: "Wanneer begon het?" } });
    expect(it.room.content("b3")).toEqual({ state: "open", fields: { text: "En toen?" } });
    expect(it.room.view?.items.map((item) => item.n)).toEqual([2, 3]);
  });

  test("who else listens is what the room said since the welcome, or since this device sat down", async () => {
    const it = await setting().open();
    const none = { type: "devices", seats: {}, visitors: 0 } as const;
    const some = { type: "devices", seats: { [NOOR]: 2 }, visitors: 1 } as const;
    expect(it.room.devices).toEqual(none);
    it.server.line.deliver(some);
    expect(it.room.devices).toEqual(some);
    it.server.line.deliver({ type: "facts", seq: 6, because: [], facts: { set: { ready: [NOOR] } } });
    expect(it.room.devices).toEqual(some);
    it.server.line.deliver({ type: "facts", seq: 7, because: [], facts: { fresh: true } });
    expect(it.room.devices).toEqual(none);
    it.server.line.deliver(some);
    await it.welcomed();
    expect(it.room.devices).toEqual(none);
  });

  test("what is permitted is exactly what the view says", async () => {
    const mine = {
      ...mineOf(BRAM, [
        ["give", "question"],
        ["give-role", "secretary"],
        ["give-role", "timekeeper"],
      ]),
      acting: { [TEUN]: [["pass", "question"] as const] },
    };
    const { room } = await setting().open(viewOf({ mine }));
    expect(room.permitted("give", "question")).toBe(true);
    expect(room.permitted("give")).toBe(false);
    expect(room.permitted("give", "advice")).toBe(false);
    expect(room.details("give-role")).toEqual(["secretary", "timekeeper"]);
    expect(room.acting).toEqual([TEUN]);
    expect(room.mayFor(TEUN, "pass", "question")).toBe(true);
    expect(room.mayFor(NOOR, "pass", "question")).toBe(false);
    expect(room.detailsFor(TEUN, "pass")).toEqual(["question"]);
  });

  test("a burned meeting is forgotten: contents, names and notes", async () => {
    const names = await sealed(BRAM, "name", `name${BRAM}`, { name: "Bram" });
    const it = await setting().open(viewOf({ items: [itemOf(1, NOOR, "b1")] }), names);
    it.room.notes.pad = "alleen voor mij";
    await settle();
    expect(it.local.text()).toContain("kring:notes");
    const meeting = { ...viewOf().meeting, burned: true };
    it.server.line.deliver({ type: "facts", seq: 7, because: ["burned"], facts: { set: { meeting } } });
    await settle();
    expect(it.room.content("b1")).toEqual({ state: "gone" });
    expect(it.room.name(BRAM)).toBe("");
    expect(it.room.notes.pad).toBe("");
    expect(it.local.text()).not.toContain("kring:notes");
  });

  test("a link without its key is said at once, and nobody is called", async () => {
    const it = setting(new Memory(), new Memory(), "");
    it.room.start();
    await settle();
    expect(it.room.ended).toBe("key-missing");
    expect(it.server.tickets).toBe(0);
  });

  test("a key that is none any more is said at once, and nobody is called", async () => {
    const it = setting(new Memory(), new Memory(), `#k=${KEY.slice(0, -1)}b`);
    it.room.start();
    await settle();
    expect(it.room.ended).toBe("wrong-key");
    expect(it.server.tickets).toBe(0);
  });

  test("the links to share carry the key in the fragment only", () => {
    const { room } = setting();
    const shared = new URL(room.link());
    expect(shared.hash).toBe(`#k=${KEY}`);
    expect(shared.pathname).toBe(`/m/${MEETING}`);
    expect(new URL(room.link("table")).pathname).toBe(`/m/${MEETING}/table`);
  });
});

describe("what may be done", () => {
  test("a contribution goes down sealed, for its author, kind and id", async () => {
    const it = await setting().open();
    const answer = it.room.give("question", { text: "Wie weet dit nog meer?" });
    await settle();
    const { command, bodies, id } = it.asked;
    if (command.type !== "give" || !command.content) throw new Error("not given");
    const place = { meeting: MEETING, seat: BRAM, kind: "question", id: command.content };
    expect(await open(KEYS, place, bodies?.[command.content] ?? "")).toEqual({ text: "Wie weet dit nog meer?" });
    expect(it.room.unsent).toBe(1);
    it.server.line.deliver({ type: "done", id, seq: 6 });
    expect(await answer).toEqual({ ok: true, seq: 6 });
    expect(it.room.unsent).toBe(0);
  });

  test("a contribution is sealed in the newest format that everybody in the room reads", async () => {
    const it = await setting().open();
    expect(it.server.line.received[0]).toMatchObject({ type: "hello", seal: 2 });
    const formats: (number | undefined)[] = [];
    const before = new Set<string>();
    const give = async (): Promise<void> => {
      void it.room.give("question", { text: "Wie weet dit nog meer?" });
      await vi.waitFor(() => {
        const [id = ""] = Object.keys(it.asked?.bodies ?? {});
        expect(id !== "" && !before.has(id)).toBe(true);
      });
      const [[id, sealed] = ["", ""]] = Object.entries(it.asked.bodies ?? {});
      before.add(id);
      formats.push(decode(sealed)[0]);
      const place = { meeting: MEETING, seat: BRAM, kind: "question", id };
      expect(await open(KEYS, place, sealed)).toEqual({ text: "Wie weet dit nog meer?" });
    };
    await give();
    it.server.line.deliver({ type: "seal", format: 2 });
    await give();
    it.server.line.deliver({ type: "seal", format: 1 });
    await give();
    it.server.line.deliver({ type: "seal", format: 3 });
    await give();
    // A room of an earlier release says nothing of it.
    it.server.line.cut();
    await vi.waitFor(() => expect(it.server.sockets).toHaveLength(2));
    await it.welcomed();
    await give();
    it.server.line.cut();
    await vi.waitFor(() => expect(it.server.sockets).toHaveLength(3));
    await it.welcomed({ seal: 2 });
    await give();
    expect(formats).toEqual([1, 2, 1, 2, 1, 2]);
  });

  test("what is said aloud, or for another, says so", async () => {
    const it = await setting().open();
    void it.room.give("question", null, { on: TEUN });
    expect(it.asked.command).toEqual({ type: "give", what: "question", content: null, on: TEUN });
    void it.room.give("question", { text: "Namens Teun" }, { on: TEUN });
    await settle();
    const { command, bodies } = it.asked;
    if (command.type !== "give" || !command.content) throw new Error("not given");
    const place = { meeting: MEETING, seat: TEUN, kind: "question", id: command.content };
    expect((await open(KEYS, place, bodies?.[command.content] ?? "")).text).toBe("Namens Teun");
  });

  test("a name is sealed for the seat that is taken", async () => {
    const it = await setting().open(viewOf({ mine: mineOf(null), seats: [] }));
    void it.room.takeSeat("Bram");
    await settle();
    const { command, bodies } = it.asked;
    if (command.type !== "take-seat") throw new Error("no seat taken");
    const place = { meeting: MEETING, seat: command.seat, kind: "name", id: command.name };
    expect(await open(KEYS, place, bodies?.[command.name] ?? "")).toEqual({ name: "Bram" });
    const seats = [{ ...seatOf(command.seat, ["participant"]), name: command.name }];
    const facts = { set: { seats, mine: mineOf(command.seat) } };
    it.server.line.deliver({ type: "facts", seq: 6, because: ["seat-taken"], facts, bodies: bodies ?? {} });
    await settle();
    expect(it.room.name(it.room.seat ?? "")).toBe("Bram");
  });

  test("a draft stays until the room has what it became", async () => {
    const it = await setting().open();
    it.room.notes.setDraft("question", { text: "Half" });
    void it.room.give("question", { text: "Half" }, { draft: "question" });
    await settle();
    it.server.line.deliver({ type: "refused", id: it.asked.id, code: "not-your-turn" });
    expect(it.room.notes.draft("question")).toEqual({ text: "Half" });
    void it.room.give("question", { text: "Heel" }, { draft: "question" });
    await settle();
    it.server.line.deliver({ type: "done", id: it.asked.id, seq: 8 });
    expect(it.room.notes.draft("question")).toEqual({});
  });

  test("leaving closes the line", async () => {
    const it = await setting().open();
    const answer = it.room.send({ type: "leave" });
    it.server.line.deliver({ type: "done", id: it.asked.id, seq: 6 });
    expect((await answer).ok).toBe(true);
    expect(it.room.ended).toBe("left");
  });
});

describe("a page that is loaded again in the middle", () => {
  async function interrupted(): Promise<{ old: Setting; id: string; content: string }> {
    const old = await setting().open();
    old.room.notes.setDraft("question", { text: "Geheim van de zaak" });
    void old.room.give("question", { text: "Geheim van de zaak" }, { draft: "question" });
    await settle();
    const { id, command } = old.asked;
    old.room.stop();
    return { old, id, content: command.type === "give" ? (command.content ?? "") : "" };
  }

  test("sends the same again, and keeps no readable text", async () => {
    const { old, id } = await interrupted();
    expect(old.local.text() + old.session.text()).not.toContain("Geheim");
    const it = await setting(old.local, old.session).open();
    expect(it.room.notes.draft("question")).toEqual({ text: "Geheim van de zaak" });
    expect(it.asked.id).toBe(id);
    it.server.line.deliver({ type: "done", id, seq: 9 });
    expect(it.room.notes.draft("question")).toEqual({});
    expect([...old.session.held.keys()]).toEqual([`kring:key:${MEETING}`]);
  });

  test("gives nothing in a phase that it wasn't meant for, and keeps the draft", async () => {
    const { old } = await interrupted();
    const it = await setting(old.local, old.session).open(viewOf({ phase: phaseOf("1.4") }));
    expect(it.server.line.commands()).toEqual([]);
    expect(it.room.notes.draft("question")).toEqual({ text: "Geheim van de zaak" });
    expect(it.room.unsent).toBe(0);
  });

  test("sees that the room had it already", async () => {
    const { old, content } = await interrupted();
    const view = viewOf({ phase: phaseOf("1.4"), items: [itemOf(3, BRAM, content)] });
    const it = await setting(old.local, old.session).open(view);
    expect(it.server.line.commands()).toEqual([]);
    expect(it.room.notes.draft("question")).toEqual({});
  });
});

describe("text that was not sent", () => {
  const key = "1.3/question/0/";
  const stepped = (more: Partial<View> = {}): View =>
    viewOf({
      phase: { ...phaseOf("1.3"), step: "step#0" },
      desk: [slotOf(BRAM, "question")],
      mine: mineOf(BRAM, [["give", "question"]]),
      ...more,
    });
  const told = (made: Setting) => made.server.line.received.filter((message) => message.type === "unsent");

  test("the room is told when it is there, when it is gone, and again after a new connection", async () => {
    const made = setting();
    made.room.start();
    await settle();
    await made.welcomed({ view: stepped(), takes: ["unsent"] });
    made.room.notes.setDraft(key, { text: "H" });
    made.room.notes.setDraft(key, { text: "Half a thought" });
    expect(told(made)).toEqual([{ type: "unsent", phase: "step#0", unsent: true }]);
    made.server.line.cut();
    await new Promise((resolve) => setTimeout(resolve, 400));
    await made.welcomed({ view: stepped(), takes: ["unsent"] });
    made.room.notes.setDraft(key, null);
    expect(told(made).map((message) => message.unsent)).toEqual([true, false]);
  });

  test("a room of before is told nothing, and no command says for which step it is", async () => {
    const made = await setting().open(viewOf({ mine: mineOf(BRAM, [["give", "question"]]) }));
    made.room.notes.setDraft(key, { text: "Half a thought" });
    void made.room.send({ type: "ready" });
    expect(told(made)).toEqual([]);
    expect(made.asked.command).toEqual({ type: "ready" });
  });

  test("a command that belongs to a step says which one was on the screen", async () => {
    const made = await setting().open(stepped());
    void made.room.send({ type: "ready" });
    expect(made.asked.command).toEqual({ type: "ready", phase: "step#0" });
    void made.room.send({ type: "pause" });
    expect(made.asked.command).toEqual({ type: "pause" });
  });

  test("what was said aloud is no reason to throw away what was typed", async () => {
    const made = await setting().open(stepped());
    made.room.notes.setDraft(key, { text: "Half a thought" });
    void made.room.give("question", null, {});
    made.server.line.deliver({ type: "done", id: made.asked.id, seq: 6 });
    await settle();
    expect(made.room.notes.draft(key)).toEqual({ text: "Half a thought" });
  });
});
