"""All nine steps of linxx-9, from the empty chair to the last word, by six people in six browsers and a table screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.gathering import Gathering
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

QUESTION = "Hoe zeg ik nee tegen extra diensten zonder dat ik het team in de steek laat?"
BETTER = "Wat maakt dat ik het rooster tot mijn probleem maak?"
QUESTIONS = {
    "Wietske": QUESTION,
    "Bram": "Wat doe ik als een familielid mij de les leest waar een cliënt bij is?",
    "Noor": "Hoe blijf ik rustig bij een collega die alles beter weet?",
    "Amal": "Waarom stel ik het lastige gesprek met mijn leidinggevende steeds uit?",
    "Samira": "Hoe begrens ik cliënten die mij privé appen?",
    "Emma": "How do I stop taking my work home at night?",
}
STORY = "Vrijdag belde de planner weer. Ik zei ja terwijl mijn dochter jarig was. Nu ben ik boos, vooral op mezelf."
NOTE_OWNER = "Ik schrik ervan dat ze mij vermoeid vinden klinken."
NOTE_NOOR = "Dit gaat ook over mijn eigen rooster."
GOSSIP = "Ik hoor iemand die onmisbaar wil zijn, en daar moe van wordt."
ADVICE = "Zeg dat je er morgen op terugkomt, en bel dan pas."
RESPONSE = "Die pauze voor mijn ja neem ik mee."
INSIGHT = "Ik zeg ook ja voordat ik de vraag gehoord heb."
REMARK = "Streng, en daardoor veilig."
ACTION = "Ik laat de telefoon gaan en bel na een uur terug."


def test_linxx_from_an_empty_chair_to_the_last_word(person: Callable[..., Person]) -> None:
    circle = Gathering(person, "linxx")
    outsider = gather(circle)
    people = {one.name: one for one in circle.people}
    owner, noor = people["Wietske"], people["Noor"]
    close_the_doors(circle, outsider)
    think_of_a_question(circle, people)
    choose(circle, people)
    roles = roles_of(circle, people)
    explain(circle, roles)
    gossip(circle, roles)
    rephrase(circle, roles)
    advise(circle, roles)
    react(circle, roles)
    last_word(circle, roles)
    take_home(owner, noor)


def gather(circle: Gathering) -> Person:
    """From the start page to six people in the lobby, a table screen, and somebody who is still thinking about it."""
    come = circle.come
    bram = come("Bram", Look(DESKTOP, "nl", "light"))
    bram.page.goto(bram.site)
    start_page(bram)
    bram.start_meeting("linxx-9")
    bram.shot("linxx-00-first-at-the-door")
    bram.audit("the door of an empty room")
    bram.join()
    link = bram.link()
    assert re.fullmatch(rf"{bram.site}/m/[a-z2-7]{{20}}#k=[A-Za-z0-9_-]{{43}}", link)
    bram.shot("linxx-00-lobby-alone")
    people = [
        come("Wietske", Look(PHONE, "nl", "dark")),
        come("Noor", Look(PHONE, "nl", "light")),
        come("Amal", Look(DESKTOP, "nl", "dark")),
        come("Samira", Look(PHONE, "nl", "light")),
        come("Emma", Look(DESKTOP, "en", "light")),
    ]
    for one in people:
        one.join(link)
    circle.sit_down(bram, *people)
    circle.open_table()
    outsider = come("Ruud", Look(PHONE, "nl", "light"))
    outsider.page.goto(link)
    outsider.hook("join-name").fill("Ruud")
    outsider.shot("linxx-00-door")
    outsider.audit("the door")
    return outsider


def start_page(one: Person) -> None:
    for look in (Look(PHONE, "en", "dark"), Look(DESKTOP, "nl", "light")):
        one.page.set_viewport_size(look.size)
        one.page.emulate_media(color_scheme=look.scheme)
        one.page.locator(f".languages [lang={look.language}]").click()
        one.page.locator(f"html[lang={look.language}]").wait_for(state="attached")
        one.look = look
        one.shot("start")
        one.audit("start")


def close_the_doors(circle: Gathering, outsider: Person) -> None:
    """Bram facilitates. When the doors close, whoever stands there is told kindly, and so is who comes later."""
    bram, wietske, noor = circle.people[:3]
    assert circle.table
    circle.picture("lobby", {"owner": wietske, "facilitator": bram, "participant": noor, "table": circle.table})
    bram.press("take-facilitation")
    bram.doors("close")
    outsider.waits_for("De deuren zijn dicht")
    assert not outsider.sees("join-submit")
    outsider.page.reload()
    outsider.waits_for("De deuren zijn dicht")
    outsider.waits_for("Hoor je erbij? Klop dan aan.")
    outsider.shot("linxx-00-doors-closed")
    outsider.audit("closed doors")
    assert not outsider.reads("Wietske")
    for one in circle.people:
        expect(one.hook("qr")).to_have_count(0)
    bram.press("start")


def think_of_a_question(circle: Gathering, people: dict[str, Person]) -> None:
    """Everyone alone; nobody reads a word before all are done, and a reload loses nothing."""
    circle.phase("question")
    noor, amal, wietske, bram = (people[name] for name in ("Noor", "Amal", "Wietske", "Bram"))
    wietske.write(QUESTION)
    wietske.waits_for("Jouw bijdrage is binnen", "Your contribution is in")
    amal.hook("give-text").fill(QUESTIONS["Amal"])
    noor.hook("notepad").fill(NOTE_NOOR)
    assert circle.table
    circle.picture("question", {"owner": wietske, "facilitator": bram, "participant": amal, "table": circle.table})
    circle.nobody_reads(QUESTION, [*circle.others(wietske), circle.table])
    amal.page.reload()
    amal.phase("question")
    expect(amal.hook("give-text")).to_have_value(QUESTIONS["Amal"])
    amal.press("give-submit")
    for name in ("Bram", "Samira", "Emma"):
        people[name].write(QUESTIONS[name])
    for text in (QUESTION, QUESTIONS["Amal"], QUESTIONS["Emma"]):
        circle.nobody_reads(text, [noor, circle.table])
    noor.write(QUESTIONS["Noor"])


def choose(circle: Gathering, people: dict[str, Person]) -> None:
    """All questions on the table; who voted for what shows only when everybody has."""
    circle.phase("choose")
    assert circle.table
    for one in circle.screens:
        for text in QUESTIONS.values():
            one.waits_for(text)
    wietske, noor = people["Wietske"], people["Noor"]
    for name, vote in (("Bram", "Wietske"), ("Noor", "Wietske"), ("Amal", "Wietske"), ("Emma", "Samira")):
        people[name].vote(QUESTIONS[vote])
    roles = {"owner": wietske, "facilitator": people["Bram"], "participant": noor, "table": circle.table}
    circle.picture("choose", roles)
    people["Samira"].vote(QUESTIONS["Samira"])
    for one in circle.screens:
        assert not re.search(r"[1-6] (stem|vote)s?(men)?\b", one.page.inner_text("main")), one.name
        assert not one.sees("question-before")
    wietske.vote(QUESTIONS["Noor"])
    circle.phase("explanation")
    for one in circle.screens:
        expect(one.hook("question-before")).to_contain_text(QUESTION)
        assert one.chairs("owner") == [wietske.seat]


def roles_of(circle: Gathering, people: dict[str, Person]) -> dict[str, Person]:
    assert circle.table
    return {
        "owner": people["Wietske"],
        "facilitator": people["Bram"],
        "participant": people["Noor"],
        "table": circle.table,
    }


def explain(circle: Gathering, roles: dict[str, Person]) -> None:
    owner = roles["owner"]
    assert circle.speaker() is owner
    circle.picture("explanation", roles)
    circle.nobody_gives(circle.others(owner))
    owner.write(STORY)


def listens_unseen(circle: Gathering, owner: Person) -> None:
    """The owner's own screen offers nothing but the notepad, and everybody sees the turned chair."""
    circle.nobody_gives([owner])
    for one in circle.screens:
        chair = one.hook(f"seat-{owner.seat}")
        assert chair.get_attribute("data-position") == "unseen", one.name
        assert one.chairs("turned") == [owner.seat]


def gossip(circle: Gathering, roles: dict[str, Person]) -> None:
    """Whoever likes talks about the core of the question; no advice can be given, and the owner can give nothing at all."""
    circle.phase("gossip")
    owner, facilitator, noor, table = roles.values()
    listens_unseen(circle, owner)
    owner.hook("notepad").fill(NOTE_OWNER)
    circle.nobody_speaks()
    talk_freely(circle, noor, owner, "hypothesis", GOSSIP)
    circle.picture("gossip", roles)
    behind_more(roles)
    listens_unseen(circle, owner)
    amal = next(one for one in circle.people if one.name == "Amal")
    for one in (amal, noor, amal):  # nobody owes anything, and nobody is asked in turn
        one.press("floor-take")
        one.floor()
        one.press("floor-release")
        one.floor(mine=False)
    circle.nobody_reads(NOTE_OWNER, [*circle.others(owner), table])
    assert not noor.sees("give-text-advice")
    facilitator.press("end-phase")


def talk_freely(circle: Gathering, one: Person, owner: Person, what: str, text: str) -> None:
    """Takes the floor and writes down what is said; the others see whose floor it is, and the owner reads along."""
    one.press("floor-take")
    one.floor()
    for other in circle.others(owner, one):
        other.waits_for(f"{one.name} heeft het woord", f"{one.name} has the floor")
    one.press(f"another-{what}")
    one.write(text)
    owner.waits_for(text)
    one.floor(mine=False)


def behind_more(roles: dict[str, Person]) -> None:
    """What isn't for now: the drawer, and the list of steps."""
    for role, one in roles.items():
        one.press("more")
        one.hook("more-close").wait_for()
        one.shot(f"linxx-05-more-{role}")
        one.audit(f"more, as {role}")
        one.press("more-close")
        steps = one.hook("rail").locator("button")
        steps.click()
        one.shot(f"linxx-05-steps-{role}")
        one.audit(f"steps, as {role}")
        steps.click()


def rephrase(circle: Gathering, roles: dict[str, Person]) -> None:
    circle.phase("reformulate")
    owner = roles["owner"]
    assert circle.speaker() is owner
    expect(owner.hook("notepad")).to_have_value(NOTE_OWNER)
    owner.hook("give-text").fill(BETTER)
    circle.picture("reformulate", roles)
    circle.nobody_gives(circle.others(owner))
    circle.nobody_reads(BETTER, circle.others(owner))
    owner.press("give-submit")


def advise(circle: Gathering, roles: dict[str, Person]) -> None:
    """Old and new question side by side; now as much advice as anyone has, and the owner listens again."""
    circle.phase("advice")
    owner, facilitator, noor, _ = roles.values()
    for one in circle.screens:
        expect(one.hook("question-before")).to_contain_text(QUESTION)
        expect(one.hook("question-after")).to_contain_text(BETTER)
    listens_unseen(circle, owner)
    circle.nobody_speaks()
    talk_freely(circle, noor, owner, "advice", ADVICE)
    circle.picture("advice", roles)
    for number in range(4):
        noor.write(f"{ADVICE} ({number})")  # as many as one likes: there is no turn to wait for
        owner.waits_for(f"{ADVICE} ({number})")
    facilitator.press("end-phase")


def react(circle: Gathering, roles: dict[str, Person]) -> None:
    circle.phase("reaction")
    owner, _, noor, _ = roles.values()
    assert circle.speaker() is owner
    circle.picture("reaction", roles)
    circle.nobody_gives(circle.others(owner))
    owner.write(RESPONSE)
    circle.phase("participants")
    circle.nobody_gives([owner])
    circle.picture("participants", roles)
    for _ in range(5):
        circle.one_speaks(lambda one: one.write(INSIGHT) if one is noor else one.say())


def last_word(circle: Gathering, roles: dict[str, Person]) -> None:
    """One remark each, what everybody will do, and the end."""
    circle.phase("evaluation")
    owner, facilitator, noor, _ = roles.values()
    for number in range(6):
        if number == 2:
            circle.picture("evaluation", roles)
        circle.one_speaks(lambda one: one.write(REMARK) if one is noor else one.say())
    circle.nobody_speaks()
    for one, text in ((owner, ACTION), (noor, "Ik hang de regels op.")):
        one.press("another-action")
        one.hook("give-text-by").fill("2026-12-01")
        one.write(text)
        one.waits_for(text)
    facilitator.press("end-phase")
    for one in circle.screens:
        one.hook("do").get_by_text(
            re.compile("De bijeenkomst is afgelopen|The meeting is over", re.IGNORECASE)
        ).wait_for()
        assert one.page.evaluate("scrollY") == 0, one.name
    circle.picture("closed", roles)


def take_home(owner: Person, noor: Person) -> None:
    """The owner's page has the question before and after and what was given; nobody's has another's notes."""
    owner.speak("nl")
    page = owner.saved()
    for text in (QUESTION, BETTER, GOSSIP, ADVICE, RESPONSE, ACTION, NOTE_OWNER, INSIGHT, "1 december 2026"):
        assert text in page, text
    for text in (NOTE_NOOR, QUESTIONS["Noor"], "Ik hang de regels op."):
        assert text not in page, text
    page = noor.saved()
    for text in (INSIGHT, REMARK, NOTE_NOOR, QUESTIONS["Noor"], "Ik hang de regels op."):
        assert text in page, text
    for text in (NOTE_OWNER, ACTION, QUESTION, BETTER, STORY):
        assert text not in page, text
