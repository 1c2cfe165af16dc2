"""New keys, everything lost, leaving, house rules and the care of a circle."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kring.circle import Broken, check_boxes
from kring.circle import entries as e
from kring.circle.acts import CLAIMED, NOTICE, rules_subject
from kring.circle.state import DAY, OBJECTION

from .people import RULES, Log, Person, boxes, circle_of, hashed, refusal, settled

ANNA, BEA, CEES, DORA = (Person(name) for name in ("anna", "bea", "cees", "dora"))
OTHER = hashed("other")
BEA2 = Person("bea", 2, lost=1)
BEA3 = Person("bea", 3, lost=1)


def proof(log: Log, who: Person) -> bytes:
    return who.sign(e.keys_proof(log.circle.id, who.id, who.gen, who.keys))


def new_keys(log: Log, who: Person) -> e.NewKeys:
    return e.NewKeys(who.keys, proof(log, who))


def readmitting(log: Log, who: Person) -> e.Readmit:
    also = log.circle.epochs_of(who.id)
    return e.Readmit(who.id, who.keys, proof(log, who), boxes(log.circle, also=also))


def of_three() -> Log:
    return circle_of(ANNA, BEA, CEES)


def readmitted() -> tuple[Log, str]:
    log = of_three()
    return log, log.add(ANNA, readmitting(log, BEA2)).hash


def test_with_new_keys_nothing_is_sealed_until_there_is_a_new_epoch() -> None:
    log = of_three()
    log.add(BEA, new_keys(log, BEA2))
    assert not settled(log)
    assert refusal(log, BEA, e.Leave()) == "signature"
    log.add(CEES, e.Rekey(boxes(log.circle)))
    assert settled(log)
    assert log.circle.epoch.recipients == (("anna", 1), ("bea", 2), ("cees", 1))


def test_new_keys_sign_themselves_and_are_nobody_elses() -> None:
    log = of_three()
    assert refusal(log, BEA, e.NewKeys(BEA2.keys, proof(log, BEA))) == "signature"
    assert refusal(log, BEA, e.NewKeys(ANNA.keys, proof(log, ANNA))) == "keys-used"
    assert refusal(log, BEA, e.NewKeys(e.Keys(BEA2.keys.sign, ANNA.keys.box), b"")) == "keys-used"


@pytest.mark.parametrize("odd", [{"opens": False}, {"also": (1,)}], ids=str)
def test_a_rekey_opens_an_epoch_and_nothing_else(odd: dict[str, bool]) -> None:
    log = of_three()
    assert refusal(log, BEA, e.Rekey(boxes(log.circle, **odd))) == "boxes"  # type: ignore[arg-type]  # of two kinds


def test_whoever_lost_everything_is_readmitted_with_what_they_had() -> None:
    log, _ = readmitted()
    assert log.circle.epochs_of("bea") == (2, 3, 4)
    assert log.circle.epochs_of("cees") == (3, 4)
    assert settled(log)
    assert all(dict(one.recipients).get("bea") in {None, 2} for one in log.circle.epochs)
    entry = e.read(log.signed[-1].body)
    sent = [e.Box(4, "anna", 1, b"4"), e.Box(4, "bea", 2, b"4"), e.Box(4, "cees", 1, b"4")]
    sent += [e.Box(number, "bea", 2, b"late") for number in (2, 3)]
    what = entry.what
    assert isinstance(what, e.Readmit)
    signed = replace(entry, what=replace(what, boxes=replace(what.boxes, hash=e.boxes_hash(sent))))
    check_boxes(log.circle, signed, sent)
    with pytest.raises(Broken, match="boxes"):
        check_boxes(log.circle, signed, sent[:3])


def test_a_fellow_vouches_for_somebody_else_and_for_all_that_they_had() -> None:
    log = of_three()
    again = readmitting(log, BEA2)
    assert refusal(log, BEA, again) == "not-theirs"
    assert refusal(log, ANNA, replace(again, member="dora")) == "not-a-member"
    assert refusal(log, ANNA, replace(again, proof=proof(log, BEA))) == "signature"
    assert refusal(log, ANNA, replace(again, boxes=boxes(log.circle, also=(3,)))) == "boxes"
    assert refusal(log, ANNA, replace(again, boxes=boxes(log.circle, opens=False, also=(2, 3)))) == "boxes"


def test_for_a_week_the_readmitted_decide_nothing() -> None:
    log, _ = readmitted()
    join = log.join(DORA, BEA2).hash
    assert refusal(log, BEA2, log.admitting(join, DORA)) == "consents-missing"
    assert refusal(log, BEA2, e.Leave()) == "too-early"
    assert refusal(log, BEA2, new_keys(log, BEA3)) == "too-early"
    assert refusal(log, BEA2, e.ClaimCare()) == "not-theirs"
    remove = e.Remove("cees", (BEA2.consent(log.circle, "remove", "cees", key=CEES.keys.sign),), boxes(log.circle))
    assert refusal(log, ANNA, remove) == "consent-other"
    assert refusal(log, BEA2, readmitting(log, Person("cees", 2))) == "not-theirs"
    assert refusal(log, ANNA, readmitting(log, BEA3)) == "not-theirs"
    log.at += OBJECTION
    assert refusal(log, BEA2, log.admitting(join, DORA)) == "taken"
    assert refusal(log, BEA2, new_keys(log, BEA3)) == "taken"
    assert refusal(log, ANNA, readmitting(log, BEA3)) == "taken"


def test_the_old_keys_object_and_hold_again() -> None:
    log, entry = readmitted()
    assert refusal(log, BEA, e.Object(OTHER)) == "not-theirs"
    assert refusal(log, BEA2, e.Object(entry)) == "not-theirs"
    assert refusal(log, CEES, e.Object(entry)) == "not-theirs"
    assert refusal(log, BEA, e.Object(entry), at=log.at + OBJECTION) == "too-late"
    log.add(BEA, e.Object(entry))
    back = Person("bea")
    back.gen = 3
    member = log.circle.member("bea")
    assert member is not None
    assert (member.keys, member.gen, member.trial) == (BEA.keys, 3, None)
    assert not settled(log)
    assert refusal(log, BEA2, e.Rekey(boxes(log.circle))) == "signature"
    log.add(back, e.Rekey(boxes(log.circle)))
    assert settled(log)


def test_the_keys_that_may_object_are_nobody_elses() -> None:
    log, _ = readmitted()
    stolen = e.Keys(BEA.keys.sign, DORA.keys.box)
    assert refusal(log, CEES, e.NewKeys(stolen, b"")) == "keys-used"


def test_whoever_leaves_is_out_when_the_others_have_a_new_epoch() -> None:
    log = of_three()
    log.add(ANNA, e.Leave())
    assert not settled(log)
    assert log.circle.carer == "bea"
    log.add(CEES, e.Rekey(boxes(log.circle)))
    assert settled(log)
    log.add(CEES, e.Leave())
    assert log.circle.carer == "bea"
    log.add(BEA, e.Leave())
    assert log.circle.closed


def test_rules_change_by_consent_of_all() -> None:
    log = of_three()
    agreed = e.Agreed("all", "all")
    said = rules_subject(OTHER, agreed)
    given = [one.consent(log.circle, "rules", said) for one in (BEA, CEES)]
    assert refusal(log, ANNA, e.NewRules(OTHER, agreed, tuple(given[:1]))) == "consents-missing"
    assert refusal(log, ANNA, e.NewRules(OTHER, e.Agreed(), tuple(given))) == "consent-other"
    log.add(ANNA, e.NewRules(OTHER, agreed, tuple(given)), days=0)
    assert (log.circle.rules, log.circle.agreed) == (OTHER, agreed)
    assert {one.rules for one in log.circle.members} == {OTHER}


def test_nothing_that_needs_all_is_decided_while_somebody_may_object() -> None:
    log, _ = readmitted()
    given = (CEES.consent(log.circle, "close", ""),)
    assert refusal(log, ANNA, e.Close(given)) == "consents-missing"


def test_rules_are_accepted_in_person() -> None:
    log = of_three()
    assert refusal(log, BEA, e.RulesAccepted(OTHER)) == "rules"
    log.add(BEA, e.RulesAccepted(RULES))
    assert log.circle.member("bea") is not None


def test_a_circle_is_closed_by_consent_of_all() -> None:
    log = circle_of(ANNA, BEA)
    assert refusal(log, ANNA, e.Close(())) == "consents-missing"
    log.add(ANNA, e.Close((BEA.consent(log.circle, "close", ""),)), days=0)
    assert log.circle.closed


def test_the_care_is_handed_on_by_who_has_it() -> None:
    log = of_three()
    assert refusal(log, BEA, e.HandCare("bea")) == "not-theirs"
    assert refusal(log, ANNA, e.HandCare("dora")) == "not-a-member"
    log.add(ANNA, e.HandCare("bea"))
    assert log.circle.carer == "bea"


def test_any_member_takes_the_care_over_two_weeks_after_saying_so() -> None:
    log = of_three()
    assert refusal(log, ANNA, e.ClaimCare()) == "not-theirs"
    log.add(BEA, e.ClaimCare())
    assert log.circle.carer == "anna"
    assert refusal(log, CEES, e.ClaimCare()) == "not-theirs"
    assert refusal(log, BEA, e.ClaimCare(), at=log.at + NOTICE - 1) == "too-early"
    log.add(BEA, e.ClaimCare(), days=NOTICE / DAY)
    assert (log.circle.carer, log.circle.claim) == ("bea", None)


def test_a_claim_ends_when_the_care_is_handed_on_or_its_maker_leaves() -> None:
    log = of_three()
    log.add(BEA, e.ClaimCare())
    log.add(ANNA, e.HandCare("cees"))
    assert log.circle.claim is None
    log.add(BEA, e.ClaimCare())
    log.add(BEA, e.Leave())
    assert log.circle.claim is None
    log.add(ANNA, e.ClaimCare())
    assert log.circle.claim == ("anna", log.at)


def test_a_claim_that_is_not_completed_within_a_month_holds_up_nobody() -> None:
    log = of_three()
    log.add(BEA, e.ClaimCare())
    until = log.at + CLAIMED
    assert refusal(log, CEES, e.ClaimCare(), at=until) == "not-theirs"
    assert refusal(log, BEA, e.ClaimCare(), at=until) == "taken"
    log.add(CEES, e.ClaimCare(), days=CLAIMED / DAY + 1)
    assert (log.circle.carer, log.circle.claim) == ("anna", ("cees", log.at))
    assert refusal(log, BEA, e.ClaimCare(), at=log.at + NOTICE) == "not-theirs"
    log.add(CEES, e.ClaimCare(), days=NOTICE / DAY)
    assert log.circle.carer == "cees"


def test_whoever_claims_again_after_a_month_gives_notice_again() -> None:
    log = of_three()
    log.add(BEA, e.ClaimCare())
    log.add(BEA, e.ClaimCare(), days=CLAIMED / DAY + 1)
    assert (log.circle.carer, log.circle.claim) == ("anna", ("bea", log.at))


def test_whoever_has_the_care_claims_it_no_more() -> None:
    log = of_three()
    log.add(BEA, e.ClaimCare())
    log.add(ANNA, e.Leave())
    assert (log.circle.carer, log.circle.claim) == ("bea", None)
    log.add(CEES, e.ClaimCare())


def test_a_carer_on_trial_hands_nothing_on() -> None:
    log = of_three()
    again = Person("anna", 2, lost=1)
    log.add(BEA, readmitting(log, again))
    assert refusal(log, again, e.HandCare("cees")) == "not-theirs"
