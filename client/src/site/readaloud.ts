// Reads a method aloud with a local voice of the browser; without one the button stays hidden.

/** A local voice for a language; none that needs the network. */
export function voiceFor(language: string, voices: readonly SpeechSynthesisVoice[]): SpeechSynthesisVoice | null {
  const fitting = voices.filter((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === language);
  return fitting.find((voice) => voice.localService) ?? null;
}

interface Parts {
  readonly button: HTMLButtonElement;
  readonly text: HTMLElement;
  readonly sentences: readonly HTMLElement[];
  readonly speech: SpeechSynthesis;
}

/** Sentence by sentence, so that the current one can be highlighted. */
function read({ button, text, sentences, speech }: Parts): void {
  const label = button.textContent;
  const voice = voiceFor(text.lang, speech.getVoices());
  const done = () => {
    for (const sentence of sentences) sentence.classList.remove("spoken");
    button.textContent = label;
  };
  button.textContent = button.dataset.stop ?? label;
  sentences.forEach((sentence, index) => {
    const words = new SpeechSynthesisUtterance(sentence.textContent ?? "");
    words.lang = text.lang;
    words.voice = voice;
    words.onstart = () => {
      for (const other of sentences) other.classList.toggle("spoken", other === sentence);
    };
    if (index === sentences.length - 1) words.onend = done;
    words.onerror = done;
    speech.speak(words);
  });
}

/** Activates the page's button, if this browser has a local voice for the page's language. */
export function readAloud(page: Document, speech: SpeechSynthesis | undefined): void {
  const button = page.getElementById("aloud");
  const text = page.getElementById("aloud-text");
  if (!(button instanceof HTMLButtonElement) || !text || !speech) return;
  const parts = { button, text, sentences: [...text.querySelectorAll("span")], speech };
  const offer = () => {
    button.hidden = voiceFor(text.lang, speech.getVoices()) === null;
  };
  offer();
  // Browsers load their voices a little after the page.
  speech.addEventListener("voiceschanged", offer);
  button.addEventListener("click", () => {
    if (speech.speaking) speech.cancel();
    else read(parts);
  });
  window.addEventListener("pagehide", () => speech.cancel());
}
