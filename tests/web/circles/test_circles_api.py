"""Circles on the server: real members keep one by the JSON API, and the server learns from the log who belongs to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from kring.circle import entries as e
from kring_client.circle import Membership, Moved, Step
from kring_web.accounts.models import User
from kring_web.circles import models
from kring_web.circles.folding import _states
from tests.client.circle.keeper import RULES, Keeper
from tests.web.circles.people import Refused, Web, WebTown, at_once, entry, text


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
    assert town.webs["bea"].get("circles")["circles"] == [{"circle": circle, "member": "bea", "state": "asked"}]
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
    removing = Step(mine.signed(e.Entry(**said, what=e.Remove("bea", (), e.Boxes("0", "1")))))
    for who, what in (
        ("bea", leaving),
        ("anna", removing),
        ("anna", leaving._replace(boxes=(e.Box(1, "x", 1, b"1"),))),
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
        {"seed": bytes(32)}, {"at": now - 3_600_000}, {"at": now + 3_600_000},
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
async def test_a_thing_is_sealed_anew_only_upon_the_version_that_one_knows(town: WebTown) -> None:
    anna, _ = await town.circle("anna", "bea")
    item = await anna.keep("note", "one", {"t": "first"})
    sent = {"kind": "note", "id": "one", "epoch": item.epoch, "wrap": text(item.wrap), "body": item.body}
    path = f"circles/{anna.circle.id}/item"
    for version in (0, 2):
        with pytest.raises(Refused, match="409 item-moved"):
            town.webs["bea"].post(path, **sent, version=version)
    assert town.webs["bea"].post(path, **sent, version=1) == {"version": 2}
    (kept,) = await town.webs["anna"].items(anna.circle.id, "note")
    assert kept.by == "bea", "the server says who really sent it"
    town.webs["anna"].post(f"circles/{anna.circle.id}/forget", kind="note", id="one")
    assert await town.webs["anna"].items(anna.circle.id, "note") == []


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
async def test_limits_hold(town: WebTown, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await town.founded()
    for name in ("MOST_ENTRIES", "MOST_ITEMS", "MOST_CONSENTS", "MOST_CIRCLES"):
        monkeypatch.setattr(f"kring_web.circles.services.logs.{name}", 1)
    await anna.keep("note", "one", {"t": "the last"})
    await anna.consent_to_close()
    for more in (anna.invite(), anna.keep("note", "two", {"t": "too many"}), anna.consent_to_close()):
        with pytest.raises(Refused, match="409 circle-full"):
            await more
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


class Recorder(Keeper):
    """Keeps nothing, and remembers what it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    async def append(self, circle: str, step: Step) -> None:  # noqa: ARG002 -- a server's
        self.steps.append(step)
        raise Moved

    async def log(self, circle: str, since: int) -> list[Step]:  # noqa: ARG002 -- a server's
        return []


def outcome(web: Web, circle: str, sent: dict[str, Any]) -> str:
    try:
        web.post(f"circles/{circle}/append", **sent)
    except Refused as refused:
        return str(refused)
    finally:
        connections.close_all()
    return "in"
