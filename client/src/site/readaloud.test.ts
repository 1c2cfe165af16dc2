import { expect, test } from "vitest";
import { voiceFor } from "./readaloud.ts";

const voice = (lang: string, localService: boolean) => ({ lang, localService }) as SpeechSynthesisVoice;

test("a voice of the machine itself in the page's language is taken", () => {
  const ours = voice("nl_NL", true);
  expect(voiceFor("nl", [voice("en-GB", true), voice("nl-NL", false), ours])).toBe(ours);
});

test("a voice that asks another machine is not taken", () => {
  expect(voiceFor("nl", [voice("nl-NL", false), voice("en-GB", true)])).toBeNull();
});
