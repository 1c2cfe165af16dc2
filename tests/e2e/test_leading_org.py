"""All of leading-org-7 with two cases, both rounds to the end, with a facilitator from outside who brings nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.gathering import Gathering
from tests.e2e.seats import Seats
from tests.e2e.support import DESKTOP, PHONE, Look, Person
from tests.e2e.test_table import assert_read_from_afar

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

FIRST = "Hoe krijg ik mijn team mee in een besluit dat ik zelf niet genomen heb?"
SECOND = "Wat doe ik met een medewerker die alleen nog het hoognodige doet?"
CASES = {
    "Wietske": FIRST,
    "Noor": SECOND,
    "Amal": "Hoe geef ik minder antwoorden en stel ik meer vragen?",
    "Samira": "Hoe ga ik om met een directeur die steeds van koers verandert?",
    "Emma": "How do I lead people who used to be my equals?",
}
ASKED = "Wat zou je doen als niemand het ooit te weten kwam?"
ANSWER = "Dan zei ik dat ik het er zelf niet mee eens ben."
JUDGEMENT = "Ik hoor dat ik het besluit vooral voor mezelf verdedig."
THOUGHT = "Volgens mij is ze bang dat ze haar gezag verliest."
ADVICE = "Ik zou het team de helft van het besluit zelf laten invullen."
NOTES = ("Gezag. Dat woord blijft hangen.", "Ik ben zelf ook wel eens zo moe.")
"""On the notepads of the first and the second owner."""
DECISION = "Ik leg maandag de vraag op tafel, niet het antwoord."
ACTION = "Maandag vraag ik het team wat er nodig is."
TIP = "Vraag door als het stil wordt."


def test_leading_org_with_two_cases(person: Callable[..., Person]) -> None:
    circle = Gathering(person, "leading-org")
    people = gather(circle)
    fix_two_cases(circle, people)
    bram, table = people["Bram"], circle.table
    assert table
    first = {"owner": people["Wietske"], "facilitator": bram, "participant": people["Noor"], "table": table}
    second = {"owner": people["Noor"], "facilitator": bram, "participant": people["Wietske"], "table": table}
    for number, roles in ((1, first), (2, second)):
        problem(circle, roles, number)
        form_a_picture(circle, roles, number)
        judge(circle, roles, number)
        gossip(circle, roles, number)
        decide(circle, roles, number)
        feedback(circle, roles, number)
    take_home(people)


def test_the_outcome_of_a_vote_and_its_lot_are_seen_before_the_first_round(person: Callable[..., Person]) -> None:
    """Noor's question has most votes, and a lot says which is second. Amal facilitates, and stops the clock to look at it."""
    noor, bram = person("Noor", Look(PHONE, "nl", "light")), person("Bram", Look(DESKTOP, "en", "dark"))
    noor.start_meeting("leading-org-7")
    noor.join()
    screen = person("the table", Look(DESKTOP, "nl", "light"))
    screen.page.goto(noor.hook("open-table").get_attribute("href") or "")
    screen.hook("qr").wait_for()
    bram.join(noor.link())
    with Seats(noor.link()) as seats:
        amal, samira, emma = seats.sit("Amal", "Samira", "Emma")
        amal.do("take-facilitation")
        amal.do("start")
        cases = each_tells(seats, noor, bram)
        for one in (noor, bram):
            one.vote(CASES["Noor"], CASES["Amal"])
        for seat in (amal, samira):
            seat.do("vote", choices={cases["Noor"]: 1, cases["Bram"]: 1})
        amal.until(lambda view: len(view["choice"]["cast"]) == 4)
        for one in (noor, bram, screen):
            assert not one.sees("outcome")
            assert not re.search(r"[1-5] (stem|vote)s?(men)?\b", one.page.inner_text("main")), one.name
        emma.do("vote", choices={cases["Emma"]: 1, cases["Samira"]: 1})
        amal.do("pause")
        second = {cases["Amal"]: "Amal", cases["Bram"]: "Bram"}[amal.view["choice"]["chosen"][1]]
        for one in (noor, bram, screen):
            sees_the_outcome(one, cases, second)
        assert_read_from_afar(screen.page, "outcome")
        shown_otherwise(noor, bram)
        amal.do("resume")
        for one in (noor, bram):
            one.press("ready")
        for seat in seats.all:
            seat.do("ready")
        for one in (noor, bram, screen):
            one.phase("problem")
            expect(one.hook("question-before")).to_contain_text(CASES["Noor"])
            expect(one.hook("outcome")).to_have_count(0)


def shown_otherwise(noor: Person, bram: Person) -> None:
    """Pictures of the outcome on the other screens."""
    for one, look in ((noor, Look(DESKTOP, "nl", "dark")), (bram, Look(PHONE, "en", "light"))):
        one.turn(look)
        one.page.evaluate("scrollTo(0, 0)")
        one.shot("outcome")


def each_tells(seats: Seats, *people: Person) -> dict[str, str]:
    """One sentence each, in turn. By name, the case that somebody brought."""
    amal, told = seats.all[0], set[str]()
    for _ in range(len(seats.all) + len(people)):
        amal.until(lambda view: view["floor"] and view["floor"]["seat"] not in told)
        speaker = amal.view["floor"]["seat"]
        told.add(speaker)
        for one in people:
            if one.seat == speaker:
                one.write(CASES.get(one.name, "What do I owe a team that I leave?"))
        for seat in seats.all:
            if seat.id == speaker:
                seat.until_may("give", "case")
                seat.give("case", CASES[seat.name])
    amal.until_may("vote", "case")
    return {one.name: amal.case_of(one.seat) for one in people} | {one.name: amal.case_of(one.id) for one in seats.all}


def sees_the_outcome(one: Person, cases: dict[str, str], second: str) -> None:
    """How the votes fell, which comes first and second, and that a lot decided it."""
    expect(one.hook("do")).to_have_text("The result" if one.look.language == "en" else "De uitslag")
    first = one.hook("outcome").locator("li").first
    expect(first).to_contain_text(CASES["Noor"])
    expect(first).to_contain_text("1st · 4 votes" if one.look.language == "en" else "1e · 4 stemmen")
    other = one.hook(f"outcome-{cases[second]}")
    expect(other).to_contain_text("2nd · 2 votes" if one.look.language == "en" else "2e · 2 stemmen")
    expect(one.hook("outcome-because")).to_contain_text("lot")
    one.page.evaluate("scrollTo(0, 0)")
    one.shot("outcome")
    one.audit("outcome")


def gather(circle: Gathering) -> dict[str, Person]:
    """Wietske starts; Bram comes from outside to facilitate, and takes the floor to nobody."""
    come = circle.come
    wietske = come("Wietske", Look(PHONE, "nl", "light"))
    wietske.start_meeting("leading-org-7")
    wietske.join()
    link = wietske.link()
    bram = come("Bram", Look(DESKTOP, "nl", "light"))
    bram.join(link, guest=True)
    people = [
        come("Noor", Look(PHONE, "nl", "dark")),
        come("Amal", Look(DESKTOP, "nl", "light")),
        come("Samira", Look(PHONE, "nl", "light")),
        come("Emma", Look(DESKTOP, "en", "dark")),
    ]
    for one in people:
        one.join(link)
    circle.sit_down(bram, wietske, *people)
    circle.open_table()
    bram.press("take-facilitation")
    bram.press("start")
    return {one.name: one for one in circle.people}


def fix_two_cases(circle: Gathering, people: dict[str, Person]) -> None:
    """One sentence each, aloud and in turn; then two votes each, and two cases with most votes."""
    circle.phase("choose")
    assert circle.table
    bram, wietske = people["Bram"], people["Wietske"]
    roles = {"owner": wietske, "facilitator": bram, "participant": people["Amal"], "table": circle.table}
    said = []
    for number in range(len(CASES)):
        speaker = circle.speaker()
        for one in circle.others(speaker, bram):
            one.waits_for(f"{speaker.name} heeft het woord", f"{speaker.name} has the floor")
        if number == 1:
            circle.picture("sentence", roles | {"participant": speaker})
        said += [circle.one_speaks(lambda one: one.write(CASES[one.name])).name]
        for one in circle.others(speaker):
            one.waits_for(CASES[speaker.name])
    assert sorted(said) == sorted(CASES)
    circle.picture("choose", roles)
    circle.nobody_gives([bram])
    for name in CASES:
        second = SECOND if name not in {"Samira", "Emma"} else CASES["Amal"]
        people[name].vote(FIRST, second)


def problem(circle: Gathering, roles: dict[str, Person], number: int) -> None:
    circle.phase("problem")
    owner = roles["owner"]
    for one in circle.screens:
        expect(one.hook("question-before")).to_contain_text((FIRST, SECOND)[number - 1])
        expect(one.page.locator("header .round")).to_contain_text(str(number))
        assert one.chairs("owner") == [owner.seat]
    if number == 1:
        circle.picture("problem", roles)
    circle.nobody_gives(circle.others(owner))
    assert circle.speaker() is owner
    owner.write(f"De kant van de zaak, en mijn eigen kant ({number}).")


def form_a_picture(circle: Gathering, roles: dict[str, Person], number: int) -> None:
    """One open question each, in turn, and the owner's answer after each; a field to choose, and a level."""
    circle.phase("picture")
    owner = roles["owner"]
    asked: list[str] = []
    for turn in range(4):
        asker = circle.speaker()
        assert asker not in (owner, roles["facilitator"])
        if turn == 0:
            circle.one_speaks(ask_in_writing)
            assert circle.speaker() is owner
            if number == 1:
                circle.picture("picture-answer", roles)
            circle.one_speaks(lambda one: one.write(ANSWER))
            continue
        if turn == 1 and number == 1:
            circle.picture("picture", roles | {"participant": asker})
        asked += [circle.one_speaks(Person.say).name]
        assert circle.one_speaks(Person.say) is owner
    assert len(set(asked)) == 3


def ask_in_writing(asker: Person) -> None:
    asker.hook("give-text").fill(ASKED)
    asker.hook("field-question").check(force=True)
    asker.hook("give-text-level-existence").check(force=True)
    asker.press("give-submit")


def judge(circle: Gathering, roles: dict[str, Person], number: int) -> None:
    """The owner's judgement: no reaction of any kind is possible."""
    circle.phase("judgement")
    owner = roles["owner"]
    circle.nobody_gives(circle.others(owner))
    if number == 1:
        circle.picture("judgement", roles)
    assert circle.speaker() is owner
    owner.write(JUDGEMENT)


def gossip(circle: Gathering, roles: dict[str, Person], number: int) -> None:
    """With the back turned: the circle talks freely, advice included; the owner has a notepad."""
    circle.phase("gossip")
    owner, facilitator, participant, table = roles.values()
    circle.nobody_gives([owner])
    for one in circle.screens:
        assert one.hook(f"seat-{owner.seat}").get_attribute("data-position") == "back", one.name
        assert one.chairs("turned") == [owner.seat]
    owner.hook("notepad").fill(NOTES[number - 1])
    participant.press("floor-take")
    participant.floor()
    participant.press("another-hypothesis")
    if number == 1:
        circle.picture("gossip", roles)
    participant.write(THOUGHT)
    participant.floor(mine=False)
    participant.write(ADVICE, "-advice")
    for text in (THOUGHT, ADVICE):
        owner.waits_for(text)
    participant.press("floor-take")
    participant.press("floor-release")
    participant.hook("floor-take").wait_for()
    circle.nobody_gives([owner])
    circle.nobody_reads(NOTES[number - 1], [*circle.others(owner), table])
    facilitator.press("end-phase")


def decide(circle: Gathering, roles: dict[str, Person], number: int) -> None:
    circle.phase("decision")
    owner, facilitator, _, _ = roles.values()
    circle.nobody_gives(circle.others(owner))
    owner.write(DECISION)
    owner.waits_for(DECISION)
    owner.press("another-action")
    owner.write(ACTION)
    owner.waits_for(ACTION)
    if number == 1:
        circle.picture("decision", roles)
    facilitator.press("end-phase")


def feedback(circle: Gathering, roles: dict[str, Person], number: int) -> None:
    """One tip each: start, stop or continue."""
    circle.phase("feedback")
    facilitator = roles["facilitator"]
    speaker = circle.speaker()
    speaker.hook("give-text-form-start").check(force=True)
    speaker.hook("give-text").fill(TIP)
    if number == 1:
        circle.picture("feedback", roles | {"participant": speaker})
    given = [circle.one_speaks(lambda one: one.press("give-submit"))]
    given += [circle.one_speaks(Person.say) for _ in range(3)]
    assert len({one.name for one in given}) == 4
    assert roles["owner"] not in given
    assert facilitator not in given
    facilitator.press("end-phase")


def take_home(people: dict[str, Person]) -> None:
    """Both owners take home their own round, and nothing of the other's but what they said in it themselves."""
    first = people["Wietske"].saved()
    for text in (FIRST, ASKED, THOUGHT, ADVICE, JUDGEMENT, DECISION, ACTION, TIP, NOTES[0]):
        assert text in first, text
    for text in (SECOND, NOTES[1]):
        assert text not in first, text
    second = people["Noor"].saved()
    for text in (SECOND, ASKED, DECISION, TIP, NOTES[1]):
        assert text in second, text
    for text in (FIRST, NOTES[0]):
        assert text not in second, text
    other = people["Amal"].saved()
    for text in (FIRST, SECOND, DECISION, JUDGEMENT, *NOTES):
        assert text not in other, text
