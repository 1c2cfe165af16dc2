/** The shared texts, in Dutch. */
export const nl = {
  /** The language's own name for itself. */
  name: "Nederlands",
  language: "Taal",
  yes: "Ja, doe maar",
  cancel: "Toch niet",
};

export type SharedTexts = typeof nl;
