"""A text that is no YAML, or not the YAML that its writer meant, is told where it was meant otherwise, and in words."""

from __future__ import annotations

import pytest
import yaml

from kring.methods import yaml_faults, yaml_source
from kring.methods.errors import MethodError, Problem

LOADERS = [pytest.param(yaml.CSafeLoader, id="libyaml"), pytest.param(yaml.SafeLoader, id="pyyaml")]

FAULTS: dict[str, list[tuple[str, int, int]]] = {
    "tab": [
        ("round:\n\t- id: tell\n", 2, 1),
        ("a:\n  b: 1\n\tc: 2\n", 3, 1),
        ("a:\n  b:\n  \tc: 2\n", 3, 3),
        ("a:\n  - b: 1\n  \t- c\n", 3, 3),
    ],
    "quote-open": [
        ('kring: 1\nname: "Abc\nid: x\n', 2, 7),
        ("kring: 1\nname: 'Abc\nid: x\n", 2, 7),
        ('name:\n  nl: "Abc\n  en: "Def"\n  de: "Ghi"\n', 2, 7),
        ('name: {nl: "Abc\n  en: "Def", de: "Ghi"}\n', 1, 12),
        ('name: {nl: "Abc, en: "Def", de: "Ghi"}\nid: x\n', 1, 12),
        ('name: {nl: "Abc", en: "Def,\n  de: "Ghi"}\nid: x\n', 1, 23),
        ('nl: "Abc', 1, 5),
        ('nl: "Abc\n---\nen: "x"\n', 1, 5),
    ],
    "single-quote-within": [
        ("nl: 'Foto's maken'\nen: x\n", 1, 5),
        ("nl: 'Wat is 't?'\nen: 'x'\n", 1, 5),
        ("a: {nl: 'Foto's', en: 'x'}\n", 1, 9),
        ("- 'ja' of nee\n", 1, 3),
    ],
    "double-quote-within": [
        ('nl: "Zeg "ja" of nee"\nen: "x"\n', 1, 5),
        ('a: {nl: "Zeg "ja" of nee", en: "x"}\n', 1, 9),
        ('nl: "Ja" en nee\nen: x\n', 1, 5),
        ('nl: "Stap": een\n', 1, 5),
    ],
    "backslash": [
        ('nl: "een\\weg"\n', 1, 9),
        ('a: {nl: "C:\\kring", en: "x"}\n', 1, 12),
        ('nl: "twee\n  regels \\q"\n', 2, 10),
    ],
    "colon-in-text": [
        ("nl: Stap 1: vertellen\nen: x\n", 1, 5),
        ("nl: Let op:\nen: x\n", 1, 5),
        ("a: {nl: Stap 1: vertellen, en: x}\n", 1, 9),
        ("a: {nl: Let op:, en: x}\n", 1, 9),
        ("a:\n  - nl: Eerst: dan\n", 2, 9),
        ("nl: ’s Avonds: rust\n", 1, 5),
        ("a: {nl: ’s Avonds: rust, en: x}\n", 1, 9),
        ("a: {nl: ‘s Avonds: rust, en: x}\n", 1, 9),
        ("a: b: c\n", 1, 4),
    ],
    "curly-quotes": [
        ("nl: “Vertel”\n", 1, 5),
        ("nl: „Erzähl“\n", 1, 5),
        ("nl: ‘Vertel’\n", 1, 5),
        ("“nl”: Vertel\n", 1, 1),
        ("nl: “Stap 1: vertel”\n", 1, 5),
        ("a: {nl: “Ja, graag”, en: x}\n", 1, 9),
        ("a: {nl: ‘Ja, graag’, en: x}\n", 1, 9),
        ("a: {nl: “Let op: dit”}\n", 1, 9),
        ("- “a”\n", 1, 3),
        ("nl: « Vertel »\n", 1, 5),
        ("a: {nl: «Ja, graag», en: x}\n", 1, 9),
        ('nl: “Vertel"\n', 1, 5),
        ("nl: „Vertel\n", 1, 5),
        ('a: {nl: "Vertel”, en: "x"}\n', 1, 9),
        ("a: {nl: ‘Ja [graag] dan’, en: x}\n", 1, 9),
        ("a: {nl: “Ja [graag] dan”, en: x}\n", 1, 9),
        ("a: {nl: ‘Ja} graag’, en: x}\n", 1, 9),
        ("nl: “Vertel\n  verder”\n", 1, 5),
        ("a: {nl: ’s Avonds, zoals ’s ochtends’, en: x}\n", 1, 9),
    ],
    "comma-in-text": [
        ("a: {nl: Ja, graag, en: Yes}\n", 1, 9),
        ("a: {nl: Eerst, dan, en: Then}\n", 1, 9),
        ("a:\n  b: {en: x, nl: Nee, liever niet}\n", 2, 18),
        ("a: {nl: ’s Avonds, dan rust, en: x}\n", 1, 9),
        ("a: {en: x, nl: ’s Avonds, dan rust}\n", 1, 16),
        ("a: {nl: ‘s Avonds, dan rust, en: x}\n", 1, 9),
        ("a: {nl: ’s Avonds, dan “rust”, en: x}\n", 1, 9),
        ("a: {nl: ’s Avonds ‘rust’, dan werk, 'en': x}\n", 1, 9),
        ("a: {nl: „Kom“, sagt sie, en: x}\n", 1, 9),
        ("a: {en: The nurses’, then rest, nl: x}\n", 1, 9),
        ("a: {nl: ’s Avonds, dan\n  rust, en: x}\n", 1, 9),
        ("a: {nl: ’s Avonds\n  en dan, rust, en: x}\n", 1, 9),
    ],
    "bracket-in-text": [
        ("a: {nl: ’s Avonds {dan} rust, en: x}\n", 1, 9),
        ("a: {nl: Vertel [kort], en: x}\n", 1, 9),
        ("a: {en: x, nl: Vertel {kort, de: y}\n", 1, 16),
        ("a: [{nl: Vertel [kort}, {nl: x}]\n", 1, 10),
        ("a: {nl: Vertel] kort, en: x}\n", 1, 9),
        ("a: {nl: Vertel nu], en: x}\n", 1, 9),
        ("a: {en: x, nl: Vertel} kort}\n", 1, 16),
        ("a: {nl: Vertel }, en: x}\n", 1, 9),
        ("a: {b: {c: {nl: Vertel} kort, en: x}}\n", 1, 17),
    ],
    "no-value": [
        ("a: {b: [1], c}\n", 1, 13),
        ("a: {b: {d: 1}, c}\n", 1, 16),
        ('a: {b: "x", c, d: 1}\n', 1, 13),
        ('a: {"c"}\n', 1, 5),
        ("a: {b: x, c: , d: 1}\n", 1, 11),
        ("a:\n  b:\nc: 1\n", 2, 3),
    ],
    "decimal-comma": [
        ("a: {minutes: 4,5, x: 1}\n", 1, 14),
        ("minutes: {a: 0,25}\n", 1, 14),
    ],
    "comment-in-text": [
        ("a: {nl: Stap #2, en: x}\n", 1, 14),
        ("a: [Stap # 2, x]\n", 1, 10),
        ("a: {en: x,\n  nl: Stap #2}\nb: 1\n", 2, 12),
    ],
    "text-begins-with-mark": [
        ("nl: @thuis\n", 1, 5),
        ("nl: `x`\n", 1, 5),
        ("nl: %x\n", 1, 5),
        ("nl: |Let op\n", 1, 5),
        ("nl: > let op\n", 1, 5),
        ("nl: ? wat\n", 1, 5),
        ("nl: - wat\n", 1, 5),
        ("nl: *nooit* meer\n", 1, 5),
        ("nl: **nooit** meer\n", 1, 5),
        ("- && dan\n", 1, 3),
        ("nl: [Ja] of nee\n", 1, 5),
        ("nl: {Ja} of nee\n", 1, 5),
        ("nl: {naam}\n", 1, 5),
        ("nl: , en dan\n", 1, 5),
        ("a: {nl: [Naam] vertelt, en: x}\n", 1, 9),
        ("a: {nl: {Naam} vertelt, en: x}\n", 1, 9),
        ("@thuis: 1\n", 1, 1),
    ],
    "alias": [("nl: *let op* dit\n", 1, 5), ("- *a\n", 1, 3)],
    "anchor": [("nl: &c\n", 1, 5)],
    "tag": [("nl: !Let op\n", 1, 5)],
    "comma-missing": [
        ('a: {nl: "x" en: "y"}\n', 1, 13),
        ('a: ["x" "y"]\n', 1, 9),
        ('a: {nl: "x"; en: "y"}\n', 1, 12),
        ("a: {nl: x en: y}\n", 1, 11),
        ('a: {nl: "x",\n  en: "y"\n  de: "z"}\n', 3, 3),
        ("gives: [{who: owner what: question}]\n", 1, 21),
        ("a: [{b: 1} {c: 2}]\n", 1, 12),
        ("a: {\n  who: owner\n  what: question}\n", 3, 3),
        ("a: {b: {c: 1} d: 2}\n", 1, 15),
        ('a: {b: {c: "x"} d e, f: 2}\n', 1, 17),
        ('a: {b: [1] "d"}\n', 1, 12),
        ("a: [b [c]]\n", 1, 7),
    ],
    "bracket-open": [
        ("a: [1, 2\nb: 3\n", 1, 4),
        ("a: {b: 1\nc: 2\n", 1, 4),
        ("a: {b: 1, c: 2\n", 1, 4),
        ("- [a, b\n- c\n", 1, 3),
        ("a: {b: {c: 1}\nd: 2\n", 1, 4),
    ],
    "bracket-mismatch": [
        ("a: [1, 2}\nb: 1\n", 1, 4),
        ("a:\n  b: {c: [1, 2}\n", 2, 10),
        ('a: {b: "x"]\n', 1, 4),
        ("a: {min: 3, max: 6]\n", 1, 4),
        ("a: [{min: 3, max: 6], {min: 4, max: 8}]\n", 1, 5),
        ("a: {b: {min: 3], c: 4}\n", 1, 8),
    ],
    "bracket-extra": [
        ("a: {b: 1}}\nc: 2\n", 1, 10),
        ("a: [1]]\n", 1, 7),
        ("a: 1\n}\n", 2, 1),
        ("a: ]\n", 1, 4),
    ],
    "dash-without-space": [
        ("round:\n  -id: tell\n   kind: x\n", 2, 3),
        ("round:\n  -id: tell\n  -id: b\n", 2, 3),
        ("round:\n  - id: a\n  -id: b\n", 3, 3),
        ("a: 1\n-b\n", 2, 1),
    ],
    "dash-misplaced": [
        ("gives:\n  - who: owner\n - what: x\n", 3, 2),
        ("gives:\n  - who: owner\n   - what: x\n", 3, 4),
        ("a: 1\n- b\n", 2, 1),
    ],
    "colon-without-space": [
        ("a: 1\nb:2\nc: 3\n", 2, 2),
        ("b:2\nc: 3\n", 1, 2),
        ("a:\n  - b: 1\n    c:2\n    d: 3\n", 3, 6),
    ],
    "no-colon": [
        ("a: 1\njust words\nb: 2\n", 2, 1),
        ("a: 1\n  \njust words\n", 3, 1),
        ("a: 1\n--\nb: 2\n", 2, 1),
    ],
    "misaligned": [
        ("a: 1\n  b: 2\n", 2, 3),
        ("a:\n    b: 1\n  c: 2\n", 3, 3),
        ("a: |\n  x\n y\n", 3, 2),
        ("- a\nb: 1\n", 2, 1),
        ("nl: Ja\n  en: x\nde: y\n", 2, 3),
    ],
    "odd-space": [
        ("a:\n\u00a0\u00a0b: 1\n", 2, 1),
        ("a:\n  -\u00a0b: 1\n", 2, 4),
        ("a:\n \u3000b: 1\n", 2, 2),
        ("a: 1\n\u200bb: 2\n", 2, 1),
    ],
    "directive": [("%YAML 1.1\n---\na: 1\n", 1, 1)],
    "second-document": [("a: 1\n---\nb: 2\n", 2, 1)],
}
CASES = [
    pytest.param(code, *case, id=f"{code}-{number}")
    for code, cases in FAULTS.items()
    for number, case in enumerate(cases)
]
GOOD = [
    "url: http://example.org#part\n",
    'nl: "Stap #2: “ja”, zeg ik"\n',
    'nl: "„Was ist los?“"\n',
    "nl: Wie zegt “ja” en wie “nee”\n",
    "nl: Zeg “ja”\n",
    "nl: “Ja” is ook een antwoord\n",
    "nl: ’s Ochtends\n",
    "nl: ’s Ochtends zegt men “ja”\n",
    "a: {nl: ’s Ochtends, en: x}\n",
    "nl: twee * drie\n",
    "minutes: 5 # of the source\n",
    "nl: |\n  Stap 1: # vertel\n  - “ja”\n",
    'fr: "Raconte\u00a0: « oui »"\n',
    "a: {nl: 'Foto''s', en: \"x\"}\n",
    "a: [1, 2,\n  3]\n",
    'a: {"b":1}\n',
]


def fault(text: str) -> Problem:
    with pytest.raises(MethodError) as caught:
        yaml_source.parse(text.encode(), "fault.yaml")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("code", "text", "line", "column"), CASES)
def test_a_fault_is_told_where_it_was_meant_otherwise(
    code: str, text: str, line: int, column: int, loader: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_source, "_Loader", loader)
    found = fault(text)
    assert (found.remark.code, found.line, found.column) == (code, line, column), found.as_line()


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\u2028"])
def test_lines_are_counted_as_the_parser_counts_them(ending: str) -> None:
    found = fault(ending.join(["a: 1", "b: 2", "nl: Stap 1: vertellen", ""]))
    assert (found.remark.code, found.line, found.column) == ("colon-in-text", 3, 5)


def test_a_dash_that_was_left_out_is_thought_of() -> None:
    found = fault("round:\n  - id: a\n    id: b\n")
    assert (found.remark.code, found.line, found.column) == ("key-twice-in-entry", 3, 5)
    assert fault("round:\n  - {id: a, id: b}\n").remark.code == "key-twice"


def test_columns_count_characters() -> None:
    found = fault("a: {de: “Größe 😀”, nl: Stap 1: x}\n".replace("“", '"').replace("”", '"'))
    assert (found.remark.code, found.column) == ("colon-in-text", 24)


@pytest.mark.parametrize("text", GOOD)
def test_what_is_meant_is_read(text: str) -> None:
    assert yaml_source.parse(text.encode(), "good.yaml")[0]


def test_what_no_question_knows_is_told_where_the_parser_stopped() -> None:
    mark = yaml.Mark("a.yaml", 0, 0, 0, None, 0)
    error = yaml.MarkedYAMLError("while doing something new", None, "found nothing", mark)
    place, said = yaml_faults.diagnose("  \n a: b\n", error, yaml_faults.Seen())
    assert (place, said.code) == ((1, 1), "not-yaml")


def test_the_words_tell_what_to_write() -> None:
    assert fault("a:\n\tb: 1\n").message == "There is a tab here; use spaces, not tabs."
    assert fault("a: {minutes: 4,5}\n").message == "A number has a point, not a comma: write 4.5."
    assert "ends before `s maken'`" in fault("nl: 'Foto's maken'\n").message
    assert "The `{` that opens here is never closed; put `}` where it ends." in fault("a: {b: 1\nc: 2\n").message
