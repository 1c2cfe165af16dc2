import { expect, test } from "vitest";
import vectors from "../../../tests/fixtures/admission.json";
import { admissionHash, admissionProof, newMeetingId } from "./admission.ts";
import { newKey } from "./keys.ts";

test.each(vectors)("the proof for $meeting is that of the vectors shared with Python", async (vector) => {
  const proof = await admissionProof(vector.key, vector.meeting);
  expect(proof).toBe(vector.proof);
  expect(await admissionHash(proof)).toBe(vector.hash);
});

test("a proof holds for one key and one meeting, and is not the key", async () => {
  const [key, other] = [newKey(), newKey()];
  const [meeting, elsewhere] = [newMeetingId(), newMeetingId()];
  const proofs = [
    [key, meeting],
    [key, elsewhere],
    [other, meeting],
  ].map(([one = "", two = ""]) => admissionProof(one, two));
  expect(new Set([...(await Promise.all(proofs)), key, other]).size).toBe(5);
});

test("a new meeting's id has the shape that the server asks for, and doesn't repeat", () => {
  const ids = Array.from({ length: 200 }, newMeetingId);
  expect(new Set(ids).size).toBe(200);
  for (const id of ids) expect(id).toMatch(/^[a-z2-7]{20}$/);
});
