"""A log is believed only as far as members made it: each way in which a server may lie about it is found out."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from kring.circle import Broken, begin, compare, knows, read
from kring.circle import entries as e
from kring.circle.state import DAY

from .people import NOW, RULES, START, Log, Person, boxes, circle_of, code_of, hashed, refusal, signed, verify

ANNA, BEA, CEES, DORA = (Person(name) for name in ("anna", "bea", "cees", "dora"))


def of_three() -> Log:
    return circle_of(ANNA, BEA, CEES)


def broken(log: list[e.Signed], **more: object) -> str:
    with pytest.raises(Broken) as raised:
        read(log, verify=verify, now=NOW, **more)  # type: ignore[arg-type]  # what is known
    assert str(raised.value) == raised.value.code
    return raised.value.code


def test_a_log_leads_everybody_to_the_same_circle() -> None:
    log = of_three()
    circle = read(log.signed, verify=verify, now=NOW)
    assert circle == log.circle
    assert circle.id == log.signed[0].hash
    assert [one.id for one in circle.members] == ["anna", "bea", "cees"]
    assert circle.epoch.number == 3  # each was let in from now on
    assert circle.settled
    assert circle.carer == "anna"
    assert circle.epochs_of("bea") == (2, 3)


def test_what_is_changed_left_out_moved_or_repeated_is_found_out() -> None:
    log = of_three().signed
    assert broken([*log[:2], *log[3:]]) == "out-of-order"
    assert broken([log[0], log[2], log[1], *log[3:]]) == "out-of-order"
    assert broken([*log, log[-1]]) == "out-of-order"
    assert broken(log[1:]) == "not-first"
    assert broken([]) == "not-first"
    changed = replace(log[3], body=log[3].body.replace(b'"at":17', b'"at":18'))
    assert changed.body != log[3].body
    assert broken([*log[:3], changed]) in {"signature", "time"}
    assert broken([*log[:3], replace(log[3], signature=log[4].signature)]) == "signature"


def test_another_circles_entry_is_found_out() -> None:
    other = circle_of(BEA, ANNA)
    log = of_three()
    assert code_of(log, other.signed[1]) == "other-circle"
    assert refusal(log, ANNA, e.Leave(), circle="") == "other-circle"


def test_a_log_that_is_cut_short_lacks_an_entry_that_one_knows_of() -> None:
    log = of_three()
    assert read(log.signed, verify=verify, now=NOW, known=[log.circle.head, log.circle.id]) == log.circle
    assert broken(log.signed[:-1], known=[log.circle.head]) == "entry-missing"
    assert not knows(log.circle, ["another"])


def test_two_histories_of_one_circle_are_told_apart() -> None:
    one, two = of_three(), of_three()
    shared = one.circle
    assert compare(shared, two.circle.head) == "same"
    one.add(BEA, e.Leave())
    two.add(CEES, e.Leave())
    assert compare(one.circle, shared.head) == "behind"
    assert compare(shared, one.circle.head, one.circle.hashes) == "ahead"
    assert compare(one.circle, two.circle.head) == "unknown"
    assert compare(one.circle, two.circle.head, two.circle.hashes) == "forked"


@pytest.mark.parametrize(
    "other",
    [{"n": 1}, {"prev": hashed("x")}, {"circle": hashed("x")}, {"gen": 2}, {"what": e.Leave()}],
    ids=lambda one: next(iter(one)),
)
def test_the_first_entry_founds_and_nothing_else(other: dict[str, object]) -> None:
    found = e.read(Log(ANNA).signed[0].body)
    with pytest.raises(Broken, match="not-first"):
        begin(signed(ANNA, replace(found, **other)), verify=verify, now=NOW)


def test_a_founder_signs_with_the_keys_that_they_bring_and_opens_an_epoch() -> None:
    found = e.read(Log(ANNA).signed[0].body)
    with pytest.raises(Broken, match="signature"):
        begin(signed(BEA, found), verify=verify, now=NOW)
    for odd in (boxes(None, opens=False), boxes(None, also=(1,))):
        with pytest.raises(Broken, match="boxes"):
            begin(signed(ANNA, replace(found, what=replace(found.what, boxes=odd))), verify=verify, now=NOW)


def test_nothing_founds_a_circle_that_is_there() -> None:
    log = Log(ANNA)
    assert refusal(log, ANNA, e.read(log.signed[0].body).what) == "not-first"


def test_times_never_run_backwards_nor_far_ahead() -> None:
    log = of_three()
    assert refusal(log, ANNA, e.Leave(), at=log.at - 1) == "time"
    assert refusal(log, ANNA, e.Leave(), at=NOW + DAY + 1) == "time"
    assert refusal(log, ANNA, e.Leave(), at=NOW + DAY) == "taken"
    with pytest.raises(Broken, match="time"):
        begin(log.signed[0], verify=verify, now=START - 2 * DAY)


def test_what_is_no_entry_or_says_more_than_is_known_is_refused() -> None:
    log = of_three()
    good = log.entry(ANNA, e.Leave())
    assert code_of(log, replace(good, body=b"{")) == "unreadable"
    for odd in (b'"\xff"', b'{"\xff":1}', b"[" * 10_000, good.body.replace(b'"anna"', b'"\\ud800"')):
        assert code_of(log, replace(good, body=odd)) == "unreadable"
    for name in (b"", b"an na", b"anna\\n", b"\xc3\xa5", b"a" * 65):
        assert code_of(log, replace(good, body=good.body.replace(b'"anna"', b'"' + name + b'"'))) == "unreadable"
    for number in (b"-1", b"9007199254740992", b"1.0", b'"1"'):
        assert code_of(log, replace(good, body=good.body.replace(b'"gen":1', b'"gen":' + number))) == "unreadable"
    more = json.loads(good.body) | {"more": 1}
    assert code_of(log, replace(good, body=json.dumps(more).encode())) == "unreadable"
    assert refusal(log, ANNA, e.Leave(), v=0) == "unreadable"
    assert refusal(log, ANNA, e.Leave(), v=2) == "too-new"
    assert code_of(log, replace(good, body=json.dumps(more | {"v": 2}).encode())) == "too-new"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":1,"v":1'),
        (b'"v":1', b'"v": 1'),
        (b'"v":1', b'"v":1.0'),
        (b'"gen":1', b'"gen":-0'),
        (b'"gen":1', b'"gen":9007199254740992'),
        (b'"by":"anna"', b'"by":"\\u0061nna"'),
        (b'"by":"anna"', '"by":"ánna"'.encode()),
        (b'"gen":1', b'"gen":true'),
        (b'"boxes":{', b'"boxes":{"also":[],'),
        (b"=", b"=="),
    ],
    ids=str,
)
def test_what_could_be_read_in_two_ways_is_not_read(old: bytes, new: bytes) -> None:
    log = of_three()
    good = log.entry(ANNA, e.NewKeys(DORA.keys, b"1")) if old == b"=" else log.entry(ANNA, e.Rekey(boxes(log.circle)))
    assert old in good.body
    assert code_of(log, replace(good, body=good.body.replace(old, new, 1))) == "unreadable"


def test_base64_with_stray_bits_and_keys_of_another_length_are_not_read() -> None:
    log = of_three()
    good = log.entry(ANNA, e.NewKeys(DORA.keys, b"A"))
    assert code_of(log, replace(good, body=good.body.replace(b'"QQ=="', b'"QR=="'))) == "unreadable"
    short = e.Keys(DORA.keys.sign[:31], DORA.keys.box)
    assert refusal(log, ANNA, e.NewKeys(short, b"A")) == "unreadable"


def test_the_order_of_names_is_free() -> None:
    log = of_three()
    said = json.loads(log.entry(ANNA, e.Leave()).body)
    body = json.dumps(dict(reversed(said.items())), separators=(",", ":")).encode()
    assert code_of(log, e.Signed(body, ANNA.sign(e.to_sign(body)))) == "taken"


def test_only_members_write_and_with_the_keys_of_today() -> None:
    log = of_three()
    assert refusal(log, DORA, e.Leave()) == "not-a-member"
    assert refusal(log, Person("anna", 2), e.Leave()) == "signature"
    assert refusal(log, Person("anna", lost=1), e.Leave()) == "signature"
    forged = e.read(log.entry(ANNA, e.Leave()).body)
    assert code_of(log, signed(BEA, forged)) == "signature"


def test_a_circle_that_is_closed_says_no_more() -> None:
    log = Log(ANNA)
    log.add(ANNA, e.Leave())
    assert log.circle.closed
    assert not log.circle.settled
    assert refusal(log, ANNA, e.Leave()) == "closed"


def test_a_new_circle_may_go_on_from_the_history_that_was_chosen() -> None:
    found = e.read(Log(ANNA).signed[0].body)
    again = replace(found, what=replace(found.what, after=hashed("the head of the other")))
    circle = begin(signed(ANNA, again), verify=verify, now=NOW)
    assert circle.id != Log(ANNA).circle.id
    assert circle.rules == RULES


def test_boxes_are_those_that_were_signed_for_exactly_the_members() -> None:
    from kring.circle import check_boxes  # noqa: PLC0415 - beside what it is about

    log = circle_of(ANNA, BEA)
    number = log.circle.epoch.number + 1
    sent = [e.Box(number, one.id, 1, one.id.encode()) for one in (ANNA, BEA)]
    log.add(ANNA, e.Rekey(boxes(log.circle, hash_=e.boxes_hash(sent))))
    entry = e.read(log.signed[-1].body)
    check_boxes(log.circle, entry, reversed(sent))
    for wrong in (sent[:1], [*sent, sent[0]], [sent[0], replace(sent[1], sealed=b"other")]):
        with pytest.raises(Broken, match="boxes"):
            check_boxes(log.circle, entry, wrong)
    with pytest.raises(Broken, match="boxes"):
        check_boxes(log.circle, e.read(log.signed[1].body), [])
    # Signed, and yet for others than the members.
    stray = [sent[0], replace(sent[1], member="dora")]
    log.add(ANNA, e.Rekey(boxes(log.circle, hash_=e.boxes_hash(stray))))
    with pytest.raises(Broken, match="boxes"):
        check_boxes(log.circle, e.read(log.signed[-1].body), stray)


def test_a_key_of_an_epoch_and_a_place_in_a_list_pass_for_nothing_else() -> None:
    assert e.epoch_hash("c", 1, b"key") != e.epoch_hash("c", 2, b"key")
    assert e.epoch_hash("c", 1, b"key") != e.epoch_hash("d", 1, b"key")
    one, two = e.Box(1, "ab", 1, b"c"), e.Box(1, "a", 1, b"bc")
    assert e.boxes_hash([one]) != e.boxes_hash([two])


def test_rules_are_named_by_a_hash_that_tells_nobody_which_they_are() -> None:
    r"""``printf 'kring/2 rules\n\0\0\0\4salt\0\0\0\5rules' | sha256sum`` says the same."""
    assert e.rules_hash(b"salt", "rules") == "eb47ec38ee3332b4093907999bcc0b05526d9ee62d7ea38db24e3d3fbd906c68"
    assert len({e.rules_hash(b"salt", "rules"), e.rules_hash(b"sal", "trules"), e.rules_hash(b"other", "rules")}) == 3
