"""A method as a PDF on A4: a sheet for the table, or a card for each role.

The server runs this as a program of its own (``python -m kring_web.methods.pdf``, a job as JSON on its input, a PDF
on its output), so that a second of typesetting never delays a meeting; the command line calls ``make_pdf`` directly.
WeasyPrint and the libraries of the system that it needs are loaded only here, and only when a PDF is made.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from kring.methods.model import Method
from kring_web.methods import drawing, glyphs
from kring_web.methods.method_text import MethodText, describe
from kring_web.web.tokens import STYLESHEET as TOKENS

if TYPE_CHECKING:
    from weasyprint import Document

Kind = Literal["sheet", "cards"]
WEB = Path(__file__).resolve().parent.parent
STYLES = (WEB / "web/static/web/paper-fonts.css", TOKENS, WEB / "methods/static/methods/paper.css")
TEMPLATES = (WEB / "web/templates", WEB / "methods/templates")
_NICE = 3
MAX_PAGES = 2
"""A sheet has two sides."""
ONE_SIDE = (11.5, 11, 10.5, 10, 9.5)
"""Sizes of type in points, the largest first. A sheet keeps to one side when it can be read at that."""
TWO_SIDES = (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8)
CARDS = (21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9.5, 9, 8.5, 8)
MISSING = (
    "To make a PDF, WeasyPrint needs the library Pango of this machine, which is not there.\n"
    "On Debian or Ubuntu: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


class PdfError(Exception):
    """Why no PDF can be made, in a sentence for the operator."""


class Job(msgspec.Struct, frozen=True):
    """What to print. ``address``: what the QR code leads to; nothing: no code."""

    method: Method
    language: str
    kind: Kind
    address: str = ""


_JOB = msgspec.json.Decoder(Job)


def make_pdf(job: Job, warn: Callable[[str], object] | None = None) -> bytes:
    """The job as a PDF, in the largest type in which it fits on its pages; raises ``PdfError``.

    ``warn``: told of the characters that no font of this machine has, if there are any. The paper says so too.
    """
    text = describe(job.method, job.language)
    typesetter = _Typesetter()
    page = _page(job, text)
    if unprintable := glyphs.missing(page, typesetter.fonts):
        page = _page(job, text, glyphs.code_points(unprintable)).translate(dict.fromkeys(map(ord, unprintable), "?"))
        if warn:
            warn(unprintable)
    lay_out = typesetter.laying_out(page)
    if job.kind == "cards":
        document = _fit(lay_out, CARDS, len(text.cards))
    else:
        fits = len(lay_out(ONE_SIDE[-1]).pages) == 1
        document = _fit(lay_out, ONE_SIDE, 1) if fits else _fit(lay_out, TWO_SIDES, MAX_PAGES)
    if document is None:
        raise PdfError(f"`{job.method.id}` says more than fits on its paper; make its texts shorter.")
    pdf: bytes = document.write_pdf()
    return pdf


def _page(job: Job, text: MethodText, unprintable: str = "") -> str:
    with translation.override(job.language):
        return render_to_string(
            f"methods/{job.kind}_paper.html", context(text, job.address) | {"unprintable": unprintable}
        )


def context(text: MethodText, address: str, *, styled: bool = True) -> dict[str, object]:
    """What the templates of the paper need. ``styled``: a drawing carries its own colours in a PDF, never in a browser."""
    return {
        "text": text,
        "ring": drawing.ring(text, styled=styled, named=True),
        "address": address,
        "code": qr(address) if address else "",
    }


def qr(address: str) -> SafeString:
    """A QR code as SVG."""
    return SafeString(segno.make(address, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))


def _fit(lay_out: Callable[[float], Document], sizes: Sequence[float], most: int) -> Document | None:
    """Lay it out in the largest size that fits on so many pages, by binary search; ``None`` when none does."""
    low, high = 0, len(sizes) - 1
    found: Document | None = None
    while low <= high:
        middle = (low + high) // 2
        document = lay_out(sizes[middle])
        if len(document.pages) <= most:
            found, high = document, middle - 1
        else:
            low = middle + 1
    return found


class _Typesetter:
    """Our own styles and fonts, and nothing else: nothing is loaded from anywhere."""

    def __init__(self) -> None:
        self._weasyprint = _weasyprint()
        self._fetcher = self._weasyprint.urls.URLFetcher(allowed_protocols=("file",))
        self.fonts = self._weasyprint.text.fonts.FontConfiguration()
        self._own = {"font_config": self.fonts, "url_fetcher": self._fetcher}
        self._styles = [self._weasyprint.CSS(filename=name, **self._own) for name in STYLES]

    def laying_out(self, page: str) -> Callable[[float], Document]:
        """A function that lays the page out in a size of type, in points."""
        html = self._weasyprint.HTML(string=page, url_fetcher=self._fetcher)

        def lay_out(size: float) -> Document:
            sized = self._weasyprint.CSS(string=f"html {{ font-size: {size}pt }}", **self._own)
            document: Document = html.render(stylesheets=[*self._styles, sized], font_config=self.fonts)
            return document

        return lay_out


def _weasyprint() -> Any:  # noqa: ANN401 -- a module, loaded late
    try:
        import weasyprint.text.fonts  # noqa: PLC0415 -- needs libraries of the system, which a server without paper does without
    except (ImportError, OSError):
        raise PdfError(MISSING) from None
    return weasyprint


def set_up() -> None:
    """Templates and translations without a server's settings: paper needs no database, no data folder and no secret."""
    import django  # noqa: PLC0415 -- with the settings that it is given here

    if settings.configured:
        return
    template = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": list(TEMPLATES)}
    settings.configure(TEMPLATES=[template], LANGUAGE_CODE="en", LOCALE_PATHS=[WEB / "locale"], USE_I18N=True)
    django.setup()


def main() -> int:
    """Print the job on the input."""
    with contextlib.suppress(OSError, AttributeError):  # AttributeError: Windows has no such thing
        os.nice(_NICE)  # live meetings come first
    set_up()
    try:
        # Said on a line of its own, which the server logs.
        pdf = make_pdf(
            _JOB.decode(sys.stdin.buffer.read()), lambda lost: sys.stderr.write(f"{glyphs.code_points(lost)}\n")
        )
        sys.stdout.buffer.write(pdf)
    except PdfError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
