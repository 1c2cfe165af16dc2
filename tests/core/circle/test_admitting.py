"""Inviting, asking, letting in and removing: who may, with whose consent, and what a newcomer may read."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kring.circle import Broken, check_boxes
from kring.circle import entries as e
from kring.circle.consents import GOOD_FOR, Kind, needed, needed_to_remove
from kring.circle.state import DAY

from .people import RULES, Log, Person, boxes, circle_of, hashed, refusal

ANNA, BEA, CEES, DORA, EMIL = (Person(name) for name in ("anna", "bea", "cees", "dora", "emil"))
SEED = Person("a seed")


def waiting(*people: Person, agreed: e.Agreed | None = None) -> tuple[Log, str]:
    """A circle of these, at which Dora has asked to join."""
    log = circle_of(*people, agreed=agreed)
    return log, log.join(DORA, ANNA).hash


def test_an_invitation_is_for_one_person_and_ends() -> None:
    log = circle_of(ANNA, BEA)
    invite = log.invite(ANNA, SEED).hash
    assert refusal(log, DORA, log.asking(DORA, invite, SEED), at=log.at + 6 * DAY) == "too-late"
    log.add(DORA, log.asking(DORA, invite, SEED))
    assert refusal(log, EMIL, log.asking(EMIL, invite, SEED)) == "no-invitation"
    for until in (log.at, log.at + 31 * DAY):
        assert refusal(log, ANNA, e.Invite(Person("other seed").keys.sign, until)) == "too-late"


def test_of_several_who_are_invited_and_ask_each_is_their_own() -> None:
    log = circle_of(ANNA, BEA)
    first, second = log.invite(ANNA, SEED).hash, log.invite(BEA, EMIL).hash
    log.add(CEES, log.asking(CEES, second, EMIL))
    join = log.add(DORA, log.asking(DORA, first, SEED)).hash
    log.add(BEA, log.admitting(join, DORA))
    assert [one.id for one in log.circle.members] == ["anna", "bea", "dora"]
    assert [one.id for one in log.circle.applicants] == ["cees"]


def test_no_seed_is_used_twice() -> None:
    log = circle_of(ANNA, BEA)
    log.invite(ANNA, SEED)
    assert refusal(log, BEA, e.Invite(SEED.keys.sign, log.at + DAY)) == "keys-used"


def test_an_invitation_is_taken_back_and_so_is_somebodys_asking() -> None:
    log = circle_of(ANNA, BEA)
    invite = log.invite(ANNA, SEED).hash
    log.add(BEA, e.Uninvite(invite))
    assert refusal(log, DORA, log.asking(DORA, invite, SEED)) == "no-invitation"
    assert refusal(log, BEA, e.Uninvite(invite)) == "no-invitation"
    join = log.join(DORA, ANNA).hash
    log.add(BEA, e.Uninvite(join))
    assert log.circle.applicants == ()
    assert refusal(log, ANNA, log.admitting(join, DORA)) == "no-applicant"


def test_without_the_link_nobody_puts_in_other_keys() -> None:
    log = circle_of(ANNA, BEA)
    invite = log.invite(ANNA, SEED).hash
    asking = log.asking(DORA, invite, SEED)
    assert refusal(log, DORA, replace(asking, proof=EMIL.sign(e.join_proof(invite, DORA.keys)))) == "signature"
    assert refusal(log, EMIL, replace(asking, keys=EMIL.keys)) == "signature"
    assert refusal(log, EMIL, asking) == "signature"  # the keys are good, but not the asker's


def test_who_asks_has_an_id_and_keys_of_their_own_and_accepts_the_rules() -> None:
    log = circle_of(ANNA, BEA)
    invite = log.invite(ANNA, SEED).hash
    assert refusal(log, BEA, log.asking(DORA, invite, SEED)) == "id-used"
    assert refusal(log, DORA, log.asking(DORA, invite, SEED), gen=2) == "id-used"
    stolen = Person("bea")
    stolen.id = "another"
    assert refusal(log, stolen, log.asking(stolen, invite, SEED)) == "keys-used"
    assert refusal(log, DORA, log.asking(DORA, invite, SEED, rules=hashed("others"))) == "rules"
    log.add(BEA, e.Leave())
    assert refusal(log, BEA, log.asking(BEA, invite, SEED)) == "id-used"


def test_from_now_on_a_newcomer_has_the_new_epoch_alone() -> None:
    log, join = waiting(ANNA, BEA)
    log.add(BEA, log.admitting(join, DORA))
    assert log.circle.epochs_of("dora") == (3,)
    assert log.circle.settled


def test_also_before_a_newcomer_gets_the_epochs_that_were_agreed() -> None:
    log, join = waiting(ANNA, BEA)
    log.add(BEA, log.admitting(join, DORA, also=(1, 2)))
    assert log.circle.epochs_of("dora") == (1, 2)
    assert log.circle.epoch.number == 2
    assert log.circle.settled
    entry = e.read(log.signed[-1].body)
    sent = [e.Box(number, "dora", 1, b"sealed") for number in (1, 2)]
    with pytest.raises(Broken, match="boxes"):
        check_boxes(log.circle, entry, sent)  # they are not what was signed
    signed = replace(
        entry, what=replace(entry.what, boxes=boxes(None, opens=False, also=(1, 2), hash_=e.boxes_hash(sent)))
    )
    check_boxes(log.circle, signed, sent)
    with pytest.raises(Broken, match="boxes"):
        check_boxes(log.circle, signed, sent[:1])


def test_no_newcomer_is_left_without_the_epoch_under_way() -> None:
    log, join = waiting(ANNA, BEA)
    admit = log.admitting(join, DORA)
    for odd in (
        boxes(log.circle, opens=False),
        boxes(log.circle, opens=False, also=(1,)),
        boxes(log.circle, also=(2,)),
    ):
        assert refusal(log, ANNA, replace(admit, boxes=odd)) == "boxes"
    twice, unknown = boxes(log.circle, opens=False, also=(2, 2)), boxes(log.circle, also=(9,))
    assert refusal(log, ANNA, replace(admit, boxes=twice)) == "boxes"
    assert refusal(log, ANNA, replace(admit, boxes=unknown)) == "boxes"
    used = e.Boxes("0" * 64, log.circle.epoch.key)
    assert refusal(log, ANNA, replace(admit, boxes=used)) == "boxes"


@pytest.mark.parametrize(
    ("quorum", "others", "outcome"),
    [
        ("one", 0, "taken"),
        ("majority", 0, "consents-missing"),
        ("majority", 1, "taken"),
        ("all", 1, "consents-missing"),
        ("all", 2, "taken"),
    ],
)
def test_it_takes_the_consents_that_the_circle_asks_for(quorum: e.Quorum, others: int, outcome: str) -> None:
    log, join = waiting(ANNA, BEA, CEES, agreed=e.Agreed(admit="one"))
    log.circle = replace(log.circle, agreed=e.Agreed(admit=quorum))
    assert refusal(log, ANNA, log.admitting(join, DORA, *[BEA, CEES][:others])) == outcome


def test_rules_that_changed_meanwhile_are_asked_anew() -> None:
    log, join = waiting(ANNA)
    log.add(ANNA, e.NewRules(hashed("other rules"), e.Agreed(), ()))
    assert refusal(log, ANNA, log.admitting(join, DORA)) == "rules"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"until": 0}, "consent-old"),
        ({"until": 1 << 50}, "consent-old"),
        ({"gen": 2}, "consent-other"),
        ({"by": "emil"}, "consent-other"),
        ({"circle": hashed("another")}, "consent-other"),
        ({"rules": hashed("others")}, "consent-other"),
        ({"key": EMIL.keys.sign}, "consent-other"),
        ({"epochs": (1,)}, "consent-other"),
        ({"by": "cees"}, "consent-broken"),
    ],
    ids=lambda one: str(one)[:20],
)  # fmt: skip
def test_a_consent_is_to_one_thing_by_one_member_for_a_while(other: dict[str, object], code: str) -> None:
    log, join = waiting(ANNA, BEA, CEES)
    log.circle = replace(log.circle, agreed=e.Agreed(admit="majority"))
    given = BEA.consent(log.circle, "admit", join, **({"key": DORA.keys.sign} | other))
    assert refusal(log, ANNA, replace(log.admitting(join, DORA), consents=(given,))) == code


def test_consents_to_something_else_or_by_the_same_again_do_not_count() -> None:
    log, join = waiting(ANNA, BEA, CEES)
    log.circle = replace(log.circle, agreed=e.Agreed(admit="all"))
    key = DORA.keys.sign
    kind: Kind = "remove"
    other = BEA.consent(log.circle, kind, join, key=key)
    bea, anna = BEA.consent(log.circle, "admit", join, key=key), ANNA.consent(log.circle, "admit", join, key=key)
    again = BEA.consent(log.circle, "admit", join, key=key, until=log.circle.at + 2 * DAY)
    admit = log.admitting(join, DORA)
    assert refusal(log, ANNA, replace(admit, consents=(other,))) == "consent-other"
    assert refusal(log, ANNA, replace(admit, consents=(bea, bea))) == "consent-twice"
    assert refusal(log, ANNA, replace(admit, consents=(bea, again))) == "consent-twice"
    assert refusal(log, ANNA, replace(admit, consents=(anna,))) == "consent-twice"
    assert refusal(log, ANNA, replace(admit, consents=(e.Consent(b"{}", b""),))) == "consent-broken"


def test_a_consent_is_good_for_fourteen_days() -> None:
    log, join = waiting(ANNA, BEA)
    log.circle = replace(log.circle, agreed=e.Agreed(admit="all"))
    given = BEA.consent(log.circle, "admit", join, key=DORA.keys.sign, until=log.at + GOOD_FOR)
    admit = replace(log.admitting(join, DORA), consents=(given,))
    assert refusal(log, ANNA, admit) == "taken"
    assert refusal(log, ANNA, admit, at=log.at + GOOD_FOR) == "taken"
    assert refusal(log, ANNA, admit, at=log.at + GOOD_FOR + 1) == "consent-old"


def removing(log: Log, who: Person, *others: Person) -> e.Remove:
    given = tuple(one.consent(log.circle, "remove", who.id, key=who.keys.sign) for one in others)
    return e.Remove(who.id, given, boxes(log.circle))


def test_nobody_is_removed_by_one_alone() -> None:
    log = circle_of(ANNA, BEA, CEES)
    assert refusal(log, ANNA, removing(log, CEES)) == "consents-missing"
    assert refusal(log, ANNA, removing(log, CEES, CEES)) == "consent-other"
    assert refusal(log, CEES, removing(log, CEES, ANNA, BEA)) == "not-theirs"
    two = circle_of(ANNA, BEA)
    assert refusal(two, ANNA, removing(two, BEA)) == "consents-missing"
    log.add(ANNA, removing(log, CEES, BEA), days=0)
    assert [one.id for one in log.circle.members] == ["anna", "bea"]
    assert log.circle.epochs_of("cees") == (3,)  # and not the one that was opened
    assert log.circle.settled
    assert refusal(log, CEES, e.Leave()) == "not-a-member"


def test_a_consent_counts_once() -> None:
    log = circle_of(ANNA, BEA, CEES)
    remove = removing(log, CEES, BEA)
    log.add(ANNA, remove, days=0)
    log.circle = replace(log.circle, members=circle_of(ANNA, BEA, CEES).circle.members)
    assert refusal(log, ANNA, replace(remove, boxes=boxes(log.circle))) == "consent-twice"


def test_removing_opens_an_epoch_and_nothing_else() -> None:
    log = circle_of(ANNA, BEA, CEES)
    remove = removing(log, CEES, BEA)
    assert refusal(log, ANNA, replace(remove, boxes=boxes(log.circle, opens=False))) == "boxes"
    assert refusal(log, ANNA, replace(remove, boxes=boxes(log.circle, also=(1,)))) == "boxes"
    assert refusal(log, ANNA, replace(remove, member="emil")) == "not-a-member"


def test_how_many_it_takes() -> None:
    assert [needed("one", n) for n in (1, 4)] == [1, 1]
    assert [needed("majority", n) for n in (1, 2, 3, 4)] == [1, 2, 2, 3]
    assert [needed("all", n) for n in (1, 4)] == [1, 4]
    assert [needed_to_remove("one", n) for n in (1, 4)] == [2, 2]
    assert [needed_to_remove("majority", n) for n in (2, 5)] == [2, 3]


def test_the_rules_of_a_newcomer_are_those_that_they_accepted() -> None:
    log, join = waiting(ANNA, BEA)
    log.add(ANNA, log.admitting(join, DORA))
    member = log.circle.member("dora")
    assert member is not None
    assert member.rules == RULES
