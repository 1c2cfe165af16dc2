// The keyring in the browser, as docs/keyring.md has it: the signed log of a circle and the fold that checks it, the keys of
// members, the locks that hold a master key, boxes and wraps. Held with the Python client against tests/fixtures/keyring.json,
// keyring_keys.json and keyring_browser.json. A circle's pages load it; no room does.
export { Broken, CODES, type Code, rulesSubject } from "./keyring/act.ts";
export { BoxError, boxesFor, boxFor, type EpochKeys, openBox, type Sent, type To } from "./keyring/boxes.ts";
export { type ConsentKind, count, needed, neededToRemove, readWording, type Wording } from "./keyring/consents.ts";
export {
  type Agreed,
  type Box,
  boxesHash,
  type Consent,
  type Entry,
  epochHash,
  joinProof,
  type Keys,
  keysProof,
  readEntry,
  rulesHash,
  type Signed,
  toSign,
  verify,
  type What,
} from "./keyring/entries.ts";
export { openFormer, sealFormer } from "./keyring/former.ts";
export { type Lock, LockBroken, type LockKind, lock, unlock, type Whose } from "./keyring/locks.ts";
export { begin, checkBoxes, compare, follow, knows, read, type Standing } from "./keyring/log.ts";
export { fresh, MemberKeys, ownerOf, Seed } from "./keyring/member.ts";
export { type Evaluate, evaluatePasskey, PasskeyUnfit, passkeySecret, steadySecret } from "./keyring/passkey.ts";
export { newPassphrase } from "./keyring/passphrases.ts";
export { fromBase64, toBase64 } from "./keyring/reading.ts";
export { newCode, readCode, spelled } from "./keyring/recovery.ts";
export {
  type Applicant,
  type Circle,
  DAY,
  type Epoch,
  epochOf,
  epochsOf,
  hasSay,
  havingSay,
  headOf,
  isSettled,
  type Member,
  memberOf,
  recipientsOf,
} from "./keyring/state.ts";
export { type Item, unwrap, wrap } from "./keyring/wraps.ts";
export {
  type Author,
  consentTo,
  joining,
  type Matter,
  type Next,
  next,
  proving,
  writeEntry,
  writeWording,
} from "./keyring/writing.ts";
