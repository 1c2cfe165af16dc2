"""The translations: all that pages say is there in each language that they are offered in, and nothing more."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils.translation.template import templatize

from kring import languages
from kring_web.config import reference
from kring_web.config import translations as catalogues

WEB = catalogues.FOLDER.parent
LIST = WEB.parents[1] / "client" / "src" / "design" / "languages.gen.ts"
NAMES = LIST.with_name("names.gen.ts")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2)}


def said(paths: list[Path] | None = None) -> set[str]:
    """Every text that these files, or all templates and all code, mark for translation."""
    found: set[str] = set()
    for path in paths or [*WEB.glob("*/templates/**/*.html"), *WEB.glob("*/templates/**/*.txt"), *WEB.glob("**/*.py")]:
        text = path.read_text(encoding="utf-8")
        source = templatize(text) if path.suffix in (".html", ".txt") else text
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            found.update([message] if isinstance(message, str) else message)
    return found


def translations(language: str) -> dict[str, str]:
    """By text, for as far as it was translated."""
    with (WEB / "locale" / language / "LC_MESSAGES/django.po").open("rb") as file:
        catalogue = list(read_po(file, locale=language))
    found: dict[str, str] = {}
    for one in catalogue:
        texts, translated = forms(one.id), forms(one.string)
        found |= {text: to for text, to in zip(texts, translated, strict=True) if text and to}
    return found


def forms(text: str | Sequence[str] | None) -> list[str]:
    """The singular and the plural, or the one form that there is."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", [code for code in languages.SCREENS if code != "en"])
def test_all_that_pages_say_is_said_in_each_language_they_are_offered_in(language: str) -> None:
    """So a language is switched on in ``kring.languages`` once it is whole, and not before. The client's texts: its compiler."""
    assert said()
    assert said() - translations(language).keys() == set()


@pytest.mark.parametrize("language", [code for code in languages.LANGUAGES if code != "en"])
def test_no_translation_is_left_over(language: str) -> None:
    assert translations(language).keys() - said() == set()


@pytest.mark.parametrize("language", [code for code in languages.LANGUAGES if code != "en"])
def test_translations_keep_their_blanks(language: str) -> None:
    for text, translated in translations(language).items():
        assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(re.findall(r"%\(\w+\)s", translated)), text


@pytest.mark.parametrize("language", ["de", "fr"])
def test_methods_are_told_whole_in_the_other_languages_of_methods(language: str) -> None:
    spoken_in_two = {"comparison.py", "questions.py", "choose.html", "pick.html"}
    sources = [path for path in (*WEB.glob("methods/*.py"), *WEB.glob("methods/templates/methods/*")) if path.is_file()]
    sources.append(WEB / "web/templates/web/layout.html")
    wanted = said([path for path in sources if path.name not in spoken_in_two])
    assert wanted
    assert wanted - translations(language).keys() == set()


def copy(folder: Path, text: str) -> Path:
    target = folder / "nl" / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")
    return target


def test_compiling_makes_what_gettext_reads(tmp_path: Path) -> None:
    source = copy(tmp_path, (WEB / "locale/nl/LC_MESSAGES/django.po").read_text(encoding="utf-8"))
    assert catalogues.is_stale(tmp_path)
    assert catalogues.compile_catalogues(tmp_path) == (source.with_suffix(".mo"),)
    assert not catalogues.is_stale(tmp_path)
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))  # as an installer may, which writes the files in any order
    assert not catalogues.is_stale(tmp_path)
    source.write_text(source.read_text("utf-8").replace("Taal", "Spraak"), "utf-8")
    os.utime(source, (1, 1))
    assert catalogues.is_stale(tmp_path)


@pytest.mark.parametrize("raw", [b"", b"\xde\x12\x04\x95", b"nothing of gettext's"])
def test_a_damaged_compilation_is_made_anew(tmp_path: Path, raw: bytes) -> None:
    source = copy(tmp_path, (WEB / "locale/nl/LC_MESSAGES/django.po").read_text(encoding="utf-8"))
    source.with_suffix(".mo").write_bytes(raw)
    assert catalogues.is_stale(tmp_path)
    catalogues.compile_catalogues(tmp_path)
    assert not catalogues.is_stale(tmp_path)


def test_a_faulty_catalogue_is_refused(tmp_path: Path) -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    copy(tmp_path, head + '#, python-format\nmsgid "%(n)s"\nmsgstr "%(m)s"\n')
    with pytest.raises(ValueError, match="nl"):
        catalogues.compile_catalogues(tmp_path)


def test_languages_are_listed_once() -> None:
    assert set(get_args(languages.Code)) == set(languages.LANGUAGES)
    assert [code for code, _ in settings.LANGUAGES] == list(languages.SCREENS)
    assert LIST.read_text("utf-8") == reference.typescript(), "run: make generate"
    assert NAMES.read_text("utf-8") == reference.typescript_names(), "run: make generate"


def test_pages_are_offered_in_no_other_language(visitor: Client) -> None:
    page = visitor.get("/").content.decode()
    assert re.findall(r'<button name="language" value="(\w\w)"', page) == list(languages.SCREENS)
