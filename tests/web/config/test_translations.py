"""The translations: everything that pages say is there in Dutch, and nothing more."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from kring_web.config import translations

WEB = translations.FOLDER.parent
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None}


def said(paths: list[Path] | None = None) -> set[str]:
    """Every text that these files, or all templates and all code, mark for translation."""
    found = set()
    for path in paths or [*WEB.glob("*/templates/**/*.html"), *WEB.glob("**/*.py")]:
        text = path.read_text(encoding="utf-8")
        source = templatize(text) if path.suffix == ".html" else text
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


@pytest.fixture
def dutch() -> dict[str, str]:
    with (WEB / "locale/nl/LC_MESSAGES/django.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="nl") if message.id}


def test_all_that_is_said_is_said_in_dutch_too(dutch: dict[str, str]) -> None:
    assert said()
    assert {text for text in said() if not dutch.get(text)} == set()


def test_no_translation_is_left_over(dutch: dict[str, str]) -> None:
    assert set(dutch) - said() == set()


def test_translations_keep_their_blanks(dutch: dict[str, str]) -> None:
    for text, translated in dutch.items():
        assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(re.findall(r"%\(\w+\)s", translated)), text


@pytest.mark.parametrize("language", ["de", "fr"])
def test_methods_are_told_whole_in_the_other_languages_of_methods(language: str) -> None:
    spoken_in_two = {"comparing.py", "questions.py", "choose.html", "pick.html"}
    sources = [path for path in (*WEB.glob("methods/*.py"), *WEB.glob("methods/templates/methods/*")) if path.is_file()]
    sources.append(WEB / "web/templates/web/layout.html")
    with (WEB / "locale" / language / "LC_MESSAGES/django.po").open("rb") as file:
        known = {str(message.id) for message in read_po(file, locale=language) if message.id and message.string}
    wanted = said([path for path in sources if path.name not in spoken_in_two])
    assert wanted
    assert wanted - known == set()
    assert known <= said()


def copy(folder: Path, text: str) -> Path:
    target = folder / "nl" / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")
    return target


def test_compiling_makes_what_gettext_reads(tmp_path: Path) -> None:
    source = copy(tmp_path, (WEB / "locale/nl/LC_MESSAGES/django.po").read_text(encoding="utf-8"))
    assert translations.is_stale(tmp_path)
    assert translations.compile_catalogues(tmp_path) == (source.with_suffix(".mo"),)
    assert not translations.is_stale(tmp_path)
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert translations.is_stale(tmp_path)


def test_a_faulty_catalogue_is_refused(tmp_path: Path) -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    copy(tmp_path, head + '#, python-format\nmsgid "%(n)s"\nmsgstr "%(m)s"\n')
    with pytest.raises(ValueError, match="nl"):
        translations.compile_catalogues(tmp_path)
