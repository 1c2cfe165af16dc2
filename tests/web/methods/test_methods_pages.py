"""The pages about methods: the choice with its reasons, and each method told whole in each of its languages."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from kring.languages import SCREENS
from kring.methods import library
from kring.methods.choosing import Answers, suggest
from kring.methods.flow import stages
from kring_web.methods import comparison, drawing, labels, pdf_process
from kring_web.methods.method_text import describe, languages
from kring_web.methods.pdf import PdfError
from kring_web.methods.read_aloud import MOST_WORDS, count, read_aloud
from kring_web.methods.templatetags.method_texts import lang_of

READINGS = [(name, language) for name in library.names() for language in languages(library.load(name))]
ALL = "minutes=75&people=5&acquainted=somewhat&advice=no&about=question&first=yes"


def page(visitor: Client, path: str, language: str = "en") -> str:
    answer = visitor.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("method", "language"), READINGS)
def test_a_method_is_told_in_each_of_its_languages(visitor: Client, method: str, language: str) -> None:
    html = page(visitor, f"/methods/{method}?language={language}")
    told = describe(library.load(method), language)
    assert f'<html lang="{language}">' in html
    for step in told.steps:
        assert f"{step.number}. </span>" in html
    assert html.count('class="step"') == len(told.steps)
    assert 'name="practice" value="true"' in html
    assert f'name="method" value="{method}"' in html
    assert "%(" not in html


@pytest.mark.parametrize(("method", "language"), READINGS)
def test_a_method_is_read_aloud_in_a_minute(method: str, language: str) -> None:
    sentences = read_aloud(describe(library.load(method), language))
    assert 20 < count(sentences) <= MOST_WORDS
    assert len(sentences) > len(stages(library.load(method)))


@pytest.mark.parametrize(("method", "language"), READINGS)
def test_the_drawing_shows_every_step_once(method: str, language: str) -> None:
    told = describe(library.load(method), language)
    picture = str(drawing.ring(told))
    assert re.findall(r'class="flow-number"[^>]*>(\d+)<', picture) == [str(step.number) for step in told.steps]
    assert picture.count('class="flow-advice"') == sum(step.advice for step in told.steps)
    assert picture.count('class="flow-chair"') == max(1, sum(step.stage.silenced for step in told.steps))
    assert "<title" in picture
    assert "<style" not in picture
    assert " style=" not in picture
    assert "<style>" in str(drawing.ring(told, styled=True))
    assert drawing.line(told).count("<rect") == len(told.steps) + sum(step.stage.silenced for step in told.steps)


def test_what_a_method_says_is_escaped(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec  # noqa: PLC0415 -- for this one method alone

    evil = "<script>alert(1)</script>"
    method = msgspec.structs.replace(library.load("linxx-9"), name=dict.fromkeys(("nl", "en", "de"), evil))
    monkeypatch.setattr("kring_web.methods.services.find", lambda _method: method)
    for path in ("/methods/linxx-9", "/methods/linxx-9/sheet"):
        assert evil not in page(visitor, path)


def test_the_choice_tells_why(visitor: Client) -> None:
    html = page(visitor, f"/methods?{ALL}")
    best = suggest(
        [library.load(name) for name in library.names()], Answers(75, 5, "somewhat", False, "question", True)
    )[0]
    assert best.fits
    assert best.method.name["en"] in html
    assert "No advice, as you wished" in html
    assert f"Takes {best.method.minutes:g} of your 75 minutes" in html
    assert "Geen advies, zoals jullie wilden" in page(visitor, f"/methods?{ALL}", "nl")


def test_the_choice_keeps_its_answers(visitor: Client) -> None:
    html = page(visitor, f"/methods?{ALL}")
    assert '<option value="75" selected>' in html
    assert '<option value="5" selected>' in html
    assert 'name="acquainted" value="somewhat" checked' in html
    assert 'name="advice" value="no" checked' in html
    assert 'name="first" value="yes" checked' in html


def test_when_nothing_fits_the_nearest_say_what_stands_in_the_way(visitor: Client) -> None:
    html = page(visitor, "/methods?minutes=30&people=8")
    assert "Nothing fits all of this" in html
    assert "Close, but for one thing" in html
    assert "and you have 30" in html


@pytest.mark.parametrize("query", ["", "minutes=x&people=-1&acquainted=%3Cscript%3E&advice=maybe&about=&first=no"])
def test_answers_that_are_none_of_ours_decide_nothing(visitor: Client, query: str) -> None:
    html = page(visitor, f"/methods?{query}")
    assert "To begin with" in html
    assert "<script>" not in html.replace("<script type", "")


@pytest.mark.parametrize("language", SCREENS)
def test_the_table_has_every_method(visitor: Client, language: str) -> None:
    html = page(visitor, "/methods", language)
    for name in library.names():
        assert f'href="/methods/{name}"' in html


def test_the_start_page_leads_to_the_choice_and_is_no_wall_of_cards(visitor: Client) -> None:
    html = page(visitor, "/")
    assert 'href="/methods"' in html
    assert 1 < html.count('type="radio" name="method"') <= 6
    chosen = page(visitor, "/?method=starr")
    assert 'value="starr" checked' in chosen


def test_what_a_method_lacks_in_the_page_s_language_is_marked_as_another() -> None:
    english = {"en": "Tell", "nl": "Vertel"}
    with translation.override("fr"):
        assert lang_of(english) == ' lang="en"'
        assert lang_of({"en": "Tell", "fr": "Raconte"}) == lang_of(None) == ""
    with translation.override("nl"):
        assert lang_of(english) == ""


def test_every_reason_has_words_in_each_language_of_the_screens() -> None:
    methods = [library.load(name) for name in library.names()]
    for minutes, people, known, advice in [
        (30, 2, "hardly", True),
        (150, 20, "well", False),
        (60, 6, "somewhat", None),
    ]:
        for one in suggest(methods, Answers(minutes, people, known, advice, "success", True)):  # type: ignore[arg-type] # a table of examples
            for reason in one.reasons:
                said = set()
                for language in SCREENS:
                    with translation.override(language):
                        said.add(comparison.reason(reason))
                assert len(said) == len(SCREENS), said


def test_a_number_is_written_as_its_language_does() -> None:
    with translation.override("nl"):
        assert labels.number(1.5) == "1,5"
    with translation.override("en"):
        assert (labels.number(1.5), labels.number(90.0)) == ("1.5", "90")


def test_a_method_that_is_not_there_is_told_kindly(visitor: Client) -> None:
    for path in ("/methods/nothing", "/methods/nothing/sheet", "/methods/nothing/method.pdf"):
        assert visitor.get(path).status_code == 404


def test_the_sheet_on_screen_leads_to_the_public_page_and_knows_no_meeting(visitor: Client) -> None:
    html = page(visitor, "/methods/linxx-9/sheet?language=nl")
    assert "https://kring.example/methods/linxx-9" in html
    assert "#k=" not in html
    assert "/m/" not in html


def test_a_server_that_cannot_print_offers_the_page_instead(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_job: object) -> bytes:
        raise PdfError("no Pango")

    monkeypatch.setattr(pdf_process, "pdf_of", broken)
    answer = visitor.get("/methods/linxx-9/method.pdf", headers={"accept-language": "nl"})
    assert answer.status_code == 503
    assert "/methods/linxx-9/sheet?language=nl" in answer.content.decode()
