// The signed log of a circle in the browser: `kring.circle` says what stands in it and who may do what, docs/keyring.md has the
// whole of it, and tests/fixtures/keyring.json holds the vectors of both. Nothing imports this yet, so that it is no part of
// what a room loads; what is to need it must load it then.
export { Broken, CODES, type Code, rulesSubject } from "./keyring/act.ts";
export { type Box, boxesHash, epochHash, joinProof, keysProof, readEntry, type Signed } from "./keyring/entries.ts";
export { begin, checkBoxes, compare, follow, knows, read, type Standing } from "./keyring/log.ts";
export { type Circle, epochOf, epochsOf, headOf, isSettled, memberOf, recipientsOf } from "./keyring/state.ts";
