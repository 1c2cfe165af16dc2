// What the one who gives a join code reads, in German.
import type { CodeTexts } from "./nl.ts";

export const de: CodeTexts = {
  show: "Code zeigen",
  why: "Für alle, die nicht scannen können: sechs Ziffern zum Ansagen am Telefon.",
  say: "Sag diese sechs Ziffern",
  where: (host) =>
    `Die andere Person gibt sie auf ${host} ein. Der Code führt bis zur Tür; dann prüfst du am Telefon, wer es ist.`,
  minutes: (count) => (count === 1 ? "Noch 1 Minute gültig." : `Noch ${count} Minuten gültig.`),
  stop: "Code beenden",
  asked: "Jemand klopft an",
  askedWhy: "Ist es die Person, mit der du gerade telefonierst?",
  yes: "Ja, ich kenne sie",
  no: "Nein",
  waiting: "Einen Moment, die Geräte finden sich.",
  typing: "Lass dir neun Ziffern vorlesen",
  typingWhy: "Sie stehen auf dem Bildschirm der anderen Person. Gib sie hier ein.",
  go: "Weiter",
  wrong: "Das sind nicht die neun Ziffern. Lass sie dir noch einmal vorlesen.",
  reading: "Stimmt. Lies jetzt diese sechs Ziffern vor",
  readingWhy: "Die andere Person gibt sie ein und bekommt dann den Schlüssel.",
  handed: "Geschafft. Die andere Person kann gleich Platz nehmen.",
  next: "Zurück zum Code",
  cancel: "Abbrechen",
  reasons: {
    over: "Es wurde abgebrochen oder hat zu lange gedauert. Bitte die andere Person, noch einmal anzuklopfen.",
    digits:
      "Die Ziffern stimmten dreimal nicht. Zur Sicherheit wurde abgebrochen. Bitte die andere Person, noch einmal anzuklopfen.",
    unsafe:
      "Unterwegs wurde verändert, was eure Geräte einander geschickt haben. Gib den Link auf einem anderen Weg weiter.",
    taken: "Jemand anders in der Gruppe öffnet schon.",
    closed: "Die Türen sind zu. Öffne sie zuerst.",
    "old-browser": "Dieser Browser ist zu alt für einen Code. Bitte jemand anders in der Gruppe.",
    network: "Gerade gibt es keinen Code. Versuch es gleich noch einmal.",
  },
};
