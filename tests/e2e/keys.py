"""A person without a mouse: Tab, arrows, Space, Enter, Escape and letters, and never anything else.

Wherever Tab comes, the focus must be seen; what has no focus can't be touched here.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error, Page

_SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return {body: true, seen: false, id: "", tag: "body"};
  const drawn = (one) => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const box = at.getBoundingClientRect();
  const about = [at, at.nextElementSibling, at.parentElement, at.closest("li"), at.closest("fieldset > div")];
  return {
    body: false,
    tag: at.tagName.toLowerCase(),
    id: at.dataset.testid || at.id || "",
    name: at.getAttribute("name") || "",
    value: at.getAttribute("value") || "",
    text: (at.innerText || at.getAttribute("aria-label") || "").trim().slice(0, 60),
    type: at.getAttribute("type") || "",
    checked: at.checked === true,
    heading: at.matches("h1, h2"),
    main: at.closest("main") !== null,
    seen: about.some(drawn),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
# What Tab must come by: everything to touch that shows, each group of radio buttons once.
_STOPS = """() => {
  const place = document.querySelector("dialog[open]") || document.body;
  const groups = new Set();
  window.stops = [...place.querySelectorAll("a[href], button, input, textarea, select, summary, [tabindex]")]
    .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0)
    .filter((one) => one.type !== "radio" || !groups.has(one.name) && groups.add(one.name))
    .map((one) => one.type === "radio" ? one.name : one);
  return [...place.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0).length;
}"""
_STOP = "() => window.stops.findIndex((one) => one === document.activeElement || one === document.activeElement.name)"
_NAMES = "() => window.stops.map((one) => one.dataset ? one.dataset.testid || one.innerText || one.tagName : one)"
# Where the last key went, as the page got it.
_LISTEN = """() => {
  if (window.pressed !== undefined) return;
  window.pressed = null;
  document.addEventListener("keydown", ({target}) => { window.pressed = target.matches("h1, h2, body") ? "nothing" : ""; }, true);
}"""
_FAR = 80
"""So many presses and we have been everywhere."""
_TURNS = 3
"""So often at most may a turn begin between two presses."""


class Keys:
    """A keyboard, and what has its focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # What has the focus

    def at(self) -> dict[str, Any]:
        """What has the focus now."""
        found: dict[str, Any] = self.page.evaluate(_SEEN)
        return found

    def not_lost(self, within: float = 3) -> dict[str, Any]:
        """The focus is somewhere, also a moment after what had it went away."""
        deadline = time.monotonic() + within
        while True:
            at = self.at()
            if not at["body"]:
                return at
            assert time.monotonic() < deadline, "the focus is lost"
            time.sleep(0.05)

    # Moving it

    def tab(self, *, back: bool = False) -> dict[str, Any]:
        """One press; where it leads to shows it, and is on the screen."""
        key = "Shift+Tab" if back else "Tab"
        self.page.keyboard.press(key)
        at = self.at()
        if (
            not at["body"] and at["heading"]
        ):  # Tab never leads there: a turn began just now, and the sentence took the focus
            self.page.keyboard.press(key)
            at = self.at()
        assert at["body"] or at["seen"], f"nobody sees that this has the focus: {at}"
        assert at["body"] or at["inside"], f"this has the focus and isn't on the screen: {at}"
        return at

    def to(self, hook: str) -> dict[str, Any]:
        """Tab until the focus is on this, by its hook, its name or (``name=value``) a named button."""
        trail = [self.at()]
        while not _is(trail[-1], hook):
            assert len(trail) < _FAR, f"Tab never came by {hook!r}: {[_short(at) for at in trail]}"
            trail.append(self.tab())
        return trail[-1]

    def pick(self, group: str, wanted: str) -> None:
        """In a group of radio buttons (any hook of it, or its name): with the arrows to the wanted one."""
        name = self.page.evaluate(
            """(hook) => (document.querySelector(`input[data-testid="${hook}"]`) || {name: hook}).name""", group
        )
        at = self.to(name)
        for _ in range(_FAR):
            if wanted in {at["id"], at["value"]}:
                break
            self.page.keyboard.press("ArrowDown")
            at = self.at()
            assert at["seen"], f"nobody sees that this has the focus: {at}"
        assert wanted in {at["id"], at["value"]}, f"the arrows never came by {wanted!r}"
        if not at["checked"]:
            self.page.keyboard.press("Space")
        assert self.at()["checked"]

    # Doing

    def enter(self, hook: str) -> None:
        """Tab there and press Enter."""
        self._press("Enter", hook)

    def space(self, hook: str) -> None:
        """Tab there and press Space."""
        self._press("Space", hook)

    def _press(self, key: str, hook: str) -> None:
        """Press a key there: again, as anybody would, when something began meanwhile and took the focus away."""
        for _ in range(_TURNS):
            self.to(hook)
            self.page.evaluate(_LISTEN)
            self.page.keyboard.press(key)
            if not self._missed():
                return
        raise AssertionError(f"the focus never stayed on {hook!r}")

    def _missed(self) -> bool:
        """Whether the last key went to nothing that one can touch."""
        try:
            return bool(self.page.evaluate("() => window.pressed === 'nothing'"))
        except Error as error:
            if "navigation" not in error.message:
                raise
            return False  # it led to another page

    def type(self, hook: str, text: str) -> None:
        """Tab there and type."""
        at = self.to(hook)
        assert at["tag"] in {"input", "textarea"}
        self.page.keyboard.type(text)

    def escape(self) -> None:
        self.page.keyboard.press("Escape")

    # Everywhere

    def walk(self) -> list[str]:
        """Tab comes by everything that there is to touch, in the order of the page, once each."""
        assert self.page.evaluate(_STOPS) == 0, "the order of the page is the order of the focus"
        names: list[str] = self.page.evaluate(_NAMES)
        came: list[int] = []
        for _ in range(2 * _FAR):
            self.tab()
            stop: int = self.page.evaluate(_STOP)
            # Some fields, a date for one, have stops of their own inside.
            if stop >= 0 and came[-1:] != [stop]:
                came.append(stop)
            if len(came) > 1 and came[-1] == came[0]:
                break
        first = came.index(min(came))
        assert came[first:-1] + came[:first] == list(range(len(names))), [names[one] for one in came]
        return names


def _is(at: dict[str, Any], hook: str) -> bool:
    return not at["body"] and hook in {at["id"], at["name"], f"{at['name']}={at['value']}"}


def _short(at: dict[str, Any]) -> str:
    return str(at.get("id") or at.get("name") or at.get("text") or at["tag"])
