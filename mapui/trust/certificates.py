"""A certificate authority of this machine alone, and the certificate of its server. Knows no Django.

Telephones give a page its position and let it work offline only over HTTPS (a secure context), and no public
authority certifies names and addresses of a local network.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: An authority that people installed stays for years. A server's certificate of more than 825 days is refused
#: by Apple's devices, of more than 398 by some others.
AUTHORITY_DAYS: Final = 5 * 365
SERVER_DAYS: Final = 397
#: A certificate that ends sooner is made anew at the next start.
_LEAST_LEFT: Final = dt.timedelta(days=30)
#: Clocks of telephones are behind by minutes.
_BEFORE: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Files:
    """Where the certificates and keys of a machine lie. Keys are readable by their owner alone."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What telephones are to trust."""
        return self.folder / "authority.pem"

    @property
    def authority_key(self) -> Path:
        """Whoever has it can pretend to be any site to those telephones: it never leaves the machine."""
        return self.folder / "authority.key"

    @property
    def server(self) -> Path:
        """The server's certificate, followed by that of the authority."""
        return self.folder / "server.pem"

    @property
    def server_key(self) -> Path:
        """The server's key."""
        return self.folder / "server.key"


def make_certificates(folder: Path, names: Sequence[str], now: dt.datetime | None = None) -> Files:
    """Make what is missing or runs out in the folder, for these names and IP addresses; return the files.

    The authority stays as long as it lasts, so that telephones trust it once. The server's certificate is
    made anew when its names are others than these. Raises `ValueError` without names.
    """
    if not names:
        message = "a certificate needs a name or an address"
        raise ValueError(message)
    at = now or dt.datetime.now(dt.UTC)
    files = Files(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _read(files.authority)
    if authority is None or _runs_out(authority, at) or not files.authority_key.exists():
        authority = _make_authority(files, at)
    server = _read(files.server)
    if (
        server is None
        or _runs_out(server, at)
        or not files.server_key.exists()
        or server.issuer != authority.subject
        or _names_of(server) != {_general_name(name) for name in names}
    ):
        _make_server(files, authority, names, at)
    return files


def fingerprint(authority: Path) -> str:
    """Return the SHA-256 of a certificate as people compare it, in pairs of digits."""
    digest = x509.load_pem_x509_certificate(authority.read_bytes()).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def as_der(authority: Path) -> bytes:
    """Return a certificate in the binary form that telephones install."""
    return x509.load_pem_x509_certificate(authority.read_bytes()).public_bytes(serialization.Encoding.DER)


def _make_authority(files: Files, at: dt.datetime) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    # The number tells one machine's authority from another's in a telephone's list.
    serial = x509.random_serial_number()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Linge"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Linge local authority {serial:x}"[:40]),
        ]
    )
    certificate = (
        _begun(name, name, key.public_key(), serial, at, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(files.authority_key, _pem_of(key))
    _write(files.authority, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def _make_server(files: Files, authority: x509.Certificate, names: Sequence[str], at: dt.datetime) -> None:
    authority_key = serialization.load_pem_private_key(files.authority_key.read_bytes(), None)
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        message = f"{files.authority_key} is no key of ours; move the folder away"
        raise TypeError(message)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    certificate = (
        _begun(name, authority.subject, key.public_key(), x509.random_serial_number(), at, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    chain = [certificate, authority]
    _write(files.server_key, _pem_of(key))
    _write(files.server, b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain))


def _begun(  # noqa: PLR0913, PLR0917 - what every certificate says
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    serial: int,
    at: dt.datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(at - _BEFORE)
        .not_valid_after(at - _BEFORE + dt.timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return x509.DNSName(name)


def _names_of(certificate: x509.Certificate) -> set[x509.GeneralName]:
    return set(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)


def _runs_out(certificate: x509.Certificate, at: dt.datetime) -> bool:
    return certificate.not_valid_after_utc - at < _LEAST_LEFT


def _read(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)
