import { afterEach, expect, test, vi } from "vitest";
import { createMeeting, getTicket, HttpError, listMethods, startColleagues } from "./api.ts";

function answering(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const headers = { "Content-Type": "application/json" };
  const fake = vi.fn(async () => new Response(JSON.stringify(body), { status, headers }));
  vi.stubGlobal("fetch", fake);
  return fake;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("getTicket says who this device is, and as what it comes", async () => {
  const fake = answering(200, { ticket: "t", device_token: "d", room: "/room/m" });
  expect((await getTicket("m", null, "table", "proof")).room).toBe("/room/m");
  const [path, init] = fake.mock.calls[0] as [string, RequestInit];
  expect(path).toBe("/api/meetings/m/tickets");
  expect(init.method).toBe("POST");
  expect(JSON.parse(String(init.body))).toEqual({ device_token: null, as: "table", admission: "proof" });
});

test("a node of an older release, which knows no proof, is asked without", async () => {
  const bodies: unknown[] = [];
  vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as object;
    bodies.push(body);
    if ("admission" in body) return Response.json({ code: "bad-shape" }, { status: 400 });
    return Response.json({ ticket: "t", device_token: "d", room: "/room/m" });
  });
  expect((await getTicket("m", "d", "device", "proof")).ticket).toBe("t");
  expect(bodies.at(-1)).toEqual({ device_token: "d", as: "device" });
});

test("a wrong key is said as it is, and not asked without the proof", async () => {
  const fake = answering(403, { code: "wrong-key" });
  await expect(getTicket("m", null, "device", "proof")).rejects.toMatchObject({ code: "wrong-key" });
  expect(fake).toHaveBeenCalledTimes(1);
});

test("createMeeting gives the id, and the key goes nowhere", async () => {
  const fake = answering(201, { meeting: "k7d2m5qw3xza4bcn6vhj" });
  expect(await createMeeting({ method: "linxx-9", practice: false, written: true, language: "nl" })).toBe(
    "k7d2m5qw3xza4bcn6vhj",
  );
  expect(JSON.stringify(fake.mock.calls)).not.toContain("key");
});

test("startColleagues believes that they come when it is told how many", async () => {
  const colleagues = { key: "k", seats: 5, role: "owner", language: "nl" } as const;
  answering(202, { seats: 5 });
  await startColleagues("m", colleagues);
  answering(200, {});
  await expect(startColleagues("m", colleagues)).rejects.toMatchObject({ status: 200, code: "" });
});

test("an error carries the status and the server's code", async () => {
  answering(410, { code: "expired" });
  await expect(listMethods()).rejects.toMatchObject({ name: "HttpError", status: 410, code: "expired" });
  vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
  const error = await listMethods().catch((each: unknown) => each);
  expect(error).toBeInstanceOf(HttpError);
  expect(error).toMatchObject({ status: 502, code: "" });
});

test("an error says when another try is worth it", async () => {
  const headers = { "Retry-After": "300" };
  vi.stubGlobal("fetch", async () => Response.json({ code: "overloaded" }, { status: 503, headers }));
  await expect(listMethods()).rejects.toMatchObject({ status: 503, code: "overloaded", retryAfter: 300 });
  vi.stubGlobal("fetch", async () => new Response("", { status: 503, headers: { "Retry-After": "Mon, 1 Jan 2024" } }));
  await expect(listMethods()).rejects.toMatchObject({ status: 503, code: "", retryAfter: 0 });
});
