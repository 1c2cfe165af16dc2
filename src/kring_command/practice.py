"""``kring practice``: a server on this machine alone, with simulated colleagues, and a page to begin."""

from __future__ import annotations

import argparse
import threading
import webbrowser

from kring_command import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = "Serves on this machine alone, prints the address and opens it in a browser."
    parser.add_argument("--data", metavar="FOLDER", help="folder to keep everything in (default: your own data folder)")
    parser.add_argument("--port", metavar="PORT", help="port to listen on (default: 8000)")
    parser.add_argument("--no-open", action="store_true", help="print the address, open no browser")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl+C."""

    def ready(url: str) -> None:
        print(f"Kring is at {url}  (stop with Ctrl+C)", flush=True)
        if not arguments.no_open:
            # A browser may take its time to answer; the server doesn't wait for it.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    options = {
        "KRING_DATA": arguments.data,
        "KRING_PORT": arguments.port,
        "KRING_HOST": "127.0.0.1",
        "KRING_PRACTICE": "on",
    }
    serve.start(options, ready=ready, mailbox=True)
    return 0
