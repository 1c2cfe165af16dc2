"""Static files straight from this process: compressed beforehand, hashed names cached for a year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUILT = "kring/"
"""Where the built client is, below the address of the static files."""

VITE_NAME = re.compile(r"/kring/.*-[A-Za-z0-9_-]{8,}\.(js|css|woff2|svg)$")
DJANGO_NAME = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")


def is_immutable(path: str, url: str) -> bool:  # noqa: ARG001 -- whitenoise passes both
    """Whether the name changes with the content: Vite's hash or Django's."""
    return bool(VITE_NAME.search(url) or DJANGO_NAME.search(url))


class Storage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, but for what the build did already.

    The client's names carry Vite's hash, and its compressed copies lie beside its files. To do that again takes seconds.
    """

    def post_process(self, paths: dict[str, object], **options: object) -> Iterator[object]:
        """Hash and compress all files but those of the built client."""
        own = {name: found for name, found in paths.items() if not name.startswith(BUILT)}
        yield from super().post_process(own, **options)


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, answering with the bytes at once.

    Its own streaming response is synchronous, which Django's ASGI handler warns about; our files are small.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The static file, or what comes further down.

        A client that was built anew while the server runs has names that were not collected when it started. The pages
        name them at once, for they read its manifest again, so they are served from where they were built.
        """
        url = request.path_info
        if url.startswith(self.static_prefix + BUILT) and url not in self.files and self.url_is_canonical(url):
            path = finders.find(url.removeprefix(self.static_prefix))
            if path and is_immutable(path, url):
                self.add_file_to_dictionary(url, path)
        answer: HttpResponse = super().__call__(request)
        return answer

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file, or what its conditional headers ask for."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file:
                body = found.file.read()
        response = HttpResponse(body, status=int(found.status))
        for name in ("Content-Type", *response.headers):
            del response.headers[name]
        for name, value in found.headers:
            response.headers[name] = value
        return response
