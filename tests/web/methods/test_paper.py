"""Methods on paper: two sides at most, a card for each role, nothing left out, in every language of every method."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader

from kring.methods import library
from kring_command.__main__ import main
from kring_web.methods import pdf, pdf_process
from kring_web.methods.method_text import describe, languages
from kring_web.methods.pdf import Job, Kind, PdfError

READINGS = [(name, language) for name in library.names() for language in languages(library.load(name))]
A4 = (595, 842)


def pages(pdf: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(pdf))
    for one in reader.pages:
        assert (round(one.mediabox.width), round(one.mediabox.height)) == A4
    return [flat(one.extract_text()) for one in reader.pages]


def flat(text: str) -> str:
    """Without what typesetting adds: ends of lines, hyphens there, ligatures."""
    return re.sub(r"\s+", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl"))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "language"), READINGS)
def test_a_sheet_has_two_sides_at_most_and_every_prompt(method: str, language: str) -> None:
    found = library.load(method)
    sides = pages(pdf.make_pdf(Job(found, language, "sheet", f"https://kring.example/methods/{method}")))
    assert len(sides) <= pdf.MAX_PAGES
    whole = "".join(sides)
    told = describe(found, language)
    for step in told.steps:
        for text in (step.name, step.minutes, *(task.do for task in step.does)):
            assert flat(text) in whole, text
    assert all(flat(rule) in whole for rule in told.rules)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "language"), READINGS)
def test_each_role_has_one_card(method: str, language: str) -> None:
    found = library.load(method)
    told = describe(found, language)
    cards = pages(pdf.make_pdf(Job(found, language, "cards")))
    assert len(cards) == len(told.cards) == 3 + sum(card.id in found.roles for card in told.cards)
    for card, text in zip(told.cards, cards, strict=True):
        assert flat(card.role) in text
        for _step, doings in card.steps:
            assert all(flat(task.do) in text for task in doings)


@pytest.mark.parametrize("kind", ["sheet", "cards"])
def test_the_server_gives_a_pdf_and_makes_it_once(visitor: Client, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/methods/troika/{'method' if kind == 'sheet' else kind}.pdf?language=de"
    first = visitor.get(path)
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert first["Content-Disposition"] == f'attachment; filename="kring-troika-{kind}-de.pdf"'
    assert pages(first.content)
    monkeypatch.setattr(pdf_process, "_run", lambda _asked: b"made again")
    assert visitor.get(path).content == first.content


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_process, "_cache", {})
    monkeypatch.setattr(pdf_process, "MAX_CACHED", 2)
    monkeypatch.setattr(pdf_process, "_run", lambda asked: asked)
    for language in ("nl", "en", "de"):
        pdf_process.pdf_of(Job(library.load("troika"), language, "sheet"))
    assert len(pdf_process._cache) == 2


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_command: object, **_more: object) -> None:
        raise subprocess.TimeoutExpired("pdf", 1)

    monkeypatch.setattr("kring_web.methods.pdf_process.subprocess.run", hang)
    with pytest.raises(PdfError):
        pdf_process._run(b"{}")


def test_a_pdf_that_fails_says_so_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PdfError):
        pdf_process._run(b"{}")
    assert "No PDF was made" in caplog.text


def test_without_pango_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint.text.fonts", None)
    with pytest.raises(PdfError, match="libpango"):
        pdf.make_pdf(Job(library.load("troika"), "nl", "sheet"))


def test_the_command_prints_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, cards, picture = tmp_path / "sheet.pdf", tmp_path / "cards.pdf", tmp_path / "flow.svg"
    link = "https://kring.example/m/" + "a" * 20 + "#k=" + "b" * 43
    printing_ = ["methods", "print", "troika", "--lang", "nl"]
    assert main([*printing_, "--link", link, "-o", str(sheet)]) == 0
    assert main([*printing_, "--cards", "-o", str(cards)]) == 0
    assert main(["methods", "draw", "troika", "--lang", "nl", "-o", str(picture)]) == 0
    assert capsys.readouterr().out.split() == [str(sheet), str(cards), str(picture)]
    assert flat(link) in "".join(pages(sheet.read_bytes()))
    assert len(pages(cards.read_bytes())) == 3
    assert picture.read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["troikka"], "troika"),
        (["troika", "--lang", "fr"], "nl, en, de"),
        (["nowhere.yaml"], "cannot be read"),
        (["troika", "-o", "/nowhere/at/all.svg"], "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods", "draw", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_the_command_takes_a_method_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("kring: 1\n", "utf-8")
    assert main(["methods", "draw", str(bad)]) == 2
    assert "bad.yaml:1:1" in capsys.readouterr().err
    good = tmp_path / "troika.yaml"
    good.write_bytes(library.source("troika"))
    assert main(["methods", "draw", str(good), "-o", str(tmp_path / "x.svg")]) == 0
