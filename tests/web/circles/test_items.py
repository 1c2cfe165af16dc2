"""Sealed things: whose they are, under which epoch, and what goes down together with an entry."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.circle import entries as e
from kring_client.circle import Membership, StoredItem
from kring_client.circle.items import seal
from kring_web.circles import models
from tests.web.circles.people import Refused, Web, WebTown, at_once, entry, prepared, text, thing


@pytest.fixture
def town() -> WebTown:
    return WebTown()


def path(who: Membership, what: str = "item") -> str:
    return f"circles/{who.circle.id}/{what}"


def named(who: Membership) -> StoredItem:
    """How somebody is called."""
    return seal(who.reading, "member", who.reading.identity.member, {"name": who.reading.identity.member})


def wrapped_anew(item: StoredItem, version: int, epoch: int) -> dict[str, Any]:
    said = thing(item, version)
    del said["body"]
    return said | {"epoch": epoch, "wrap": text(b"another wrap")}


@at_once
async def test_a_thing_is_sealed_anew_only_upon_the_version_that_one_knows(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    await anna.keep("about", "circle", {"name": "first"})
    mine = seal(bea.reading, "about", "circle", {"name": "second"})
    for version in (0, 2):
        with pytest.raises(Refused, match="409 item-moved"):
            town.webs["bea"].post(path(bea), **thing(mine, version))
    assert town.webs["bea"].post(path(bea), **thing(mine, 1)) == {"version": 2}
    (kept,) = await town.webs["anna"].items(anna.circle.id, "about")
    assert kept.by == "bea", "the server says who really sent it"
    assert await anna.kept("about") == {"circle": {"name": "second"}}


@at_once
async def test_what_somebody_sealed_is_theirs_and_the_carers_to_delete(town: WebTown) -> None:
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    await bea.keep("note", "one", {"t": "mine"})
    other = seal(cees.reading, "note", "one", {"t": "not mine"})
    name = seal(cees.reading, "member", "bea", {"name": "not mine"})
    for sent in (thing(other, 1), wrapped_anew(other, 1, 3), thing(name)):
        with pytest.raises(Refused, match="403 not-yours"):
            town.webs["cees"].post(path(cees), **sent)
    which = {"kind": "note", "id": "one"}
    with pytest.raises(Refused, match="403 not-yours"):
        town.webs["cees"].post(path(cees, "forget"), **which)
    town.webs["anna"].post(path(anna, "forget"), **which)
    await bea.keep("note", "one", {"t": "mine again"})
    town.webs["bea"].post(path(bea, "forget"), **which)
    assert await town.webs["anna"].items(anna.circle.id, "note") == []


@at_once
async def test_nothing_is_kept_under_another_epoch_than_that_under_way(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    item = seal(anna.reading, "note", "one", {"t": "late"})
    for epoch in (0, 1, 3):
        with pytest.raises(Refused, match="409 epoch-moved"):
            town.webs["anna"].post(path(anna), **(thing(item) | {"epoch": epoch}))
    await bea.leave()
    await anna.refresh()
    await anna.settle()
    with pytest.raises(Refused, match="409 epoch-moved"):
        town.webs["anna"].post(path(anna), **thing(item))


@at_once
async def test_any_member_wraps_the_key_of_what_all_read_anew_and_it_stays_its_authors(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    item = named(anna)
    town.webs["anna"].post(path(anna), **thing(item))
    assert town.webs["bea"].post(path(bea), **wrapped_anew(item, 1, 2)) == {"version": 2}
    (kept,) = await town.webs["bea"].items(anna.circle.id, "member")
    assert (kept.by, kept.body, kept.wrap) == ("anna", item.body, b"another wrap")
    with pytest.raises(Refused, match="409 item-moved"):
        town.webs["bea"].post(path(bea), **(wrapped_anew(item, 0, 2) | {"id": "nobody"}))


@at_once
async def test_an_entry_and_the_things_that_change_with_it_go_down_together_or_not_at_all(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    item = named(anna)
    town.webs["anna"].post(path(anna), **thing(item))
    await bea.leave()
    await anna.refresh()
    step = entry(await prepared(anna, anna.settle))
    for odd, code in ((wrapped_anew(item, 2, 3), "409 item-moved"), (wrapped_anew(item, 1, 2), "409 epoch-moved")):
        with pytest.raises(Refused, match=code):
            town.webs["anna"].post(path(anna, "append"), **step, items=[odd])
    assert models.Circle.objects.get(id=anna.circle.id).length == anna.reading.length
    town.webs["anna"].post(path(anna, "append"), **step, items=[wrapped_anew(item, 1, 3)])
    again = town.webs["anna"].post(path(anna, "append"), **step, items=[wrapped_anew(item, 1, 3)])
    assert again["n"] == anna.reading.length
    (kept,) = await town.webs["anna"].items(anna.circle.id, "member")
    assert (kept.epoch, kept.by) == (3, "anna")


@at_once
async def test_a_circle_is_founded_with_what_it_says_of_itself(town: WebTown) -> None:
    anna = await town.founded()
    step = (await town.webs["anna"].log(anna.circle.id, 0))[0]
    models.Circle.objects.filter(id=anna.circle.id).delete()
    item = seal(anna.reading, "about", "circle", {"name": "Thursday nurses"})
    with pytest.raises(Refused, match="409 epoch-moved"):
        town.webs["anna"].post("circles/found", **entry(step), items=[thing(item) | {"epoch": 2}])
    assert not models.Circle.objects.filter(id=anna.circle.id).exists()
    town.webs["anna"].post("circles/found", **entry(step), items=[thing(item)])
    assert await anna.kept("about") == {"circle": {"name": "Thursday nurses"}}


@at_once
async def test_who_asks_to_join_or_leaves_changes_nothing_with_that(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    await anna.keep("about", "circle", {"name": "Thursday nurses"})
    link = await anna.invite()
    guest = Web.new()
    guest.visit(link)
    cees = await Membership.open(guest, town.person("cees"), town.clock, link.circle, [link.head])
    asking = entry(await prepared(cees, lambda: cees.ask(link)))
    await bea.refresh()
    leaving = entry(await prepared(bea, bea.leave))
    sent = thing(seal(bea.reading, "about", "circle", {"name": "another"}), 1)
    for web, step in ((guest, asking), (town.webs["bea"], leaving)):
        with pytest.raises(Refused, match="403 not-yours"):
            web.post(path(anna, "append"), **step, items=[sent])
    assert await anna.kept("about") == {"circle": {"name": "Thursday nurses"}}


@at_once
async def test_an_invitation_is_read_by_members_and_by_whoever_has_its_link(town: WebTown) -> None:
    anna = await town.founded()
    links = [await anna.invite() for _ in range(2)]
    first, second = (one.entry for one in anna.circle.invitations)
    said = {"kind": "invitation", "epoch": 0, "wrap": text(b"w"), "body": "AA", "version": 0}
    for name in (first, second):
        town.webs["anna"].post(path(anna), **said, id=name)
    for odd in ({"id": "0" * 64}, {"id": first, "epoch": 1, "version": 1}):
        with pytest.raises(Refused, match="409 epoch-moved"):
            town.webs["anna"].post(path(anna), **(said | odd))
    guest, read = Web.new(), path(anna, "items/invitation")
    with pytest.raises(Refused, match="404 no-circle"):
        guest.get(read)
    guest.visit(links[1])
    assert [one["id"] for one in guest.get(read)["items"]] == [second]
    with pytest.raises(Refused, match="404 no-circle"):
        guest.get(path(anna, "items/about"))
    assert len(town.webs["anna"].get(read)["items"]) == 2
    await anna.uninvite(second)
    assert [one["id"] for one in town.webs["anna"].get(read)["items"]] == [first]
    assert guest.get(read)["items"] == []


@at_once
async def test_the_name_of_whoever_is_gone_goes_too(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    for who, web in ((anna, "anna"), (bea, "bea")):
        town.webs[web].post(path(who), **thing(named(who)))
    await bea.leave()
    assert [one.id for one in await town.webs["anna"].items(anna.circle.id, "member")] == ["anna"]
    assert isinstance(e.read((await town.webs["anna"].log(anna.circle.id, 0))[-1].signed.body).what, e.Leave)


@at_once
async def test_what_is_asked_of_the_database_does_not_grow_with_what_is_kept(town: WebTown) -> None:
    anna = await town.founded()
    counts = []
    for number in range(1, 4):
        for at in range(number * 5):
            await anna.keep("note", f"note{number}{at}", {"t": "more"})
        sent = [thing(seal(anna.reading, "note", f"both{number}{at}", {"t": "at once"})) for at in range(number * 5)]
        with CaptureQueriesContext(connection) as asked:
            await town.webs["anna"].items(anna.circle.id, "note")
        step = entry(await prepared(anna, anna.invite))
        with CaptureQueriesContext(connection) as sending:
            town.webs["anna"].post(path(anna, "append"), **step, items=sent)
        await anna.refresh()
        counts.append((len(asked), len(sending)))
    assert len(set(counts)) == 1, counts
