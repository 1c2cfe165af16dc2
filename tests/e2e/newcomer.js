// Somebody new, in the page itself: does the first thing that the screen offers, and nothing else.
// Notes what was on the screen (`window.newcomer`), for the test to read.
(words) => {
  const newcomer = { phases: [], did: {}, unread: 0, blind: {} };
  window.newcomer = newcomer;
  const PATIENCE = 200;
  const A_WHILE = 10;

  const seen = (element) => element?.checkVisibility() && element.getAttribute("aria-disabled") !== "true" && !element.disabled;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter(seen);
  const hook = (name) => `[data-testid="${name}"]`;
  const hooks = (name) => `[data-testid^="${name}"]`;

  function phase() {
    return document.querySelector(hook("phase-name"))?.dataset.phase ?? "";
  }

  function note() {
    const now = phase();
    if (now && newcomer.phases.at(-1) !== now) newcomer.phases.push(now);
  }

  function type(field, value) {
    field.value = value;
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  }

  /** Whatever of the form is empty: a sentence, a date, one of what there is to choose from. */
  function fill(form) {
    for (const field of all("textarea, input[type=text]", form)) if (!field.value) type(field, words);
    for (const field of all("input[type=date]", form)) if (!field.value) type(field, "2030-01-31");
    for (const field of all("select", form)) if (!field.value) type(field, field.options[1].value);
    const names = new Set([...form.querySelectorAll("input[type=radio]")].map((one) => one.name));
    for (const name of names) {
      const choices = [...form.querySelectorAll(`input[name="${name}"]`)];
      if (!choices.some((one) => one.checked)) choices[0].click();
    }
  }

  function press(selector, within = document) {
    const [found] = all(selector, within);
    found?.click();
    return Boolean(found);
  }

  const ACTS = {
    start: () => press(hook("start")),
    votes: () => {
      const [form] = all("form.vote");
      if (!form || !form.querySelector(hook("pass-vote"))) return false; // They voted.
      fill(form);
      press(".choice input:not(:checked)", form);
      return setTimeout(() => press(hooks("vote-submit"), form), 50);
    },
    settles: () => all(hook("choose-submit")).length === 0 && press(".settle .option:not(.marked)"),
    chooses: () => press(hook("choose-submit")),
    writes: () => {
      const [form] = all("form.give");
      if (!form?.querySelector("textarea, input, select")) return false;
      fill(form);
      return setTimeout(() => press(hooks("give-submit"), form), 50);
    },
    says: () => press(hooks("give-spoken")),
    passes: () => press("form.give " + hooks("pass")),
    "is ready": () => press(hook("ready") + "[aria-pressed=false]"),
    "leads on": () => press(hook("end-phase") + ".strong"),
  };

  /** Whether the screen says whom it waits for: who has the floor, who is not done, who goes on. */
  function told() {
    const silenced = document.querySelector(".seat.mine:not([data-position=in])");
    return Boolean(silenced ?? document.querySelector(`${hook("waits-for")}, .turn, .gathered, .ready, .vote, [data-testid^=floor-]`));
  }

  let fetching = 0;
  function act() {
    note();
    fetching = document.querySelector(hook("waiting")) ? fetching + 1 : 0;
    if (fetching > A_WHILE) newcomer.unread += 1;
    const [name] = Object.entries(ACTS).find(([, does]) => does()) ?? [];
    if (name) newcomer.did[name] = (newcomer.did[name] ?? 0) + 1;
    else if (phase() && !told()) newcomer.blind[phase()] = (newcomer.blind[phase()] ?? 0) + 1;
  }

  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
  setInterval(act, PATIENCE);
}
