// Translators of browsers and extensions rewrite the page: they put a <font> with their words in the place of a text node and keep
// the node that Svelte holds, outside the page. What changes in it afterwards nobody would see: an instruction would stay that of
// the first step. So such a node comes back, empty, beside what took its place. Once it has a new text, that place goes, and the
// translator finds the new text; and where it goes, its place goes with it.

interface Replaced {
  readonly place: Element;
  /** What it said, for when the original is to be shown again. */
  readonly said: string;
}

/** Whether an element is a translator's: ours are never of this kind. */
const isTheirs = (node: Node | null): node is Element => node instanceof Element && /^font$/i.test(node.tagName);

class Guard {
  readonly #replaced = new Map<Text, Replaced>();
  readonly #texts = new MutationObserver((records) => {
    for (const { target } of records) this.#changed(target as Text);
  });
  readonly #page = new MutationObserver((records) => {
    for (const record of records) {
      for (const node of record.removedNodes) {
        if (node instanceof Text) this.#removed(node, record);
        else if (isTheirs(node) && !node.isConnected) this.#given(node);
      }
    }
  });

  watch(root: Node): void {
    this.#page.observe(root, { childList: true, subtree: true });
  }

  stop(): void {
    this.#page.disconnect();
    this.#texts.disconnect();
  }

  /** Kept outside the page, or moved into the translator's own element. */
  #removed(text: Text, record: MutationRecord): void {
    const beside = [...record.addedNodes, record.previousSibling, record.nextSibling];
    const place = text.isConnected ? outermost(text) : (beside.find(isTheirs) ?? null);
    if (!place?.isConnected || text.data === "") return;
    this.#replaced.set(text, { place, said: text.data });
    if (place.contains(text)) text.replaceWith(text.data);
    text.data = "";
    place.before(text);
    this.#texts.observe(text, { characterData: true });
    // Svelte takes its texts out of the page by this method.
    text.remove = () => {
      this.#replaced.get(text)?.place.remove();
      this.#replaced.delete(text);
      Text.prototype.remove.call(text);
    };
  }

  #changed(text: Text): void {
    if (text.data === "") return;
    const place = this.#replaced.get(text)?.place;
    this.#replaced.delete(text);
    place?.remove();
  }

  /** The translator gave up its place: the original stands there again. */
  #given(place: Element): void {
    for (const [text, replaced] of this.#replaced) {
      if (replaced.place !== place) continue;
      this.#replaced.delete(text);
      if (text.isConnected && text.data === "") text.data = replaced.said;
    }
  }
}

function outermost(text: Text): Element | null {
  let found: Element | null = null;
  for (let node = text.parentElement; isTheirs(node); node = node.parentElement) found = node;
  return found;
}

/** Watches over the texts below `root`; returns a function that stops it. */
export function surviveTranslation(root: Node): () => void {
  const guard = new Guard();
  guard.watch(root);
  return () => guard.stop();
}
