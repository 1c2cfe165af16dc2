"""What was published and is not used goes, and the operator can take down what should not be there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kring.methods import library
from kring.methods.encoded import encode
from kring_command.__main__ import main
from kring_room.cluster.clock import wall_clock
from kring_web.meetings import services as meetings
from kring_web.methods import services
from kring_web.methods.models import Publication

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def published() -> str:
    services._doomed.clear()
    text, method = library.source("troika").decode(), encode(library.load("troika"))
    first = services.publish(text, method, of=None, key=None)
    services.publish(text, method, of=first.id, key=first.key)
    return first.id


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    now = wall_clock()
    monkeypatch.setattr("kring_web.methods.services.wall_clock", lambda: now + days * DAY)


def looks(count: int) -> None:
    for _ in range(count):
        services.delete_unused()


def test_a_method_by_which_nobody_met_goes_and_not_by_one_look_at_a_clock(
    published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(20)
    with monkeypatch.context() as jumped:
        later(jumped, services.UNUSED_DAYS + 1)
        looks(11)
        assert services.version(published) is not None
    looks(1)
    later(monkeypatch, services.UNUSED_DAYS + 1)
    looks(11)
    assert services.version(published) is not None
    looks(1)
    assert services.version(published) is None
    assert not Publication.objects.filter(id=published).exists()


def test_a_method_by_which_people_met_is_kept_for_longer(published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = meetings.create(method=published, practice=False)
    later(monkeypatch, services.UNUSED_DAYS + 1)
    looks(13)
    assert services.version(published) is not None
    later(monkeypatch, services.UNUSED_DAYS + 1 + services.USED_DAYS)
    looks(13)
    assert services.version(published) is None
    assert meetings.method_of(meeting)


def test_that_it_was_used_is_written_once_a_day(published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def written(name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            services.used(name)
        return sum(one["sql"].startswith("UPDATE") for one in asked)

    assert [written(published) for _ in range(3)] == [1, 0, 0]
    assert written("a" * 20) == written("linxx-9") == 0
    later(monkeypatch, 2)
    assert [written(published) for _ in range(2)] == [1, 0]


def test_a_meeting_that_did_not_open_is_no_use(published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(meetings, "_opened_recently", lambda: 0)
        patched.setattr(meetings, "rooms", broken)
        with pytest.raises(RuntimeError):
            meetings.create(method=published, practice=False)
    assert not Publication.objects.filter(id=published, used_at__isnull=False).exists()


def test_a_published_method_can_be_taken_down(
    published: str, visitor: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting = meetings.create(method=published, practice=False)
    assert visitor.get(f"/methods/{published}").status_code == 200
    assert main(["take-down", published]) == 0
    assert capsys.readouterr().out == "Deleted, with 2 versions.\n"
    assert visitor.get(f"/methods/{published}").status_code == 404
    assert visitor.get(f"/api/methods/{published}.yaml").status_code == 404
    assert meetings.method_of(meeting)
    assert main(["take-down", published]) == 2
    assert "Nothing is published" in capsys.readouterr().err
