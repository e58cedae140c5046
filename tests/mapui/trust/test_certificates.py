"""The machine's own authority and its server's certificate: who trusts the one accepts the other."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import stat
import threading

import pytest
from asgiref.testing import ApplicationCommunicator
from cryptography import x509

from mapui.trust.certificates import (
    AUTHORITY_DAYS,
    SERVER_DAYS,
    Files,
    as_der,
    fingerprint,
    make_certificates,
)
from mapui.trust.page import FILE_NAME, application_for

NAMES = ("127.0.0.1", "localhost", "[::1]", "linge-box.local")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Files:
    return make_certificates(tmp_path_factory.mktemp("tls"), NAMES)


def handshake(files: Files, name: str, *, trusted: bool = True) -> str:
    """Speak TLS with a server of these certificates, asked for by this name; return what it says."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.server, files.server_key)
    client = ssl.create_default_context(cafile=str(files.authority) if trusted else None)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _address = listener.accept()
            try:
                with connection, server.wrap_socket(connection, server_side=True) as secured:
                    secured.sendall(b"well")
            except (ssl.SSLError, OSError):
                pass  # the client has refused us

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname(), timeout=10) as plain,
                client.wrap_socket(plain, server_hostname=name) as secured,
            ):
                return secured.recv(10).decode()
        finally:
            thread.join()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "::1", "linge-box.local"])
def test_who_trusts_the_authority_trusts_the_server_by_each_of_its_names(files, name):
    assert handshake(files, name) == "well"


@pytest.mark.parametrize(
    ("name", "trusted"), [("192.168.7.7", True), ("other.local", True), ("localhost", False)]
)
def test_nobody_else_and_by_no_other_name(files, name, trusted):
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(files, name, trusted=trusted)


def test_what_telephones_ask_of_certificates(files):
    authority, server = (
        x509.load_pem_x509_certificate(path.read_bytes()) for path in (files.authority, files.server)
    )
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert not server.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert server.not_valid_after_utc - server.not_valid_before_utc <= dt.timedelta(days=398)
    usage = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.ExtendedKeyUsageOID.SERVER_AUTH]
    server.verify_directly_issued_by(authority)


def test_keys_are_for_the_owner_alone(files):
    for key in (files.authority_key, files.server_key):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_second_start_changes_nothing_and_a_new_name_only_the_server(tmp_path):
    first = make_certificates(tmp_path, NAMES)
    authority, server = first.authority.read_bytes(), first.server.read_bytes()
    make_certificates(tmp_path, tuple(reversed(NAMES)))
    assert (first.authority.read_bytes(), first.server.read_bytes()) == (authority, server)
    make_certificates(tmp_path, (*NAMES, "192.168.1.20"))
    assert first.authority.read_bytes() == authority
    assert first.server.read_bytes() != server
    assert handshake(first, "192.168.1.20") == "well"


@pytest.mark.parametrize(("days", "same_authority"), [(SERVER_DAYS - 20, True), (AUTHORITY_DAYS - 20, False)])
def test_what_runs_out_is_made_anew(tmp_path, days, same_authority):
    files = make_certificates(tmp_path, NAMES, dt.datetime.now(dt.UTC) - dt.timedelta(days=days))
    authority, server = files.authority.read_bytes(), files.server.read_bytes()
    make_certificates(tmp_path, NAMES)
    assert (files.authority.read_bytes() == authority) is same_authority
    assert files.server.read_bytes() != server
    assert handshake(files, "localhost") == "well"


@pytest.mark.parametrize("spoiled", ["authority", "authority_key", "server", "server_key"])
def test_a_file_that_is_gone_or_broken_is_made_anew(tmp_path, spoiled):
    files = make_certificates(tmp_path, NAMES)
    getattr(files, spoiled).unlink()
    make_certificates(tmp_path, NAMES)
    assert handshake(files, "localhost") == "well"


def test_no_names_are_a_mistake(tmp_path):
    with pytest.raises(ValueError, match="name"):
        make_certificates(tmp_path, ())


async def get(files: Files, path: str) -> tuple[int, dict[str, str], bytes]:
    """Ask the plain page's application, as a telephone of this network does."""
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"192.168.1.20:8001")], "server": ("192.168.1.20", 8001),
    }  # fmt: skip
    asked = ApplicationCommunicator(application_for(files, 8000), scope)
    await asked.send_input({"type": "http.request", "body": b"", "more_body": False})
    start, body = await asked.receive_output(5), await asked.receive_output(5)
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], headers, body["body"]


async def test_the_plain_page_gives_the_certificate_and_its_fingerprint(files):
    _status, _headers, body = await get(files, "/")
    page = body.decode()
    assert fingerprint(files.authority) in page
    assert "https://192.168.1.20:8000/" in page
    for device in ("Android", "iPhone", "Windows"):
        assert device in page
    status, headers, file = await get(files, f"/{FILE_NAME}")
    assert (status, headers["content-type"]) == (200, "application/x-x509-ca-cert")
    assert file == as_der(files.authority)
    for secret in ("/authority.key", "/server.key", "/../authority.key"):
        assert (await get(files, secret))[0] == 404
