"""Circles on the server: real members keep one by the JSON API, and the server learns from the log who belongs to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from kring.circle import entries as e
from kring.circle.state import DAY
from kring_client.circle import Membership, Moved, Step
from kring_client.circle.items import seal
from kring_web.accounts.models import User
from kring_web.circles import models
from kring_web.circles.folding import _states
from kring_web.web.quotas import Quota
from tests.client.circle.keeper import RULES
from tests.web.circles.people import Recorder, Refused, Web, WebTown, at_once, entry, text, thing


@pytest.fixture
def town() -> WebTown:
    return WebTown()


def states(circle: str) -> dict[str, str]:
    return dict(models.Membership.objects.filter(circle_id=circle).values_list("member", "state"))


@at_once
async def test_a_circle_over_the_api_from_founding_to_leaving(town: WebTown) -> None:
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    await anna.keep("about", "circle", {"name": "Thursday nurses"})
    assert await cees.kept("about") == {"circle": {"name": "Thursday nurses"}}
    await anna.keep("about", "circle", {"name": "Friday nurses"})
    assert await bea.kept("about") == {"circle": {"name": "Friday nurses"}}

    await cees.leave()
    assert town.webs["cees"].get("circles") == {"circles": []}
    with pytest.raises(Refused, match="404 no-circle"):
        await cees.refresh()
    await anna.refresh()
    assert await anna.settle()
    await bea.consent_to_close()
    await town.meet(anna, bea)
    await anna.close()
    assert anna.circle.closed


@at_once
async def test_the_server_knows_who_belongs_where_from_the_log_alone(town: WebTown) -> None:
    anna = await town.founded()
    circle = anna.circle.id
    await town.asking(anna, "bea")
    assert states(circle) == {"anna": "member", "bea": "asked"}
    mine = {"circle": circle, "member": "bea", "state": "asked", "length": 3, "head": anna.circle.head}
    assert town.webs["bea"].get("circles")["circles"] == [mine]
    await anna.admit("bea")
    assert states(circle) == {"anna": "member", "bea": "member"}
    await town.asking(anna, "cees")
    await anna.uninvite(anna.circle.applicants[0].entry)
    assert states(circle) == {"anna": "member", "bea": "member"}
    with pytest.raises(Refused, match="404 no-circle"):
        town.webs["cees"].get(f"circles/{circle}/log/0")


@at_once
async def test_the_same_entry_again_changes_nothing_and_another_one_is_too_late(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    await anna.invite()
    sent = entry((await town.webs["anna"].log(anna.circle.id, anna.reading.length - 1))[0])
    again = town.webs["anna"].post(f"circles/{anna.circle.id}/append", **sent)
    assert again == {"circle": anna.circle.id, "n": anna.reading.length - 1}
    with pytest.raises(Moved):
        await bea.invite()
    await bea.invite()

    first = entry((await town.webs["anna"].log(anna.circle.id, 0))[0])
    assert town.webs["anna"].post("circles/found", **first) == {"circle": anna.circle.id, "n": 0}
    with pytest.raises(Refused, match="422 entry-refused"):
        Web.new().post("circles/found", **first)


@at_once
async def test_nobody_appends_what_another_signed_nor_what_the_log_does_not_allow(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    circle, before = anna.circle.id, models.Entry.objects.count()
    mine = anna.reading.identity.first
    said: dict[str, Any] = {
        "v": 1, "circle": circle, "n": anna.reading.length, "prev": anna.circle.head, "at": town.clock(), "by": "anna",
        "gen": 1,
    }  # fmt: skip
    leaving = Step(mine.signed(e.Entry(**said, what=e.Leave())))
    removing = Step(mine.signed(e.Entry(**said, what=e.Remove("bea", (), e.Boxes("0" * 64, "1" * 64)))))
    for who, what in (
        ("bea", leaving),
        ("anna", removing),
        ("anna", leaving._replace(boxes=(e.Box(1, "x", 1, bytes(80)),))),
    ):
        with pytest.raises(Refused, match="422 entry-refused"):
            town.webs[who].post(f"circles/{circle}/append", **entry(what))
    for odd in ({"entry": text(b"{}")}, {"signature": text(bytes(64))}):
        with pytest.raises(Refused, match="422 entry-refused"):
            town.webs["anna"].post(f"circles/{circle}/append", **(entry(leaving) | odd))
    with pytest.raises(Refused, match="400 bad-shape"):
        town.webs["anna"].post(f"circles/{circle}/append", **(entry(leaving) | {"signature": text(b"short")}))
    assert (models.Entry.objects.count(), bea.circle.head) == (before, anna.circle.head)


@at_once
async def test_boxes_that_are_not_what_was_signed_do_not_get_in(town: WebTown) -> None:
    anna = await town.founded()
    step = (await town.webs["anna"].log(anna.circle.id, 0))[0]
    for boxes in ((), (step.boxes[0], step.boxes[0])):
        with pytest.raises(Refused, match="422 entry-refused"):
            Web.new().post("circles/found", **entry(step._replace(boxes=boxes)))


@at_once
async def test_a_link_lets_its_holder_read_the_log_for_an_hour_and_nobody_else(town: WebTown) -> None:
    anna = await town.founded()
    link = await anna.invite()
    guest, now = Web.new(), town.clock()
    for lie in (
        {"seed": bytes(32)}, {"at": now - 2 * DAY}, {"at": now + 2 * DAY},
    ):  # fmt: skip
        with pytest.raises(Refused, match="404 no-circle"):
            guest.visit(link, **lie)
    with pytest.raises(Refused, match="404 no-circle"):
        guest.visit(link._replace(circle="0" * 64))
    with pytest.raises(Refused, match="404 no-circle"):
        await guest.log(link.circle, 0)
    assert guest.visit(link)["until"] > now
    assert len(await guest.log(link.circle, 0)) == 2
    for path in ("consents", "items/about"):
        with pytest.raises(Refused, match="404 no-circle"):
            guest.get(f"circles/{link.circle}/{path}")
    models.Visit.objects.update(until=now - 1)
    with pytest.raises(Refused, match="404 no-circle"):
        await guest.log(link.circle, 0)
    await anna.uninvite(anna.circle.invitations[0].entry)
    with pytest.raises(Refused, match="404 no-circle"):
        guest.visit(link)


@at_once
async def test_consents_wait_are_taken_back_and_go_with_the_entry(town: WebTown) -> None:
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    await bea.consent_to_remove("cees")
    await cees.consent_to_close()
    (theirs,) = [one for one in await town.webs["anna"].consents(anna.circle.id) if b'"close"' in one.body]
    town.webs["anna"].post(f"circles/{anna.circle.id}/withdraw", body=text(theirs.body))
    assert len(await town.webs["anna"].consents(anna.circle.id)) == 2, "not one's own"
    town.webs["cees"].post(f"circles/{anna.circle.id}/withdraw", body=text(theirs.body))
    await anna.remove("cees")
    assert await town.webs["anna"].consents(anna.circle.id) == []


@at_once
async def test_what_is_asked_of_the_database_does_not_grow_with_the_log(town: WebTown) -> None:
    anna = await town.founded()
    counts = []
    for _ in range(3):
        for _ in range(4):
            await anna.invite()
        with CaptureQueriesContext(connection) as asked:
            await town.webs["anna"].log(anna.circle.id, 0)
        with CaptureQueriesContext(connection) as appended:
            await anna.invite()
        counts.append((len(asked), len(appended)))
    assert len(set(counts)) == 1, counts


@at_once
async def test_a_process_that_knows_nothing_of_a_circle_folds_it_from_its_log(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    _states.clear()
    await bea.invite()
    assert bea.circle.head in _states
    await anna.refresh()


@at_once
async def test_an_account_that_goes_leaves_the_log_whole(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    account = town.webs["bea"].account
    assert account
    User.objects.filter(pk=account.pk).delete()
    assert states(anna.circle.id) == {"anna": "member"}
    await anna.refresh()
    await anna.keep("note", "one", {"t": "goes on"})
    again = await Membership.open(town.webs["anna"], anna.reading.identity, town.clock, anna.circle.id, [anna.pin])
    assert again.circle.member("bea") == bea.circle.member("bea")


@at_once
async def test_with_an_account_goes_what_is_its_own(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    alone = await Membership.found(town.webs["bea"], town.person("beatrix"), town.clock, rules=RULES)
    for who, web in ((anna, "anna"), (bea, "bea")):
        town.webs[web].post(f"circles/{anna.circle.id}/item", **thing(seal(who.reading, "member", web, {"name": web})))
        await who.consent_to_close()
    account = town.webs["bea"].account
    assert account
    account.delete()
    assert [one.id for one in await town.webs["anna"].items(anna.circle.id, "member")] == ["anna"]
    assert len(await town.webs["anna"].consents(anna.circle.id)) == 1
    assert not models.Circle.objects.filter(id=alone.circle.id).exists(), "nobody is left to open it"
    assert models.Circle.objects.filter(id=anna.circle.id).exists()


@at_once
async def test_a_circle_that_everybody_left_is_gone(town: WebTown) -> None:
    anna, bea = await town.circle("anna", "bea")
    await town.asking(anna, "cees")
    await bea.refresh()
    await bea.leave()
    await anna.refresh()
    await anna.leave()
    assert not models.Circle.objects.filter(id=anna.circle.id).exists()
    assert not models.Entry.objects.filter(circle_id=anna.circle.id).exists()


@at_once
async def test_no_more_ask_to_join_than_a_circle_takes(town: WebTown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kring_web.circles.services.logs.MOST_MEMBERS", 2)
    anna, _ = await town.circle("anna", "bea")
    with pytest.raises(Refused, match="409 circle-full"):
        await town.asking(anna, "cees")


@at_once
async def test_a_log_is_given_page_by_page_and_never_beyond_the_head_that_it_names(
    town: WebTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await town.founded()
    for _ in range(4):
        await anna.invite()
    monkeypatch.setattr("kring_web.circles.services.logs.PAGE", 2)
    path = f"circles/{anna.circle.id}/log"
    said = [town.webs["anna"].get(f"{path}/{since}") for since in range(7)]
    assert [len(one["entries"]) for one in said] == [2, 2, 2, 2, 1, 0, 0]
    assert {(one["length"], one["head"]) for one in said} == {(5, anna.circle.head)}
    models.Circle.objects.filter(id=anna.circle.id).update(length=4)  # as if the last one came in between
    assert len(town.webs["anna"].get(f"{path}/3")["entries"]) == 1


@at_once
async def test_an_account_changes_only_so_much_at_a_time(town: WebTown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kring_web.web.quotas.CHANGES", Quota(2, 60))
    anna = await town.founded()
    await anna.invite()
    await anna.invite()
    with pytest.raises(Refused, match="429 too-many"):
        await anna.invite()


@at_once
async def test_limits_hold(town: WebTown, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await town.founded()
    for name in ("logs.MOST_ENTRIES", "items.MOST_ITEMS", "logs.MOST_CONSENTS", "logs.MOST_CIRCLES"):
        monkeypatch.setattr(f"kring_web.circles.services.{name}", 1)
    await anna.keep("note", "one", {"t": "the last"})
    await anna.consent_to_close()
    for more in (anna.invite(), anna.keep("note", "two", {"t": "too many"}), anna.consent_to_close()):
        with pytest.raises(Refused, match="409 circle-full"):
            await more
    monkeypatch.setattr("kring_web.circles.services.items.MOST_ITEMS", 9)
    monkeypatch.setattr("kring_web.circles.services.items.MOST_OF_A_KIND", 1)
    await anna.keep("about", "circle", {"t": "of another kind"})
    with pytest.raises(Refused, match="409 circle-full"):
        await anna.keep("note", "two", {"t": "too many"})
    assert models.Item.objects.filter(circle_id=anna.circle.id).count() == 2
    with pytest.raises(Refused, match="409 circle-full"):
        await Membership.found(town.webs["anna"], town.person("anna"), town.clock, rules=RULES)


@at_once
async def test_of_two_at_once_one_is_first(town: WebTown) -> None:
    """Two threads with entries for one place, several times over: the log has one of them, and stays whole."""
    anna, bea = await town.circle("anna", "bea")
    for _ in range(5):
        await town.meet(anna, bea)
        sent: list[tuple[Any, dict[str, Any]]] = []
        for who in (anna, bea):
            recorder = Recorder()
            who._server, web = recorder, who._server
            with pytest.raises(Moved):
                await who.invite()
            who._server = web
            sent.append((web, entry(recorder.steps[0])))
        with ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(lambda one: outcome(one[0], anna.circle.id, one[1]), sent))
        assert sorted(codes) == ["409 log-moved", "in"]
    await town.meet(anna, bea)
    assert len(anna.circle.invitations) == 5


def outcome(web: Web, circle: str, sent: dict[str, Any]) -> str:
    try:
        web.post(f"circles/{circle}/append", **sent)
    except Refused as refused:
        return str(refused)
    finally:
        connections.close_all()
    return "in"
