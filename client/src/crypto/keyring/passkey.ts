// What a passkey gives to open a lock with: the output of its PRF extension (WebAuthn 3, 10.1.4), 32 bytes that follow from the
// passkey and a fixed label. It never leaves the browser: nothing of the ceremony is sent anywhere, so its challenge is our own.
// A page that does this must be permitted `publickey-credentials-get`.
import { type Bytes, utf8 } from "../bytes.ts";
import { encode } from "../encoding.ts";

const LABEL = "kring/2 passkey";
const OUTPUT_BYTES = 32;

/** `no-prf`: this passkey or browser gives nothing; `prf-differs`: it gave two different things, so that no lock would ever open. */
export class PasskeyUnfit extends Error {
  override readonly name = "PasskeyUnfit";
  readonly code: "no-prf" | "prf-differs";

  constructor(code: PasskeyUnfit["code"]) {
    super(`a passkey that holds no lock: ${code}`);
    this.code = code;
  }
}

/** Asks whoever sits here for a passkey once; what it gives, `null` where it gives nothing. */
export type Evaluate = () => Promise<Bytes | null>;

const bytesOf = (data: BufferSource): Bytes =>
  ArrayBuffer.isView(data)
    ? Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    : new Uint8Array(data);

/** By the browser, any passkey of this site. Rejects where it is declined. */
export const evaluatePasskey: Evaluate = async () => {
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    userVerification: "required",
    extensions: { prf: { eval: { first: utf8(LABEL) } } },
  };
  const found = await navigator.credentials.get({ publicKey });
  const first = (found as PublicKeyCredential | null)?.getClientExtensionResults().prf?.results?.first;
  return first === undefined ? null : bytesOf(first);
};

/** What opens a lock that is there. */
export async function passkeySecret(evaluate: Evaluate = evaluatePasskey): Promise<Bytes> {
  const output = await evaluate();
  if (output?.length !== OUTPUT_BYTES) throw new PasskeyUnfit("no-prf");
  return output;
}

/** What is to open a new lock: asked for twice, since some browsers gave something else each time. */
export async function steadySecret(evaluate: Evaluate = evaluatePasskey): Promise<Bytes> {
  const [once, again] = [await passkeySecret(evaluate), await passkeySecret(evaluate)];
  if (encode(once) !== encode(again)) throw new PasskeyUnfit("prf-differs");
  return once;
}
