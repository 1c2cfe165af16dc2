"""``kring methods print ID`` and ``kring methods draw ID``: a method on paper, and its flow as a picture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kring_command import method_files
from kring_command.errors import CommandError

if TYPE_CHECKING:
    from kring.methods.model import Method

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse gives it no public name)


def add_parsers(inner: Subparsers) -> None:
    """Add both to the subcommands of ``methods``."""
    printing = inner.add_parser("print", help="a method on two sides of paper, or a card for each role, as PDF")
    printing.add_argument("--cards", action="store_true", help="a card for each role instead of the sheet")
    printing.add_argument(
        "--link",
        default="",
        help="what its QR code leads to, such as a room's link (whoever has the paper has the link)",
    )
    drawing_one = inner.add_parser("draw", help="the flow of a method as a picture (SVG)")
    for one in (printing, drawing_one):
        one.add_argument("id", help="the id of a method in the library, or a method file")
        one.add_argument("--lang", "--language", dest="language", default="en", help="its language (default: en)")
        one.add_argument("-o", "--output", metavar="FILE", help="where to write it; - for standard output")


def run_print(args: argparse.Namespace) -> int:
    """Write the paper."""
    from kring_web.methods import pdf  # noqa: PLC0415 -- Django, which other commands do without

    pdf.set_up()
    method = _method(args)
    job = pdf.Job(method, args.language, "cards" if args.cards else "sheet", args.link)
    try:
        paper = pdf.make_pdf(job, _lacking)
    except pdf.PdfError as error:
        raise CommandError(str(error)) from None
    _write(args.output or f"kring-{method.id}-{job.kind}-{args.language}.pdf", paper)
    return 0


def run_draw(args: argparse.Namespace) -> int:
    """Write the picture."""
    from kring_web.methods import drawing, method_text, pdf  # noqa: PLC0415 -- Django, which other commands do without

    pdf.set_up()
    method = _method(args)
    picture = drawing.ring(method_text.describe(method, args.language), styled=True, named=True)
    _write(args.output or f"kring-{method.id}-{args.language}.svg", f"{picture}\n".encode())
    return 0


def _method(args: argparse.Namespace) -> Method:
    from kring_web.methods.method_text import languages  # noqa: PLC0415 -- Django, which other commands do without

    method = method_files.find(args.id)
    if args.language not in languages(method):
        raise CommandError(
            f"`{method.id}` is not there in `{args.language}`. There are: {', '.join(languages(method))}."
        )
    return method


def _lacking(characters: str) -> None:
    print(
        f"No font of this machine has {' '.join(characters)}, so a question mark is in its place. On Debian or Ubuntu: "
        "sudo apt-get install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji",
        file=sys.stderr,
    )


def _write(name: str, content: bytes) -> None:
    if name == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise CommandError(f"{name} cannot be written ({error.strerror}).") from None
    print(name)
