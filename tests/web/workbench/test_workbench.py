"""The workbench's API: what is checked, rehearsed and published, by whom, and what happens to what is broken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import yaml
from django.test import Client
from msgspec.structs import replace

from kring.methods import library, reader
from kring_web.methods import services as methods
from kring_web.workbench.sandbox import Checked, CheckJob
from kring_web.workbench.sandbox_process import Busy, TimedOut, Worker

LINXX = library.source("linxx-9").decode()
CHECKED = msgspec.json.Decoder(Checked)
CHANGED = LINXX.replace("id: linxx-9", "id: our-own").replace("advice: false", "advice: true", 1)


@pytest.fixture
def worker() -> Iterator[Worker]:
    one = Worker(within=20, waiting=1)
    yield one
    one.stop()


def post(who: Client, what: str, body: dict[str, Any]) -> Any:
    return who.post(f"/api/workbench/{what}", body, content_type="application/json")


def published(who: Client, text: str = CHANGED) -> dict[str, Any]:
    answer = post(who, "publish", {"text": text})
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


# Checking


def test_check_gives_the_method_written_out(visitor: Client) -> None:
    answer = post(visitor, "check", {"text": LINXX}).json()
    assert answer["remarks"] == []
    assert answer["method"]["id"] == "linxx-9"
    assert answer["method"]["forms"]["sentence"]["fields"]


def test_check_names_the_place_of_each_remark(visitor: Client) -> None:
    text = LINXX.replace("minutes: 90", "minutes: 95")
    answer = post(visitor, "check", {"text": text}).json()
    (remark,) = answer["remarks"]
    assert remark["line"] == text.splitlines().index("minutes: 95") + 1
    assert (remark["code"], remark["args"]["total"], remark["args"]["said"]) == ("minutes-do-not-add-up", 90, 95)
    assert remark["message"].startswith("The phases take 90 minutes")
    assert answer["method"], "it can be shown, though not run"


def test_check_says_what_changed(visitor: Client) -> None:
    answer = post(visitor, "check", {"text": CHANGED, "against": LINXX}).json()
    assert {"code": "setting", "what": "id", "before": "linxx-9", "after": "our-own"} in answer["changes"]
    assert any(one["code"] == "phase-setting" and one["what"] == "advice" for one in answer["changes"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01",
        "kring: 1",
        "- a\n- b",
        "a: &a [1]\nb: *a\n",
        "a: " + "[" * 5000,
        "x: &x {a: 1}\n" + "".join(f"y{n}: &y{n} [*x, *x]\n" for n in range(30)),
        LINXX.replace("\n", "\n\t", 3),
        LINXX + "#" * (300 * 1024),
        LINXX.replace("kind: gossip", "kind: karaoke"),
    ],
)
def test_text_from_outside_gets_remarks_and_no_traceback(visitor: Client, text: str) -> None:
    answer = post(visitor, "check", {"text": text})
    assert answer.status_code == 200
    assert answer.json()["remarks"]
    assert all(one["line"] >= 1 and "Traceback" not in one["message"] for one in answer.json()["remarks"])


def test_text_that_lost_letters_on_its_way_is_told(visitor: Client) -> None:
    """A browser of before opened files in other encodings with replacement characters."""
    text = library.source("codev-6").decode("ascii", "replace")
    (remark,) = post(visitor, "check", {"text": text}).json()["remarks"]
    assert remark["code"] == "lost-character"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_request_that_is_not_utf_8_is_refused(visitor: Client, encoding: str) -> None:
    body = '{"text": "caf\u00e9"}'.encode(encoding)
    answer = visitor.post("/api/workbench/check", body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"code": "bad-json"})


def test_request_over_the_bound_is_refused(visitor: Client) -> None:
    assert post(visitor, "check", {"text": "x" * 700_000}).json() == {"code": "too-large"}


@pytest.mark.parametrize("what", ["check", "rehearse", "publish"])
def test_another_sites_page_gets_nothing(stranger: Client, what: str) -> None:
    assert post(stranger, what, {"text": LINXX, "people": 5}).json() == {"code": "other-origin"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_check_draws_the_flow_in_the_language_of_the_page(visitor: Client, language: str) -> None:
    visitor.cookies["__Host-kring_language"] = language
    flow = post(visitor, "check", {"text": LINXX}).json()["flow"]
    assert set(flow) == {language}
    assert library.load("linxx-9").name[language] in flow[language]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_check_draws_the_flow_in_the_language_that_is_asked_for(visitor: Client, language: str) -> None:
    """Another window may have changed the cookie."""
    visitor.cookies["__Host-kring_language"] = "nl"
    flow = post(visitor, "check", {"text": LINXX, "language": language}).json()["flow"]
    assert set(flow) == {language}
    assert {"de": "Ein Ring", "fr": "anneau"}[language] in flow[language]


def test_names_in_a_drawn_flow_are_text(visitor: Client) -> None:
    text = LINXX.replace("Nine-step gossip method", "<script>alert(1)</script>")
    flow = post(visitor, "check", {"text": text}).json()["flow"]
    assert "<script" not in "".join(flow.values())


def test_starter_is_a_method_that_can_be_run(visitor: Client) -> None:
    starter = visitor.get("/api/methods/starter.yaml").content.decode()
    assert post(visitor, "check", {"text": starter}).json()["remarks"] == []


def test_palette_has_a_phase_of_most_kinds_with_its_texts(visitor: Client) -> None:
    phases = yaml.safe_load(visitor.get("/api/methods/palette.yaml").content)["round"]
    assert len({phase["kind"] for phase in phases}) == len(phases) > 12
    assert all(phase["prompts"] and {"nl", "en", "de"} <= phase["name"].keys() for phase in phases)


# Rehearsing


def test_rehearsal_shows_what_each_seat_saw(visitor: Client) -> None:
    answer = post(visitor, "rehearse", {"text": CHANGED, "people": 5}).json()
    assert answer["broken"] is None
    saw = [line for line in answer["lines"] if line["line"] == "saw"]
    seats = {line["who"] for line in saw} - {None, "table"}
    assert len(seats) == 5
    assert all("view" in next(line for line in saw if line["who"] == seat) for seat in seats)
    assert answer["lines"][-1]["line"] == "end"


def test_rehearsal_of_too_few_is_said_to_be_so(visitor: Client) -> None:
    assert post(visitor, "rehearse", {"text": LINXX, "people": 2}).json() == {"lines": [], "broken": "group-size"}
    spoken = {"text": LINXX.replace("ways: [spoken, written]", "ways: [spoken]"), "people": 5, "written": True}
    assert post(visitor, "rehearse", spoken).json() == {"lines": [], "broken": "not-this-way"}


def test_rehearsal_of_what_is_no_method_is_said_to_be_so(visitor: Client) -> None:
    assert post(visitor, "rehearse", {"text": "kring: 1", "people": 5}).json()["broken"] == "not-a-method"


# Publishing


def test_published_method_can_be_met_by(visitor: Client) -> None:
    made = published(visitor)
    answer = visitor.post("/api/meetings", {"method": made["id"]}, content_type="application/json")
    assert answer.status_code == 201
    method = visitor.get(f"/api/meetings/{answer.json()['meeting']}/method").json()
    assert method["id"] == "our-own"
    assert next(one for one in method["round"] if one["id"] == "explanation")


def test_meeting_under_way_keeps_the_version_it_began_with(visitor: Client) -> None:
    made = published(visitor)
    opened = visitor.post("/api/meetings", {"method": made["id"]}, content_type="application/json").json()["meeting"]
    later = CHANGED.replace("Nine-step gossip method", "Nine steps, second edition")
    answer = post(visitor, "publish", {"text": later, "id": made["id"], "key": made["key"]})
    assert answer.json()["version"] == 2
    assert "Nine-step" in visitor.get(f"/api/meetings/{opened}/method").json()["name"]["en"]
    newer = visitor.post("/api/meetings", {"method": made["id"]}, content_type="application/json").json()["meeting"]
    assert "second edition" in visitor.get(f"/api/meetings/{newer}/method").json()["name"]["en"]


def test_only_its_maker_publishes_the_next_version(visitor: Client) -> None:
    made = published(visitor)
    for key in (None, "", "x" * 32, published(visitor)["key"]):
        answer = post(visitor, "publish", {"text": LINXX, "id": made["id"], "key": key})
        assert (answer.status_code, answer.json()) == (403, {"code": "bad-token"})
    found = methods.version(made["id"])
    assert found
    assert found.version == 1


def test_unknown_publication_has_no_next_version(visitor: Client) -> None:
    answer = post(visitor, "publish", {"text": LINXX, "id": "a" * 20, "key": "b"})
    assert answer.json() == {"code": "unknown-method"}


def test_what_cannot_be_run_is_not_published(visitor: Client) -> None:
    answer = post(visitor, "publish", {"text": LINXX.replace("minutes: 90", "minutes: 95")})
    assert answer.json() == {"code": "not-a-method"}


def test_flood_of_publications_is_stopped(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "_MAX_PER_MINUTE", 0)
    assert post(visitor, "publish", {"text": CHANGED}).json() == {"code": "too-many"}


def test_file_is_given_as_it_was_published(visitor: Client) -> None:
    made = published(visitor)
    assert visitor.get(f"/api/methods/{made['id']}.yaml").content.decode() == CHANGED
    assert visitor.get("/api/methods/linxx-9.yaml").content.decode() == LINXX
    assert visitor.get("/api/methods/nothing.yaml").json() == {"code": "unknown-method"}


@pytest.mark.parametrize("name", [name for name in library.names() if library.load(name).extends])
def test_file_of_a_variant_says_everything(visitor: Client, name: str) -> None:
    text = visitor.get(f"/api/methods/{name}.yaml").content
    assert replace(library.load(name), extends=None) == reader.read(text, "written-out.yaml")


# The process that works


def test_what_takes_too_long_is_ended_and_the_next_is_served(worker: Worker) -> None:
    assert worker.ask(CheckJob(LINXX), CHECKED).method
    worker._within = 0.001
    with pytest.raises(TimedOut):
        worker.ask(CheckJob(LINXX), CHECKED)
    worker._within = 20
    assert worker.ask(CheckJob(LINXX), CHECKED).method


def test_killed_process_is_replaced(worker: Worker) -> None:
    worker.ask(CheckJob(LINXX), CHECKED)
    process = worker._process
    assert process
    process.kill()
    while process.poll() is None:
        time.sleep(0.01)
    assert worker.ask(CheckJob(LINXX), CHECKED).method


def test_queue_is_bounded(worker: Worker) -> None:
    assert worker._places.acquire(blocking=False)
    with pytest.raises(Busy):
        worker.ask(CheckJob(LINXX), CHECKED)
    worker._places.release()
