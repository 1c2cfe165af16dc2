// Opening a meeting: its id and key are made in the browser, and whoever wants in proves that they have the key.
import { admissionHash, admissionProof, newMeetingId } from "../crypto/admission.ts";
import { newKey } from "../crypto/keys.ts";
import { createMeeting, HttpError, type NewMeeting } from "../transport/api.ts";

export interface OpenedMeeting {
  readonly meeting: string;
  readonly key: string;
}

/** Opens a meeting with a new key. */
export async function openMeeting(wanted: NewMeeting): Promise<OpenedMeeting> {
  const key = newKey();
  const meeting = newMeetingId();
  const admission = await admissionHash(await admissionProof(key, meeting));
  try {
    return { meeting: await createMeeting({ ...wanted, meeting, admission }), key };
  } catch (error) {
    // A server of before that was asked takes no such fields: as long as a cluster is upgraded, one may answer.
    if (!(error instanceof HttpError && error.code === "bad-shape")) throw error;
    return { meeting: await createMeeting(wanted), key };
  }
}
