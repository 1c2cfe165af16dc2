// What the one who gives a join code reads, in English.
import type { CodeTexts } from "./nl.ts";

export const en: CodeTexts = {
  show: "Show a code",
  why: "For someone who can't scan: six digits to say over the phone.",
  say: "Say these six digits",
  where: (host) =>
    `The other person types them at ${host}. The code leads to the door; then you check by phone who it is.`,
  minutes: (count) => (count === 1 ? "Good for 1 more minute." : `Good for ${count} more minutes.`),
  stop: "Stop the code",
  asked: "Someone is knocking",
  askedWhy: "Is it the person you have on the phone right now?",
  yes: "Yes, I know them",
  no: "No",
  waiting: "One moment, the devices are finding each other.",
  typing: "Have nine digits read to you",
  typingWhy: "They're on the other person's screen. Type them here.",
  go: "Continue",
  wrong: "These aren't the nine digits. Have them read out once more.",
  reading: "That's right. Now read these six digits aloud",
  readingWhy: "The other person types them, and then gets the key.",
  handed: "Done. They can take a seat in a moment.",
  next: "Back to the code",
  cancel: "Stop",
  reasons: {
    over: "It was stopped, or it took too long. Ask them to knock again.",
    digits: "The digits were wrong three times, so it was stopped to be safe. Ask them to knock again.",
    unsafe: "Something changed what your devices sent each other. Share the link in another way.",
    taken: "Someone else in the circle is letting them in.",
    closed: "The doors are closed. Open them first.",
    "old-browser": "This browser is too old for a code. Ask someone else in the circle.",
    network: "There is no code right now. Try again in a moment.",
  },
};
