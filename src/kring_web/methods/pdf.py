"""A method as a PDF on A4: a sheet for the table, or a card for each role.

The server runs this as a program of its own (``python -m kring_web.methods.pdf``, a job as JSON on its input, a PDF
on its output), so that a second of typesetting never delays a meeting; the command line calls ``make_pdf`` directly.
WeasyPrint and the libraries of the system that it needs are loaded only here, and only when a PDF is made.
"""

from __future__ import annotations

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
from kring_web.methods import drawing
from kring_web.methods.method_text import MethodText, describe
from kring_web.web.tokens import STYLESHEET as TOKENS

if TYPE_CHECKING:
    from weasyprint import Document

Kind = Literal["sheet", "cards"]
WEB = Path(__file__).resolve().parent.parent
STYLES = (WEB / "web/static/web/paper-fonts.css", TOKENS, WEB / "methods/static/methods/paper.css")
TEMPLATES = (WEB / "web/templates", WEB / "methods/templates")
MAX_PAGES = 2
"""A sheet has two sides."""
ONE_SIDE = (11.5, 11, 10.5, 10, 9.5)
"""Sizes of type in points, the largest first. A sheet keeps to one side when it can be read at that."""
TWO_SIDES = (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8)
CARDS = (21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10)
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


def make_pdf(job: Job) -> bytes:
    """The job as a PDF, in the largest type in which it fits on its pages; raises ``PdfError``."""
    text = describe(job.method, job.language)
    with translation.override(job.language):
        page = render_to_string(f"methods/{job.kind}_paper.html", context(text, job.address))
    lay_out = _typesetter(page)
    if job.kind == "cards":
        document = _fit(lay_out, CARDS, len(text.cards))
    else:
        document = _fit(lay_out, ONE_SIDE, 1) or _fit(lay_out, TWO_SIDES, MAX_PAGES)
    if document is None:
        raise PdfError(f"`{job.method.id}` says more than fits on its paper; make its texts shorter.")
    pdf: bytes = document.write_pdf()
    return pdf


def context(text: MethodText, address: str, *, styled: bool = True) -> dict[str, object]:
    """What the templates of the paper need. ``styled``: a drawing carries its own colours in a PDF, never in a browser."""
    return {
        "text": text,
        "ring": drawing.ring(text, styled=styled),
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


def _typesetter(page: str) -> Callable[[float], Document]:
    """A function that lays the page out in a size of type, in points. It reads our own styles and fonts, and loads nothing else."""
    weasyprint = _weasyprint()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("file",))
    fonts = weasyprint.text.fonts.FontConfiguration()
    own = {"font_config": fonts, "url_fetcher": fetcher}
    styles = [weasyprint.CSS(filename=name, **own) for name in STYLES]
    html = weasyprint.HTML(string=page, url_fetcher=fetcher)

    def lay_out(size: float) -> Document:
        sized = weasyprint.CSS(string=f"html {{ font-size: {size}pt }}", **own)
        document: Document = html.render(stylesheets=[*styles, sized], font_config=fonts)
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
    set_up()
    try:
        sys.stdout.buffer.write(make_pdf(_JOB.decode(sys.stdin.buffer.read())))
    except PdfError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
