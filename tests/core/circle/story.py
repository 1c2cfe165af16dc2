"""The story that the vectors tell: a circle over some years, with every kind of entry, and what it would not have believed."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from msgspec.structs import replace

from kring.circle import consents
from kring.circle import entries as e
from kring.circle.acts import CLAIMED, INVITED, NOTICE, rules_subject
from kring.circle.state import DAY, OBJECTION

from .people import NOW, RULES, START, Person
from .points import SMALL_TO_SEAL, SMALL_TO_SIGN
from .vectors import Story, epoch_key, sealed

ANNA, BEA, CEES, DORA, EMIL, FINN = (Person(name) for name in ("anna", "bea", "cees", "dora", "emil", "finn"))
BEA2, CEES2, DORA2 = Person("bea", 2), Person("cees", 2, lost=1), Person("dora", 2, lost=1)
CEES3 = Person("cees")  # the old keys again
CEES3.gen = 3
PRIME = 2**255 - 19
NO_SIGNING_KEYS = [
    number.to_bytes(32, "little") for y in (*sorted(SMALL_TO_SIGN), PRIME, PRIME + 1) for number in (y, y | 2**255)
]
NO_SEALING_KEYS = [u.to_bytes(32, "little") for u in (*sorted(SMALL_TO_SEAL), PRIME, PRIME + 1, 2**255 + 9)]
SEEDS = [Person(f"seed {number}") for number in range(9)]
OTHER_RULES = "0" * 64
ZERO, ONE, ANOTHER = "0" * 64, "1" * 64, "a" * 64
"""Hashes of nothing that there is."""


def told() -> Story:
    """The whole of it."""
    story = Story(ANNA)
    for chapter in (_beginning, _bea, _cees, _dora, _rules, _keys, _lost, _care, _removed, _to_and_fro, _end):
        chapter(story)
    _not_a_log(story)
    return story


def _asked(story: Story, who: Person, by: Person, seed: Person, rules: str = RULES) -> str:
    invite = story.write(by, e.Invite(seed.keys.sign, story.at + 5 * DAY))
    return story.write(who, story.asking(who, invite, seed, rules))


def _given(story: Story, join: str, who: Person, *others: Person, **more: Any) -> tuple[e.Consent, ...]:
    said = {"key": who.keys.sign, "until": story.at + 3 * DAY} | more
    return tuple(one.consent(story.circle, "admit", join, **said) for one in others)


def _newer(who: Person, story: Story) -> e.NewKeys:
    return e.NewKeys(who.keys, who.sign(e.keys_proof(story.circle.id, who.id, who.gen, who.keys)))


def _beginning(story: Story) -> None:
    found = e.read(story.signed[0].body)
    for why, other in (
        ("a first entry that is not the first", {"n": 1}), ("a first entry with one before it", {"prev": ANOTHER}),
        ("a first entry of a circle that is there", {"circle": ANOTHER}), ("a founder of a second generation", {"gen": 2}),
        ("a first entry that founds nothing", {"what": e.Leave()}),
    ):  # fmt: skip
        story.refuse_all(why, _signed(ANNA, replace(found, **other)), after=0)
    story.refuse_all("somebody else signs the founding", _signed(BEA, found), after=0)
    for why, odd in (("a founding without an epoch", e.Boxes(ZERO)), ("earlier epochs", e.Boxes(ZERO, ONE, (1,)))):
        story.refuse_all(why, _signed(ANNA, replace(found, what=replace(found.what, boxes=odd))), after=0)
    story.refuse_all("a clock that is far behind", story.signed[0], after=0, now=START - DAY - 1)
    story.refuse("a second founding", ANNA, found.what)
    story.refuse_boxes("a box for somebody else", [sealed(1, BEA)])
    story.refuse_boxes("no box", [])


def _bea(story: Story) -> None:
    for why, until in (("an invitation that has ended", story.at), ("one for too long", story.at + INVITED + 1)):
        story.refuse(why, ANNA, e.Invite(SEEDS[0].keys.sign, until))
    invite = story.write(ANNA, e.Invite(SEEDS[0].keys.sign, story.at + INVITED))
    asking = story.asking(BEA, invite, SEEDS[0])
    story.refuse("an invitation with the same seed", ANNA, e.Invite(SEEDS[0].keys.sign, story.at + DAY))
    story.refuse("asking too late", BEA, asking, at=story.at + INVITED)
    story.refuse("asking by no invitation", BEA, replace(asking, invite=ANOTHER))
    story.refuse("keys that the link didn't sign", BEA, replace(asking, proof=SEEDS[1].sign(b"keys")))
    story.refuse("a proof that is no signature", BEA, replace(asking, proof=b"short"))
    story.refuse("asking under other rules", BEA, story.asking(BEA, invite, SEEDS[0], OTHER_RULES))
    story.refuse("asking as a second generation", BEA, asking, gen=2)
    story.refuse("asking with the id of a member", ANNA, asking)
    stolen = Person("anna")
    stolen.id = "bea"
    story.refuse("asking with the keys of a member", stolen, story.asking(stolen, invite, SEEDS[0]))
    join = story.write(BEA, asking)
    story.refuse("an invitation that is used up", CEES, story.asking(CEES, invite, SEEDS[0]))
    story.refuse("who asked is not yet in", BEA, e.Leave())
    sent = story.boxes(ANNA, BEA)
    admit = e.Admit(join, (), story.said(sent))
    story.refuse("letting in nobody who asked", ANNA, replace(admit, join=ANOTHER))
    for why, odd in (
        ("letting in without any key", e.Boxes(ZERO)), ("an epoch that there isn't", e.Boxes(ZERO, ONE, (9,))),
        ("the epoch under way, and a new one", e.Boxes(ZERO, ONE, (1,))), ("twice", e.Boxes(ZERO, "", (1, 1))),
        ("a key that was there before", e.Boxes(ZERO, story.circle.epoch.key)),
    ):  # fmt: skip
        story.refuse(f"boxes: {why}", ANNA, replace(admit, boxes=odd))
    story.write(ANNA, admit, sent=sent)
    story.refuse_boxes("one too few", sent[:1])
    story.refuse_boxes("one twice", [*sent, sent[0]])
    story.refuse_boxes("another content", [sent[0], replace(sent[1], sealed=b"other")])


def _cees(story: Story) -> None:
    invite = story.write(BEA, e.Invite(SEEDS[1].keys.sign, story.at + 2 * DAY))
    story.refuse_boxes("an entry that brings none", [])
    story.write(ANNA, e.Uninvite(invite))
    story.refuse("taking back what was taken back", ANNA, e.Uninvite(invite))
    join = _asked(story, CEES, ANNA, SEEDS[2])
    sent = story.boxes(also=(1, 2), late=CEES)
    story.write(BEA, e.Admit(join, (), story.said(sent)), sent=sent)
    story.refuse_boxes("an earlier epoch that is kept back", sent[1:])


def _dora(story: Story) -> None:
    join = _asked(story, DORA, BEA, SEEDS[3])
    sent = story.boxes(ANNA, BEA, CEES, DORA, also=(1,), late=DORA)
    story.write(CEES, e.Admit(join, (), story.said(sent)), sent=sent)
    story.write(BEA, e.RulesAccepted(RULES))
    story.refuse("accepting rules that aren't those of today", BEA, e.RulesAccepted(OTHER_RULES))


def _rules(story: Story) -> None:
    agreed = e.Agreed("majority", "majority")
    subject = rules_subject(OTHER_RULES, agreed)
    join = _asked(story, EMIL, ANNA, SEEDS[4])
    given = tuple(one.consent(story.circle, "rules", subject, until=story.at + 9 * DAY) for one in (BEA, CEES, DORA))
    story.refuse("other rules with one consent too few", ANNA, e.NewRules(OTHER_RULES, agreed, given[:2]))
    story.refuse("consents to another agreement", ANNA, e.NewRules(OTHER_RULES, e.Agreed(), given))
    story.write(ANNA, e.NewRules(OTHER_RULES, agreed, given))
    story.refuse("asked under other rules than today's", ANNA, e.Admit(join, (), e.Boxes(ZERO, ONE)))
    story.write(ANNA, e.Uninvite(join))
    join = _asked(story, EMIL, ANNA, SEEDS[5], OTHER_RULES)
    _consents(story, join)
    sent = story.boxes(ANNA, BEA, CEES, DORA, EMIL)
    given = _given(story, join, EMIL, BEA, CEES)
    story.write(ANNA, e.Admit(join, given, story.said(sent)), sent=sent)


def _consents(story: Story, join: str) -> None:
    boxes = e.Boxes(ZERO, ONE)

    def refuse(why: str, *given: e.Consent, **other: Any) -> None:
        story.refuse(f"consents: {why}", ANNA, e.Admit(join, given, boxes), **other)

    (bea,), (cees,) = _given(story, join, EMIL, BEA), _given(story, join, EMIL, CEES)
    refuse("one too few", bea)
    refuse("the same twice", bea, bea)
    refuse("one's own", *_given(story, join, EMIL, ANNA))
    refuse("no JSON", e.Consent(b"{", b""))
    refuse("another spelling", _signed_consent(BEA, bea.body.replace(b'"gen":1', b'"gen":1,"gen":1')))
    refuse("a field more", _signed_consent(BEA, bea.body.replace(b'"gen":1', b'"gen":1,"more":1')))
    refuse("somebody else's signature", replace(bea, signature=cees.signature))
    refuse("too late", bea, cees, at=story.at + 3 * DAY + 1)
    refuse("for too long", *_given(story, join, EMIL, BEA, until=story.at + consents.GOOD_FOR + 1))
    for why, other in (
        ("in another circle", {"circle": ANOTHER}), ("under other rules", {"rules": RULES}), ("with other keys", {"gen": 2}),
        ("to another's key", {"key": DORA.keys.sign}), ("to more epochs", {"epochs": (1,)}), ("no member's", {"by": "x"}),
    ):  # fmt: skip
        refuse(why, *_given(story, join, EMIL, BEA, **other))
    refuse("to something else", *_given(story, "another", EMIL, BEA))
    refuse("to another kind", BEA.consent(story.circle, "remove", join, key=EMIL.keys.sign))


def _keys(story: Story) -> None:
    story.refuse("new keys that don't sign themselves", BEA, e.NewKeys(BEA2.keys, BEA.sign(b"keys")))
    story.refuse("new keys that are another's", BEA, e.NewKeys(ANNA.keys, b""))
    story.refuse("another's to seal to", BEA, e.NewKeys(e.Keys(BEA2.keys.sign, ANNA.keys.box), b""))
    story.write(BEA, _newer(BEA2, story))
    story.refuse("the keys before", BEA, e.Leave())
    story.refuse("the keys before, as those of today", BEA, e.Leave(), gen=2)
    story.refuse("a rekey that opens no epoch", BEA2, e.Rekey(e.Boxes(ZERO)))
    story.refuse("a rekey with earlier epochs", BEA2, e.Rekey(e.Boxes(ZERO, ONE, (1,))))
    sent = story.boxes(ANNA, BEA2, CEES, DORA, EMIL)
    story.write(CEES, e.Rekey(story.said(sent)), sent=sent)


def _again(story: Story, who: Person, *members: Person) -> tuple[e.Readmit, list[e.Box]]:
    sent = story.boxes(*members, also=story.circle.epochs_of(who.id), late=who)
    newer = _newer(who, story)
    return e.Readmit(who.id, newer.keys, newer.proof, story.said(sent)), sent


def _lost(story: Story) -> None:
    again, sent = _again(story, CEES2, ANNA, BEA2, CEES2, DORA, EMIL)
    story.refuse("vouching for oneself", CEES, again)
    story.refuse("vouching for nobody who is here", ANNA, replace(again, member="finn"))
    story.refuse("vouching for keys that don't sign themselves", ANNA, replace(again, proof=b""))
    story.refuse("not all that this member had", ANNA, replace(again, boxes=replace(again.boxes, also=(1,))))
    story.refuse("readmitting without a new epoch", ANNA, replace(again, boxes=replace(again.boxes, key="")))
    readmit = story.write(ANNA, again, sent=sent)
    story.refuse("the keys that may object are nobody else's", ANNA, e.NewKeys(CEES.keys, b""))
    story.refuse("objecting with the new keys", CEES2, e.Object(readmit))
    story.refuse("objecting to something else", CEES, e.Object(ANOTHER))
    story.refuse("objecting where nothing happened", DORA, e.Object(readmit))
    story.refuse("objecting too late", CEES, e.Object(readmit), at=story.at + OBJECTION)
    story.refuse("leaving on trial", CEES2, e.Leave())
    story.refuse("other keys on trial", CEES2, _newer(Person("cees", 3, lost=1), story))
    story.refuse("vouching on trial", CEES2, _again(story, DORA2, ANNA)[0])
    story.refuse("vouching for the same again on trial", ANNA, _again(story, Person("cees", 3, lost=2), ANNA)[0])
    story.refuse("claiming the care on trial", CEES2, e.ClaimCare())
    story.write(CEES, e.Object(readmit))
    sent = story.boxes(ANNA, BEA2, CEES3, DORA, EMIL)
    story.write(CEES3, e.Rekey(story.said(sent)), sent=sent)
    again, sent = _again(story, DORA2, ANNA, BEA2, CEES3, DORA2, EMIL)
    story.write(BEA2, again, sent=sent)
    close = e.Close(tuple(one.consent(story.circle, "close", "") for one in (BEA2, CEES3, EMIL)))
    story.refuse("closing while somebody may still object", ANNA, close)
    mine = DORA2.consent(story.circle, "close", "")
    story.refuse("a consent on trial", ANNA, e.Close((mine,)))


def _care(story: Story) -> None:
    story.refuse("handing on what one hasn't", CEES3, e.HandCare("emil"))
    story.refuse("handing it to nobody who is here", ANNA, e.HandCare("finn"))
    story.refuse("claiming what one has", ANNA, e.ClaimCare())
    story.write(ANNA, e.HandCare("bea"), days=8)
    story.write(CEES3, e.ClaimCare())
    story.refuse("claiming what another claims", ANNA, e.ClaimCare())
    story.refuse("taking over too early", CEES3, e.ClaimCare(), at=story.at + NOTICE - 1)
    story.write(CEES3, e.ClaimCare(), days=14)
    story.write(EMIL, e.ClaimCare())
    story.write(CEES3, e.HandCare("anna"))
    story.write(CEES3, e.ClaimCare())
    story.refuse("claiming what another claimed a month ago", EMIL, e.ClaimCare(), at=story.at + CLAIMED)
    story.write(CEES3, e.ClaimCare(), days=31)
    story.write(BEA2, e.ClaimCare(), days=31)


def _removed(story: Story) -> None:
    sent = story.boxes(ANNA, BEA2, CEES3, DORA2)
    until = story.at + 2 * DAY
    given = tuple(one.consent(story.circle, "remove", "emil", key=EMIL.keys.sign, until=until) for one in (BEA2, CEES3))
    remove = e.Remove("emil", given, story.said(sent))
    story.refuse("removing alone", ANNA, replace(remove, consents=()))
    story.refuse("removing oneself", EMIL, remove)
    story.refuse("removing nobody who is here", ANNA, replace(remove, member="finn"))
    story.refuse("removing without a new epoch", ANNA, replace(remove, boxes=e.Boxes(ZERO)))
    story.write(ANNA, remove, sent=sent)
    story.refuse("who was removed", EMIL, e.Leave())
    invite = story.write(ANNA, e.Invite(SEEDS[6].keys.sign, story.at + 2 * DAY))
    story.refuse("an id that was somebody's", EMIL, story.asking(EMIL, invite, SEEDS[6], OTHER_RULES))
    close = BEA2.consent(story.circle, "close", "", until=story.at + 2 * DAY)
    story.refuse("consents to close: the same twice", ANNA, e.Close((close, close)))
    story.write(ANNA, e.Leave())
    sent = story.boxes(BEA2, CEES3, DORA2)
    story.write(CEES3, e.Rekey(story.said(sent)), sent=sent)
    stray = [sealed(story.circle.epoch.number + 1, one) for one in (BEA2, CEES3, FINN)]
    story.write(CEES3, e.Rekey(story.said(stray)))
    story.refuse_boxes("signed, and yet for another than the members", stray)


def _to_and_fro(story: Story) -> None:
    before, between = story.circle.agreed, e.Agreed("one", "all")

    def agreeing(agreed: e.Agreed) -> e.NewRules:
        subject, until = rules_subject(OTHER_RULES, agreed), story.at + 9 * DAY
        given = tuple(one.consent(story.circle, "rules", subject, until=until) for one in (CEES3, DORA2))
        return e.NewRules(OTHER_RULES, agreed, given)

    once = agreeing(between)
    story.write(BEA2, once)
    story.write(BEA2, agreeing(before))
    story.refuse("consents that were counted before", BEA2, once)


def _end(story: Story) -> None:
    _spellings(story)
    _shapes(story)
    story.refuse("an entry of another circle", BEA2, e.Leave(), circle=ANOTHER)
    story.refuse("another place", BEA2, e.Leave(), n=1)
    story.refuse("another entry before it", BEA2, e.Leave(), prev=ANOTHER)
    story.refuse("before the last one", BEA2, e.Leave(), at=story.at - 1)
    story.refuse("far ahead of one's own clock", BEA2, e.Leave(), at=NOW + DAY + 1)
    story.refuse("somebody who was never here", FINN, e.Leave())
    story.refuse_all("somebody else's signature", _signed(CEES3, e.read(story.entry(BEA2, e.Leave()).body)))
    story.refuse("closing with one consent too few", BEA2, e.Close((CEES3.consent(story.circle, "close", ""),)))
    given = tuple(one.consent(story.circle, "close", "", until=story.at + DAY) for one in (CEES3, DORA2))
    story.write(BEA2, e.Close(given))
    story.refuse("an entry after the end", BEA2, e.Leave())


def _spellings(story: Story) -> None:
    good = story.entry(BEA2, e.Rekey(e.Boxes(ZERO, ONE))).body
    said = json.loads(good)
    boxes = json.dumps(said["what"]["boxes"], separators=(",", ":")).encode()
    for why, old, new in (
        ("a name twice", b'"v":1', b'"v":1,"v":1'), ("a space", b'"v":1', b'"v": 1'), ("a point", b'"v":1', b'"v":1.0'),
        ("less than nothing", b'"gen":2', b'"gen":-0'), ("a number too large", b'"gen":2', b'"gen":9007199254740992'),
        ("an escape", b'"hash":"0', b'"hash":"\\u0030'), ("other letters", b'"hash":"0', '"hash":"é'.encode()),
        ("an id with a space", b'"bea"', b'"be a"'), ("no id", b'"bea"', b'""'), ("a long id", b'"bea"', b'"%s"' % (b"a" * 65)),
        ("no UTF-8 in a name", b'"v":1', b'"v":1,"\xff":1'), ("deep", b'"v":1', b'"v":' + b"[" * 9999),
        ("true for a number", b'"gen":2', b'"gen":true'), ("a default", b'"boxes":{', b'"boxes":{"also":[],'),
        ("a field more", b'"v":1', b'"v":1,"more":1'), ("a field more inside", b'"boxes":{', b'"boxes":{"more":1,'),
        ("no version", b'"v":1,', b""), ("an unknown kind", b'"rekey"', b'"toString"'), ("no kind", b'"kind":', b'"k":'),
        ("null", boxes, b"null"), ("a list", good, b"[]"), ("no JSON", good, b"{"),
        ("no UTF-8", good, b'"\xff"'), ("nothing", good, b""), ("a mark before it", b"{", b"\xef\xbb\xbf{"),
        ("version 0", b'"v":1', b'"v":0'), ("a prototype", b'"v":1', b'"v":1,"__proto__":{}'),
    ):  # fmt: skip
        story.refuse_body(f"spelling: {why}", good.replace(old, new, 1), BEA2)
    newer = json.dumps(said | {"v": 2, "more": [1.5, None]}).encode()
    story.refuse_body("a later version", newer, BEA2)
    keys = story.entry(BEA2, e.NewKeys(FINN.keys, b"A")).body
    for why, old, new in (
        ("stray bits", b'"QQ=="', b'"QR=="'), ("no padding", b'"QQ=="', b'"QQ"'), ("base64url", b'"QQ=="', b'"-_-_"'),
        ("a space in base64", b'"QQ=="', b'"Q Q="'), ("a short key", b'"box":"', b'"box":"QQ==","_":"'),
    ):  # fmt: skip
        story.refuse_body(f"bytes: {why}", keys.replace(old, new, 1), BEA2)
    short = e.NewKeys(e.Keys(FINN.keys.sign[:31], FINN.keys.box), b"")
    story.refuse("bytes: a key that is short", BEA2, short)
    for why, old, bad in (
        *(("to sign with", FINN.keys.sign, key) for key in NO_SIGNING_KEYS),
        *(("to seal to", FINN.keys.box, key) for key in NO_SEALING_KEYS),
    ):
        body = keys.replace(b64encode(old), b64encode(bad))
        story.refuse_body(f"no key {why}: {bad.hex()}", body, BEA2)
    seed = story.entry(BEA2, e.Invite(FINN.keys.sign, story.at + DAY)).body
    story.refuse_body("a seed that is no key", seed.replace(b64encode(FINN.keys.sign), b64encode(bytes(32))), BEA2)


def _shapes(story: Story) -> None:
    """What is a hash or an id is nothing else."""
    good, boxes = e.Join(ANOTHER, FINN.keys, OTHER_RULES, b""), e.Boxes(ZERO, ONE)
    again = e.Readmit("cees", FINN.keys, b"", boxes)
    shapes: list[tuple[str, e.What]] = [
        ("a short hash", e.RulesAccepted("f" * 63)), ("a hash in capitals", e.RulesAccepted("F" * 64)),
        ("an empty one", e.RulesAccepted("")),
        ("a line feed after it", e.RulesAccepted("f" * 64 + "\n")), ("no hash of an invitation", e.Uninvite("x")),
        ("no hash of a readmission", e.Object("x")), ("no hash of boxes", e.Rekey(e.Boxes("", ONE))),
        ("no hash of a key", e.Rekey(e.Boxes(ZERO, "x"))),
        ("no hash in joining", replace(good, invite="x")), ("no hash of rules in joining", replace(good, rules="x")),
        ("no hash of rules", e.NewRules("x", e.Agreed(), ())), ("no hash of who asked", e.Admit("x", (), boxes)),
        ("no id to hand on to", e.HandCare("ce es")), ("no id to remove", e.Remove("", (), boxes)),
        ("no id to readmit", replace(again, member="é")),
    ]  # fmt: skip
    for why, what in shapes:
        story.refuse(f"shape: {why}", BEA2, what)
    story.refuse("shape: no hash of a circle", BEA2, e.Leave(), circle="x")
    story.refuse("shape: no hash of the entry before", BEA2, e.Leave(), prev="x")
    found = e.read(story.signed[0].body)
    assert isinstance(found.what, e.Found)
    for why, other in (("of rules", {"rules": "x"}), ("of an earlier log", {"after": "x"})):
        story.refuse_all(
            f"shape: no hash in the first, {why}",
            _signed(ANNA, replace(found, what=replace(found.what, **other))),
            after=0,
        )


def _not_a_log(story: Story) -> None:
    log = story.signed
    story.refuse_all("no entries", after=0)
    story.refuse_all("the first is left out", *log[1:3], after=0)
    story.refuse_all("one is left out", log[3], after=2)
    story.refuse_all("two changed places", log[3], log[2], after=2)
    story.refuse_all("one is repeated", log[3], after=4)
    story.refuse_all("the signature of another", replace(log[4], signature=log[3].signature), after=4)
    story.refuse_all("cut short of an entry that one knows of", after=4, known=(log[1].hash, log[4].hash))
    other = Story(BEA)
    other.write(BEA, e.Invite(SEEDS[7].keys.sign, other.at + 2 * DAY))
    story.refuse_all("an entry of another log", other.signed[1], after=1)
    assert epoch_key(1) != epoch_key(2)


def _signed(by: Person, entry: e.Entry) -> e.Signed:
    body = e.write(entry)
    return e.Signed(body, by.sign(e.to_sign(body)))


def _signed_consent(by: Person, body: bytes) -> e.Consent:
    return e.Consent(body, by.sign(consents.to_sign(body)))
