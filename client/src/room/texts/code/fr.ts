// What the one who gives a join code reads, in French.
import type { CodeTexts } from "./nl.ts";

export const fr: CodeTexts = {
  show: "Afficher un code",
  why: "Pour qui ne peut pas scanner : six chiffres à dire au téléphone.",
  say: "Dis ces six chiffres",
  where: (host) =>
    `L’autre personne les tape sur ${host}. Le code mène à la porte ; ensuite, tu vérifies au téléphone qui est là.`,
  minutes: (count) => (count === 1 ? "Il vaut encore 1 minute." : `Il vaut encore ${count} minutes.`),
  stop: "Arrêter le code",
  asked: "Quelqu’un frappe à la porte",
  askedWhy: "Est-ce la personne que tu as au téléphone en ce moment ?",
  yes: "Oui, je la connais",
  no: "Non",
  waiting: "Un instant, les appareils se cherchent.",
  typing: "Fais-toi lire neuf chiffres",
  typingWhy: "Ils sont sur l’écran de l’autre personne. Tape-les ici.",
  go: "Continuer",
  wrong: "Ce ne sont pas les neuf chiffres. Demande qu’on te les relise.",
  reading: "C’est juste. Lis maintenant ces six chiffres",
  readingWhy: "L’autre personne les tape, puis reçoit la clé.",
  handed: "C’est fait. L’autre personne pourra prendre place dans un instant.",
  next: "Revenir au code",
  cancel: "Arrêter",
  reasons: {
    over: "On a arrêté, ou cela a duré trop longtemps. Demande à l’autre personne de frapper de nouveau.",
    digits:
      "Les chiffres étaient faux trois fois : par prudence, on a arrêté. Demande à l’autre personne de frapper de nouveau.",
    unsafe: "Ce que vos appareils se sont envoyé a été modifié en route. Donne le lien par un autre moyen.",
    taken: "Quelqu’un d’autre du groupe ouvre déjà.",
    closed: "Les portes sont fermées. Ouvre-les d’abord.",
    "old-browser": "Ce navigateur est trop ancien pour un code. Demande à quelqu’un d’autre du groupe.",
    network: "Il n’y a pas de code pour le moment. Réessaie dans un instant.",
  },
};
