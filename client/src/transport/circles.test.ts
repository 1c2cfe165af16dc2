import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HttpError } from "./api.ts";
import { circlesApi } from "./circles.ts";

const said = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const fetching = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal("fetch", fetching);
  vi.spyOn(document, "cookie", "get").mockReturnValue("language=nl; csrftoken=t0ken");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  fetching.mockReset();
});

test("what is read is asked for without a body, and must have the shape that was asked for", async () => {
  fetching.mockResolvedValueOnce(said({ entries: [], head: { n: 0, hash: "h" } }));
  expect(await circlesApi.log("c", 3)).toEqual({ entries: [], head: { n: 0, hash: "h" } });
  const [path, init] = fetching.mock.calls[0] ?? [];
  expect([path, init?.method, init?.body]).toEqual(["/api/circles/c/log?from=3", undefined, undefined]);
  fetching.mockResolvedValueOnce(said({ portal: "sign in to the Wi-Fi" }));
  await expect(circlesApi.keyring()).rejects.toBeInstanceOf(HttpError);
});

test("what is changed names its method, and proves that it comes from our own page", async () => {
  fetching.mockImplementation(async () => said({}));
  await circlesApi.putItem("c", { kind: "about", id: "circle", epoch: 1, wrap: "w", version: 2 });
  await circlesApi.deleteLock("l1", { at: 5, signature: "s" });
  await circlesApi.withdraw("c", "7");
  const calls = fetching.mock.calls.map(([path, init]) => [path, init?.method, JSON.parse(String(init?.body))]);
  expect(calls).toEqual([
    ["/api/circles/c/items/about/circle", "PUT", { epoch: 1, wrap: "w", version: 2 }],
    ["/api/keyring/locks/l1", "DELETE", { at: 5, signature: "s" }],
    ["/api/circles/c/consents/7", "DELETE", {}],
  ]);
  expect(fetching.mock.calls[0]?.[1]?.headers).toMatchObject({ "X-CSRFToken": "t0ken" });
});

test("a refusal of the server's has its code, and of somebody in between none", async () => {
  const step = { entry: "", signature: "", boxes: [], items: [] };
  fetching.mockResolvedValueOnce(said({ code: "log-moved" }, 409));
  await expect(circlesApi.append("c", step)).rejects.toMatchObject({ code: "log-moved" });
  fetching.mockResolvedValueOnce(said({ code: "log-moved" }, 502));
  await expect(circlesApi.append("c", step)).rejects.toMatchObject({ code: "" });
});
