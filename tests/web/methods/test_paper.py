"""Methods on paper: two sides at most, a card for each role, nothing left out, in every language of every method."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client
from msgspec.structs import replace
from pypdf import PdfReader

from kring.methods import library
from kring.methods.model import Method, Prompt
from kring_command.__main__ import main
from kring_web.methods import pdf, pdf_process
from kring_web.methods.method_text import Card, CardStep, describe, languages
from kring_web.methods.pdf import Job, Kind, PdfError
from tests.library import FIRST

A4 = (595, 842)


def wordiest(method: Method) -> str:
    """The language in which it says most, and so fits least."""
    return max(languages(method), key=lambda language: len(str(describe(method, language))))


def readings(kind: Kind) -> Iterator[tuple[str, str]]:
    """Each method in its wordiest language, the first ones in all: as a sheet or as cards, in turn."""
    for number, name in enumerate(library.names()):
        method = library.load(name)
        for place, language in enumerate(languages(method) if name in FIRST else [wordiest(method)]):
            if kind == ("cards" if (number + place) % 2 else "sheet"):
                yield name, language


def pages(pdf: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(pdf))
    for one in reader.pages:
        assert (round(one.mediabox.width), round(one.mediabox.height)) == A4
    return [flat(one.extract_text()) for one in reader.pages]


def flat(text: str) -> str:
    """Without what typesetting adds: ends of lines, hyphens there, ligatures."""
    return re.sub(r"\s+", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl"))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "language"), list(readings("sheet")))
def test_a_sheet_has_two_sides_at_most_and_every_prompt(method: str, language: str) -> None:
    found = library.load(method)
    sides = pages(pdf.make_pdf(Job(found, language, "sheet", f"https://kring.example/methods/{method}")))
    assert len(sides) <= pdf.MAX_PAGES
    whole = "".join(sides)
    told = describe(found, language)
    for step in (*told.steps, *(step for module in told.modules for step in module.steps)):
        for text in (step.name, step.minutes, step.voices, *(task.do for task in step.does)):
            assert flat(text) in whole, text
    assert all(flat(rule) in whole for rule in told.rules)
    assert all(flat(f"{module.name}{module.summary}") in whole for module in told.modules)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "language"), list(readings("cards")))
def test_each_role_has_one_card(method: str, language: str) -> None:
    found = library.load(method)
    told = describe(found, language)
    cards = pages(pdf.make_pdf(Job(found, language, "cards")))
    assert len(cards) == len(told.cards) == 3 + sum(card.id in found.roles for card in told.cards)
    for card, text in zip(told.cards, cards, strict=True):
        assert flat(card.role) in text
        for one in every_step(card):
            assert all(flat(f"{task.do}{task.why}") in text for task in one.tasks)
            assert all(flat(hint) in text for hint in one.hints)
        assert card.id != "facilitator" or all(flat(one) in text for one in told.slow_down)


def every_step(card: Card) -> Iterator[CardStep]:
    for one in card.steps:
        yield one
        for _name, steps in one.modules:
            yield from steps


def texts(what: str) -> dict[str, str]:
    return dict.fromkeys(("nl", "en", "de"), what)


def of_everything() -> Method:
    """A method that says what the library's don't: a role beside everyone, a warning, long words, letters of everywhere."""
    method = library.load("troika")
    share = method.round[0]
    long = "Einzelfallbesprechungsvorbereitungsgruppenmoderationsverantwortlichkeitsübernahme" * 2
    prompts = {"owner": Prompt(texts("Tell it.")), "everyone": Prompt(texts("Listen, Łukasz 😀 and 日本."))}
    changed = replace(share, name=texts(long), prompts=prompts)
    return replace(method, caution=texts("Only for those who agreed."), round=(changed, *method.round[1:]))


@pytest.fixture(scope="module")
def lacking() -> tuple[list[str], str]:
    """The sheet of that method, and what was said of its characters."""
    said: list[str] = []
    made = pdf.make_pdf(Job(of_everything(), "en", "sheet"), said.append)
    return pages(made), "".join(said)


def test_whoever_has_no_prompt_of_their_own_is_all_others(lacking: tuple[list[str], str]) -> None:
    assert "Caseowner:Tellit." in "".join(lacking[0])
    assert "Allothers:Listen," in "".join(lacking[0])
    (first,) = describe(library.load("waarderend-lang"), "en").steps[5].does[1:]
    assert first.role == "All others"
    assert [task.role for task in describe(only_everyone(), "en").steps[1].does] == ["Everyone"]


def only_everyone() -> Method:
    method = library.load("troika")
    changed = replace(method.round[0], prompts={"everyone": Prompt(texts("Listen."))})
    return replace(method, round=(changed, *method.round[1:]))


def test_a_warning_has_its_own_heading(lacking: tuple[list[str], str]) -> None:
    assert "TakecareOnlyforthosewhoagreed." in "".join(lacking[0])


def test_the_ring_has_its_legend_and_the_names_of_its_steps(lacking: tuple[list[str], str]) -> None:
    for legend in ("The case owner speaks", "Advice is allowed", "Each alone, in silence"):
        assert flat(legend) in lacking[0][0]
    for name in ("1. Reflect", "3. Clarify"):
        assert flat(name) in lacking[0][0]


def test_the_largest_group_needs_more_minutes_where_everyone_brings_a_case(lacking: tuple[list[str], str]) -> None:
    assert "28–37min" in lacking[0][0]
    assert describe(library.load("linxx-9"), "nl").minutes == "90 min"


def test_what_no_font_has_is_told_on_the_paper_and_to_whoever_prints(
    lacking: tuple[list[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """This machine may have a font for some of them: those are printed."""
    sides, said = lacking
    assert set(said) <= set("😀日本")
    assert flat("Listen, Łukasz") in "".join(sides)
    for one in said:
        assert f"U+{ord(one):04X}" in "".join(sides)
    file = tmp_path / "troika.yaml"
    private = "\ue000"
    file.write_text(library.source("troika").decode().replace("Listen", f"Listen {private}", 1), "utf-8")
    assert main(["methods", "print", str(file), "--lang", "en", "-o", str(tmp_path / "x.pdf")]) == 0
    assert "No font of this machine has \ue000" in capsys.readouterr().err


def test_long_words_break(lacking: tuple[list[str], str]) -> None:
    assert flat("Einzelfallbesprechungsvorbereitungsgruppenmoderationsverantwortlichkeitsübernahme" * 2) in "".join(
        lacking[0]
    )


def test_letters_of_europe_are_in_the_same_type() -> None:
    method = replace(library.load("troika"), name=texts("Łąka, šťastný, İyi, ő"))
    reader = PdfReader(io.BytesIO(pdf.make_pdf(Job(method, "en", "sheet"))))
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = {str(font.get_object()["/BaseFont"]) for one in resources for font in one["/Font"].values()}
    assert fonts
    assert all("Atkinson" in font for font in fonts), fonts


@pytest.mark.parametrize(
    ("method", "number", "language", "said"),
    [
        ("troika", 1, "en", "Each alone, in silence. Everyone’s case is taken up"),
        ("tietze-6", 5, "en", "The others speak in turn"),
        ("tietze-6", 3, "en", "Speaking: Case owner, Facilitator"),
        ("tietze-6", 4, "nl", "De gespreksleider beslist met de groep"),
        ("leading-org-7", 1, "de", "Alle sprechen reihum. Alle stimmen ab"),
        ("leading-org-7", 3, "nl", "De anderen spreken om de beurt, de inbrenger antwoordt steeds"),
        ("codev-6", 4, "fr", "Le client parle"),
        ("linxx-9", 6, "en", "The others speak"),
        ("balint-group", 6, "en", "Speaking: Facilitator"),
        ("waarderend-lang", 2, "en", "Everyone may speak"),
    ],
)
def test_who_speaks_is_told_from_the_rule(method: str, number: int, language: str, said: str) -> None:
    assert describe(library.load(method), language).steps[number - 1].voices == said


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


def test_characters_that_no_font_has_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    method = replace(library.load("troika"), name=texts("Troika \ue000"))
    assert pages(pdf_process._run(msgspec.json.encode(Job(method, "en", "cards"))))
    (line,) = [one for one in caplog.records if one.message == "A PDF lacks characters"]
    assert line.__dict__["error"] == "U+E000"


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
        (["troika", "--lang", "es"], "nl, en, de, fr"),
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


def test_what_takes_too_long_is_not_tried_again_by_everybody_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large method and 45 requests kept 50 threads for 70 seconds, and then all were refused."""
    tries: list[bytes] = []
    begun, over = threading.Event(), threading.Event()

    def slow(asked: bytes) -> bytes:
        tries.append(asked)
        begun.set()
        over.wait(20)
        raise pdf_process.TooSlowError("It took too long.")

    monkeypatch.setattr(pdf_process, "_run", slow)
    monkeypatch.setattr(pdf_process, "_too_long", {})
    monkeypatch.setattr(pdf_process, "_cache", {})
    job = Job(library.load("troika"), "fr", "sheet")
    with ThreadPoolExecutor(45) as pool:
        first = pool.submit(pdf_process.pdf_of, job)
        assert begun.wait(20)
        others = [pool.submit(pdf_process.pdf_of, job) for _ in range(44)]
        refused = [one for one in as_completed([first, *others][pdf_process.WAITING :], 20) if one.exception()]
        assert len(refused) >= 45 - pdf_process.WAITING, "all that find no place are refused at once"
        over.set()
        assert all(isinstance(one.exception(20), PdfError) for one in (first, *others))
    assert len(tries) == 1
    with pytest.raises(PdfError, match="a moment ago"):
        pdf_process.pdf_of(job)
