// What the one who gives a join code reads, in Dutch. Fetched when the code is asked for.
export const nl = {
  show: "Toon een code",
  why: "Voor wie niet kan scannen: zes cijfers om door de telefoon te zeggen.",
  say: "Zeg deze zes cijfers",
  where: (host: string) =>
    `De ander typt ze op ${host}. De code brengt tot aan de deur; daarna controleer je per telefoon wie het is.`,
  minutes: (count: number) => (count === 1 ? "Nog 1 minuut geldig." : `Nog ${count} minuten geldig.`),
  stop: "Stop de code",
  asked: "Er klopt iemand aan",
  askedWhy: "Is het degene die je nu aan de telefoon hebt?",
  yes: "Ja, die ken ik",
  no: "Nee",
  waiting: "Een moment, de apparaten zoeken elkaar.",
  typing: "Laat je negen cijfers voorlezen",
  typingWhy: "Ze staan op het scherm van de ander. Typ ze hier.",
  go: "Verder",
  wrong: "Dit zijn niet de negen cijfers. Laat ze nog een keer voorlezen.",
  reading: "Klopt. Lees nu deze zes cijfers voor",
  readingWhy: "De ander typt ze, en krijgt dan de sleutel.",
  handed: "Gelukt. De ander kan zo gaan zitten.",
  next: "Terug naar de code",
  cancel: "Stoppen",
  reasons: {
    over: "Het is gestopt, of het duurde te lang. Laat de ander opnieuw aankloppen.",
    digits: "De cijfers klopten drie keer niet. Voor de zekerheid is het gestopt. Laat de ander opnieuw aankloppen.",
    unsafe: "Onderweg is iets veranderd aan wat jullie apparaten elkaar stuurden. Geef de link op een andere manier.",
    taken: "Iemand anders in de kring doet al open.",
    closed: "De deuren zijn dicht. Open ze eerst.",
    "old-browser": "Deze browser is te oud voor een code. Vraag iemand anders in de kring.",
    network: "Er is nu geen code. Probeer het zo opnieuw.",
  },
};
export type CodeTexts = typeof nl;
