"""A circle over some years, by people with real keys and an honest server: whoever comes, goes, and loses their keys."""

from __future__ import annotations

from typing import Any

import pytest

from kring.circle import Broken
from kring.circle.acts import NOTICE
from kring.circle.entries import Agreed
from kring.circle.state import OBJECTION
from kring_client import voice
from kring_client.circle import CircleTrouble, Identity, Link, Membership, Moved
from tests.client.circle.keeper import RULES, Keeper, Town

OTHER_RULES = "1" * 64


async def test_who_founds_a_circle_keeps_things_in_it_and_opens_them_on_another_device() -> None:
    town = Town()
    anna = await town.founded()
    await anna.keep("about", "circle", {"name": "Thursday nurses"})

    again = await Membership.open(town.server, anna.reading.identity, town.clock, anna.circle.id, [anna.pin])

    assert await again.kept("about") == {"circle": {"name": "Thursday nurses"}}


async def test_a_newcomer_from_now_on_opens_nothing_of_before_and_one_also_before_does() -> None:
    town = Town()
    anna, bea = await town.circle("anna", "bea")
    await anna.keep("note", "old", {"t": "of before"})
    cees = await town.joined(anna, "cees", bea)
    await anna.keep("note", "new", {"t": "of now"})
    dora = await town.joined(anna, "dora", bea, cees, also=(2, 3))

    assert await cees.kept("note") == {"new": {"t": "of now"}}
    assert await dora.kept("note") == {"old": {"t": "of before"}, "new": {"t": "of now"}}
    await dora.keep("note", "hers", {"t": "by Dora"})
    await town.meet(anna, bea, cees)
    assert (await cees.kept("note"))["hers"] == {"t": "by Dora"}


async def test_as_many_consent_as_the_circle_agreed() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees", agreed=Agreed("all", "majority"))
    await town.asking(anna, "dora")
    with pytest.raises(Broken, match="consents-missing"):
        await anna.admit("dora")
    for one in (bea, cees):
        await one.refresh()
        await one.consent_to_admit("dora", (2,))
    with pytest.raises(Broken, match="consents-missing"):
        await anna.admit("dora")  # they agreed to something else
    for one in (bea, cees):
        await one.consent_to_admit("dora")
    await anna.admit("dora")
    assert anna.circle.member("dora")


async def test_an_invitation_serves_once_and_can_be_taken_back() -> None:
    town = Town()
    anna = await town.founded()
    link = await anna.invite()
    bea = await Membership.open(town.server, town.person("bea"), town.clock, link.circle, [link.head])
    cees = await Membership.open(town.server, town.person("cees"), town.clock, link.circle, [link.head])
    await bea.ask(link)
    await cees.refresh()
    with pytest.raises(Broken, match="no-invitation"):
        await cees.ask(link)
    await anna.refresh()
    await anna.uninvite(anna.circle.applicants[0].entry)
    with pytest.raises(Broken, match="no-applicant"):
        await anna.admit("bea")
    other = await anna.invite()
    await anna.uninvite(anna.circle.invitations[0].entry)
    await cees.refresh()
    with pytest.raises(Broken, match="no-invitation"):
        await cees.ask(other)


async def test_nothing_is_sealed_between_a_departure_and_the_new_epoch() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    await cees.leave()
    await town.meet(anna, bea)
    with pytest.raises(CircleTrouble, match="unsettled"):
        await anna.keep("note", "one", {"t": "hello"})
    assert await anna.settle()
    assert await bea.settle(), "the other was quicker"
    assert bea.circle.epoch.number == anna.circle.epoch.number
    await bea.keep("note", "one", {"t": "hello"})
    await cees.refresh()
    assert await cees.kept("note") == {}, "who left has not the key"
    with pytest.raises(CircleTrouble, match="not-a-member"):
        await cees.keep("note", "two", {"t": "hello"})


async def test_somebody_is_removed_by_two_and_the_epoch_is_for_those_who_stay() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    with pytest.raises(Broken, match="consents-missing"):
        await anna.remove("cees")
    await bea.consent_to_remove("cees")
    await anna.remove("cees")
    await town.meet(bea, cees)
    assert (anna.circle.settled, cees.circle.member("cees")) == (True, None)
    assert cees.circle.epoch.number not in cees.reading.epoch_keys
    with pytest.raises(Broken, match="not-a-member"):
        await bea.consent_to_remove("cees")


async def test_keys_that_may_be_stolen_are_replaced_and_what_was_there_still_opens() -> None:
    town = Town()
    anna, bea = await town.circle("anna", "bea")
    await anna.keep("note", "old", {"t": "of before"})
    thief = Identity("bea", dict(bea.reading.identity.masters))
    await bea.new_keys(town.master())
    await anna.refresh()
    await bea.keep("note", "new", {"t": "of now"})
    assert set(await bea.kept("note")) == set(await anna.kept("note")) == {"old", "new"}

    stolen = await Membership.open(town.server, thief, town.clock, anna.circle.id)
    assert set(await stolen.kept("note")) == {"old"}
    with pytest.raises(CircleTrouble, match="keys-changed"):
        await stolen.leave()


def voices(fellow: Membership, newcomer: str, shown: bytes) -> bytes:
    """Two who know each other's voice: what the fellow then knows to be the newcomer's."""
    one = voice.Newcomer("circle", newcomer, place=fellow.circle.id, shown=shown)
    other = voice.Fellow(fellow.circle.id, fellow.reading.identity.member, head=bytes.fromhex(fellow.circle.head))
    reveal: Any = one.receive(other.receive(one.begin()) or {})
    other.receive(reveal)
    assert other.type(one.nine) == "right"
    said, typed = one.type(other.six)
    assert (said, other.receive(typed or {})) == ("right", None)
    return other.newcomer_keys[2 * voice.BYTES :]


async def lost(town: Town, circle: str, name: str, gen: int, fellow: Membership) -> Membership:
    """Somebody whose devices, codes and passphrase are gone comes back with a fellow's help."""
    master = town.master()
    again = await Membership.open(town.server, Identity(name, {gen: master}), town.clock, circle)
    keys, proof = again.returning(master, gen)
    heard = voices(fellow, name, keys.sign + keys.box)
    assert heard == keys.sign + keys.box
    await fellow.readmit(name, keys, proof)
    await again.refresh()
    return again


async def test_who_lost_everything_is_readmitted_by_voice_and_opens_what_they_had() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees", agreed=Agreed("all", "majority"))
    await bea.keep("note", "old", {"t": "by Bea"})
    again = await lost(town, anna.circle.id, "bea", 2, anna)

    assert await again.kept("note") == {"old": {"t": "by Bea"}}
    assert again.circle.settled
    await town.asking(anna, "dora")
    await again.refresh()
    await again.consent_to_admit("dora")
    await cees.refresh()
    await cees.consent_to_admit("dora")
    await anna.admit("dora")  # of all who have a say: for a week that is not Bea
    with pytest.raises(Broken, match="too-early"):
        await again.leave()
    town.clock.days(OBJECTION / 86_400_000)
    await again.refresh()
    await again.leave()


async def test_whose_keys_were_not_lost_objects_and_holds_again() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    thief = await lost(town, anna.circle.id, "bea", 2, anna)
    await bea.refresh()
    with pytest.raises(CircleTrouble, match="keys-changed"):
        bea.say()
    await bea.object()
    await town.meet(anna, cees, thief)
    await anna.keep("note", "new", {"t": "not for the thief"})
    assert await bea.kept("note") == {"new": {"t": "not for the thief"}}
    assert await thief.kept("note") == {}
    with pytest.raises(Broken, match="not-theirs"):
        await bea.object()


async def test_rules_care_and_the_end_take_what_they_take() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    stricter = Agreed("all", "all")
    await bea.consent_to_rules(OTHER_RULES, stricter)
    with pytest.raises(Broken, match="consents-missing"):
        await anna.change_rules(OTHER_RULES, stricter)
    await cees.consent_to_rules(OTHER_RULES, stricter)
    await anna.change_rules(OTHER_RULES, stricter)
    await town.meet(bea, cees)
    await bea.accept_rules()
    assert (bea.circle.rules, bea.circle.agreed) == (OTHER_RULES, stricter)

    await bea.claim_care()
    with pytest.raises(Broken, match="too-early"):
        await bea.claim_care()
    town.clock.days(NOTICE / 86_400_000)
    await bea.claim_care()
    await bea.hand_care("cees")
    assert bea.circle.carer == "cees"

    await town.meet(anna, cees)
    for one in (bea, cees):
        await one.consent_to_close()
    await anna.close()
    assert anna.circle.closed
    assert await anna.settle() is False
    with pytest.raises(Broken, match="closed"):
        await anna.invite()


async def test_who_is_slower_reads_on_and_may_decide_again() -> None:
    town = Town()
    anna, bea = await town.circle("anna", "bea")
    await anna.invite()
    with pytest.raises(Moved):
        await bea.invite()
    await bea.invite()
    assert len(bea.circle.invitations) == 2


async def test_an_answer_that_got_lost_does_nothing_twice() -> None:
    class Cut(Keeper):
        async def append(self, circle: str, step: Any) -> None:
            await super().append(circle, step)
            raise ConnectionError

    town = Town()
    anna = await town.founded()
    honest, cut = anna._server, Cut()
    cut.logs = town.server.logs
    anna._server = cut
    with pytest.raises(ConnectionError):
        await anna.invite()
    assert anna.circle.invitations == ()
    anna._server = honest
    await anna.refresh()
    assert len(anna.circle.invitations) == 1


@pytest.mark.parametrize("fragment", ["", "a.b", "AAAA.AAAA.AAAA", "!.!.!", f"{'A' * 43}.{'A' * 43}"])
def test_a_link_that_was_changed_is_told(fragment: str) -> None:
    with pytest.raises(CircleTrouble, match="link-broken"):
        Link.read(fragment)


async def test_after_two_histories_a_circle_is_founded_anew_from_the_one_that_was_chosen() -> None:
    town = Town()
    anna = await town.founded()
    anew = await Membership.found(town.server, town.person("anna2"), town.clock, rules=RULES, after=anna.pin)
    assert anew.circle.id != anna.circle.id
