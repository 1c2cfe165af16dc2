import { afterEach, describe, expect, test, vi } from "vitest";
import type { Bytes } from "../bytes.ts";
import { evaluatePasskey, passkeySecret, steadySecret } from "./passkey.ts";

const gives = (...outputs: readonly (Bytes | null)[]) => {
  const rest = [...outputs];
  return async () => rest.shift() ?? null;
};
const bytes = (byte: number, length = 32): Bytes => new Uint8Array(length).fill(byte);
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "taken",
    (error: { readonly code: string }) => error.code,
  );

describe("a passkey", () => {
  test("that gives the same twice may hold a lock", async () => {
    expect(await steadySecret(gives(bytes(1), bytes(1)))).toEqual(bytes(1));
  });

  test("that gives something else the second time holds none", async () => {
    expect(await codeOf(steadySecret(gives(bytes(1), bytes(2))))).toBe("prf-differs");
  });

  test("that gives nothing, or too little, holds none", async () => {
    expect(await codeOf(steadySecret(gives(null)))).toBe("no-prf");
    expect(await codeOf(steadySecret(gives(bytes(1), null)))).toBe("no-prf");
    expect(await codeOf(passkeySecret(gives(bytes(1, 16))))).toBe("no-prf");
  });
});

describe("the browser's passkeys", () => {
  afterEach(() => vi.unstubAllGlobals());

  const browserThat = (results: unknown) => {
    const get = vi.fn(async (_: CredentialRequestOptions) => ({ getClientExtensionResults: () => results }));
    vi.stubGlobal("navigator", { credentials: { get } });
    return get;
  };

  test("are asked for their output for our label, and for nothing that is sent anywhere", async () => {
    const get = browserThat({ prf: { results: { first: bytes(7).buffer } } });
    expect(await evaluatePasskey()).toEqual(bytes(7));
    const [{ publicKey } = {}] = get.mock.calls[0] ?? [];
    const first = publicKey?.extensions?.prf?.eval?.first as Bytes;
    expect(new TextDecoder().decode(first)).toBe("kring/2 passkey");
    expect(publicKey?.userVerification).toBe("required");
  });

  test("give nothing where the browser doesn't know of it", async () => {
    browserThat({});
    expect(await evaluatePasskey()).toBeNull();
  });
});
