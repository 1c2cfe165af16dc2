// What the people of the stories wrote.
import type { Fields, ItemView } from "../../../protocol/index.ts";
import { item, OWNER, SEATS } from "./views.ts";

export const CASES: Readonly<Record<string, string>> = {
  "case-b": "Hoe blijf ik rustig als een ouder in de gang begint te schreeuwen?",
  "case-n": "Wat is mijn rol als twee collega’s elkaar ontlopen en ik ertussen zit?",
  "case-w": "Hoe krijg ik mijn collega zover dat zij haar deel van de planning doet?",
  "case-j": "Waarom zeg ik ja tegen elke klus die anderen laten liggen?",
  "case-a": "Hoe geef ik leiding aan iemand die er langer werkt dan ik?",
  "case-s": "Wanneer zeg ik tegen mijn leidinggevende dat het zo niet gaat?",
};
export const CONTENTS: Readonly<Record<string, Fields>> = {
  ...Object.fromEntries(Object.entries(CASES).map(([id, text]) => [id, { text }])),
  "h-a": { text: "Ze vraagt naar de planning, maar het gaat over vertrouwen." },
  "h-j": { text: "Wie heeft haar eigenlijk gevraagd dit te dragen?" },
  "h-s": { text: "Ik hoor vooral iemand die het alleen wil oplossen, en daar moe van wordt." },
  "e-w": { text: "Wij doen samen de planning. De laatste drie maanden heb ik elke maand het laatste stuk gedaan." },
  "r-w": { text: "Wat houd ik in stand door het elke maand zelf af te maken?" },
  "d-n": { text: "Leg het stuk dat niet van jou is een keer zichtbaar neer, en laat het liggen." },
  "q-n": { text: "Wat zou er gebeuren als je het niet afmaakte?", field: "behaviour" },
  "t-n": { form: "stop", text: "Het laatste stuk van een ander afmaken voordat er gevraagd is." },
  "a-w": { text: "Donderdag bespreek ik met haar wat ik liet liggen, en waarom.", by: "2026-12-03" },
  "x-b": "failed" as unknown as Fields,
};
export const cases = SEATS.map((seat, n) =>
  item(n + 1, seat, "case", "opening:0:question", Object.keys(CASES)[n] ?? null, 0),
);
const explained = [...cases, item(7, OWNER, "explanation", "round:1:explanation", "e-w")];
export const gossiped: ItemView[] = [
  ...explained,
  item(8, "samal0000", "hypothesis", "round:1:gossip", "h-a"),
  item(9, "sjoost000", "hypothesis", "round:1:gossip", "h-j"),
  item(10, "sbram0000", "hypothesis", "round:1:gossip", null),
];
export const later: ItemView[] = [
  ...gossiped,
  item(11, "ssamira00", "hypothesis", "round:1:gossip", "h-s"),
  item(12, OWNER, "reformulation", "round:1:reformulate", "r-w"),
];
