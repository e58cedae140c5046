"""The phone's shell: a page that knows nobody, and the list of all it consists of, for the service worker.

The page is the same bytes for everybody who reads one language, so that it can be kept on a phone and shown
to whoever holds it next. What is built stays as it is while the server runs: all of this is made once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info

from mapui.pages.language import javascript_catalog

if TYPE_CHECKING:
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

#: What the page names itself; the chunks that the scripts share are found in them.
_FILES: Final = (
    "dist/phone.js",
    "dist/phone.css",
    "dist/icon.svg",
    "dist/icon-192.png",
    "leaflet/leaflet.js",
    "leaflet/leaflet.css",
)
#: How esbuild writes the address of a chunk.
_CHUNK: Final = re.compile(rb'"\./((?:chunks/)?[\w.-]+\.js)"')
_WORKER: Final = "dist/phone-worker.js"


@cache
def page(language: str) -> bytes:
    """Return the page in one of the site's languages."""
    with translation.override(language):
        return render_to_string("phone/shell.html", {"languages": _languages()}).encode()


@cache
def service_worker() -> bytes:
    """Return the script of the service worker, with the list of files in front of it.

    The list has for each address the hash of its content. Its ``version`` is that of all of them and of
    the script: whenever any of it changes, the phone is offered the new version.
    """
    script = _read(_WORKER)
    pages = {code: reverse("phone_shell", args=[code]) for code, _name in settings.LANGUAGES}
    files = _static_files() | {address: page(code) for code, address in pages.items()} | _catalogues()
    hashes = {address: _integrity(content) for address, content in sorted(files.items())}
    version = hashlib.sha256(json.dumps(hashes).encode() + script).hexdigest()[:16]
    shell = {"version": version, "files": hashes, "pages": pages}
    return b"globalThis.LINGE_SHELL = %s;\n%s" % (json.dumps(shell).encode(), script)


def _languages() -> list[tuple[str, str]]:
    """Return the site's languages, each by its own name."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def _static_files() -> dict[str, bytes]:
    """Return what the page loads, by its address: scripts with what they import, styles, pictures."""
    # As it is answered: collectstatic writes hashes into names, and into what names them.
    stored = cast("ManifestStaticFilesStorage", staticfiles_storage)
    found = {stored.url(name): _read(stored.stored_name(name)) for name in _FILES}
    names = [f"dist/{chunk}" for chunk in _chunks(_read("dist/phone.js"))]
    while names:
        name = names.pop()
        address = f"{settings.STATIC_URL}{name}"  # a chunk has its hash from esbuild, and is asked for by it
        if address not in found:
            found[address] = _read(name)
            names += [f"dist/chunks/{chunk}" for chunk in _chunks(found[address])]
    return found


def _chunks(script: bytes) -> list[str]:
    return [match.decode() for match in _CHUNK.findall(script)]


def _catalogues() -> dict[str, bytes]:
    """Return the strings of the scripts in each language."""
    request = HttpRequest()
    request.method = "GET"
    return {
        reverse("javascript_catalog", args=[code]): javascript_catalog(request, code).content  # type: ignore[attr-defined]
        for code, _name in settings.LANGUAGES
    }


def _read(name: str) -> bytes:
    with staticfiles_storage.open(name) as file:
        content: bytes = file.read()
    return content


def _integrity(content: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
