"""The studio's own certificate authority, and certificates for the addresses that it serves.

Made at the first share and kept in the data folder for its owner alone. It can sign for private addresses and
for nothing else, so that a phone which trusts it is not at anybody's mercy. All calls block: use a thread.
"""

from __future__ import annotations

import ipaddress
import logging
import ssl
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from liveconsole.paths import own_folder, write_own

log = logging.getLogger(__name__)

FOLDER: Final = "studio"
DOOR: Final = "door"
WORD: Final = "word"
NAMES: Final = (DOOR, WORD)
"""What listens at a shared address, each with a key and a certificate of its own."""
_FILE: Final = "studio.pem"
_AUTHORITY_DAYS: Final = 3650
_LEAF_DAYS: Final = 397
"""Phones take no longer ones."""
_RENEW_DAYS: Final = 60
_NEAR: Final = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
)
_FILE_LIMIT: Final = 64 * 1024


def authority_in(data: Path) -> bytes:
    """Return the certificate of a data folder's own authority (PEM), empty where it has none that can be
    read; makes none. Blocks."""
    try:
        with (data / FOLDER / _FILE).open("rb") as file:
            return x509.load_pem_x509_certificate(file.read(_FILE_LIMIT)).public_bytes(
                serialization.Encoding.PEM
            )
    except (OSError, ValueError):
        return b""


class NoCertificate(Exception):
    """The studio's certificate is there and cannot be used; ``str`` says why."""


class KeptStudio(Struct, frozen=True):
    """What another engine of the room needs to be the same studio at one address (PEM): the authority's
    certificate, and by name a key with a certificate for that address. Never the key that signs."""

    authority: str
    address: str
    leaves: dict[str, str]

    def __repr__(self) -> str:
        return f"KeptStudio({self.address!r}, {sorted(self.leaves)!r})"  # a log gets no key


class StudioCertificates:
    """The authority of one data folder; with ``lent``, that of another engine of the room, which signs
    nothing here.

    Raises:
        NoCertificate: its file cannot be read. It is not made anew: every seat trusts the one that was.
        OSError: it cannot be written.
    """

    def __init__(self, folder: Path, lent: KeptStudio | None = None) -> None:
        self._folder, self._lent = own_folder(folder / FOLDER), lent
        self._key: ec.EllipticCurvePrivateKey | None = None
        if lent is None:
            self._key, self.certificate = self._authority()
        else:
            self.certificate = _lent_authority(lent)
        self.der = self.certificate.public_bytes(serialization.Encoding.DER)
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.fingerprint = sha256(self.der).digest()

    def context(self, address: str, name: str) -> ssl.SSLContext:
        """Return what serves TLS at an address. ``name``: each has a key and a certificate of its own."""
        path = self.leaf_file(address, name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
        context.load_cert_chain(path)
        return context

    def leaf_file(self, address: str, name: str) -> Path:
        """Return the file with a key and a certificate for an address, made anew where it is none or old."""
        path = self._folder / f"{name}-{address}.pem"
        if not self._fits(path, address):
            write_own(path, self._leaf(address) if self._lent is None else self._lent_leaf(address, name))
        return path

    def kept(self, address: str) -> KeptStudio:
        """Return what another engine of the room needs to be this studio at an address."""
        leaves = {name: self.leaf_file(address, name).read_text("ascii") for name in NAMES}
        return KeptStudio(self.pem, address, leaves)

    def _lent_leaf(self, address: str, name: str) -> bytes:
        assert self._lent is not None
        leaf = self._lent.leaves.get(name, "").encode()
        if not self._is_for(leaf, address, days=0):
            raise NoCertificate(f"what the studio signed for {address} is not to be had here")
        return leaf

    def _authority(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        path = self._folder / _FILE
        try:
            if path.stat().st_size > _FILE_LIMIT:
                raise NoCertificate(f"{_FILE} is too large")
            content = path.read_bytes()
        except FileNotFoundError:
            content = _made_authority()
            write_own(path, content)
        try:
            key = serialization.load_pem_private_key(content, None)
            certificate = x509.load_pem_x509_certificate(content)
        except ValueError as error:
            raise NoCertificate(f"{_FILE} cannot be read") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise NoCertificate(f"{_FILE} has another key than its certificate")
        return key, certificate

    def _fits(self, path: Path, address: str) -> bool:
        try:
            content = path.read_bytes()
        except OSError:
            return False
        return self._is_for(content, address, days=_RENEW_DAYS if self._lent is None else 0)

    def _is_for(self, content: bytes, address: str, *, days: int) -> bool:
        """Tell whether it is of this authority, for an address and good for so many days yet."""
        try:
            leaf = x509.load_pem_x509_certificate(content)
            leaf.verify_directly_issued_by(self.certificate)
            named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            return False
        good = leaf.not_valid_after_utc - datetime.now(UTC) > timedelta(days=days)
        return good and named.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address(address)]

    def _leaf(self, address: str) -> bytes:
        assert self._key is not None, "who was lent an authority signs nothing"
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        of_authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        leaf = (
            x509.CertificateBuilder()
            .subject_name(_name("LiveConsole"))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=_LEAF_DAYS - 1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(_usage(signs=False), True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(of_authority, False)
            .sign(self._key, hashes.SHA256())
        )
        return _pem(key) + leaf.public_bytes(serialization.Encoding.PEM)


def studio_at(folder: Path, lent: KeptStudio | None, address: str, *, make: bool) -> StudioCertificates:
    """Return as what a room is shared at an address: as before, where another engine left what it takes; else
    as the studio of this folder, which is made only where a person asked (``make``): nobody trusts it yet.

    Raises:
        NoCertificate: there is none, or it cannot be used.
        OSError: it cannot be written.
    """
    own = (folder / FOLDER / _FILE).exists()
    if lent is not None and lent.address == address and not (own and _is_own(folder, lent)):
        try:
            studio = StudioCertificates(folder, lent)
            for name in NAMES:
                studio.leaf_file(address, name)
        except NoCertificate as error:
            if make:  # tried again each second where nobody asked
                log.warning("seats have to join again, it is shared as another studio: %s", error)
        else:
            return studio
    if not (own or make):
        raise NoCertificate("this computer has no certificate of the studio's")
    return StudioCertificates(folder)


def _is_own(folder: Path, lent: KeptStudio) -> bool:
    try:
        return StudioCertificates(folder).pem == lent.authority
    except NoCertificate:
        return False


def _lent_authority(lent: KeptStudio) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(lent.authority.encode())
    except ValueError as error:
        raise NoCertificate("what is kept of the studio cannot be read") from error


def _made_authority() -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = _name(f"LiveConsole {x509.random_serial_number() % 16**6:06x}")
    public = key.public_key()
    within = x509.NameConstraints(
        permitted_subtrees=[x509.IPAddress(ipaddress.ip_network(near)) for near in _NEAR],
        excluded_subtrees=[
            x509.DNSName(""),
            x509.IPAddress(ipaddress.ip_network("::/0")),
        ],
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(_usage(signs=True), True)
        .add_extension(within, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .sign(key, hashes.SHA256())
    )
    return _pem(key) + made.public_bytes(serialization.Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
