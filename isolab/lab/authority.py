"""The certificate authority of one run: in memory, for any host name, gone with the process."""

from __future__ import annotations

import base64
import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LIFETIME = timedelta(days=30)
"""Engines refuse leaf certificates that live longer than about a year, and no run lasts a month."""


class Authority:
    """Issues a leaf certificate on first use, for a host name or for all names one label below its parent.

    The leaf is signed by an intermediate authority, because an intermediate travels in the handshake: Chromium can then
    be told to trust that one key (`--ignore-certificate-errors-spki-list`) and treats the pages as properly certified.
    """

    def __init__(self) -> None:
        self._root = trustme.CA()
        self._issuer = self._root.create_child_ca()
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def root_pem(self) -> bytes:
        """The root certificate, for a client that wants to verify."""
        return self._root.cert_pem.bytes()

    @property
    def spki(self) -> str:
        """The base64 SHA-256 of the intermediate's public key (RFC 7469, 2.4)."""
        certificate = x509.load_pem_x509_certificate(self._issuer.cert_pem.bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(key).digest()).decode()

    def context(self, host: str) -> ssl.SSLContext:
        """The server's TLS context for a host name or address."""
        name = _certified(host)
        if name not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(["http/1.1"])
            leaf = self._issuer.issue_cert(name, not_after=datetime.now(UTC) + LIFETIME)
            leaf.configure_cert(context)
            self._contexts[name] = context
        return self._contexts[name]


def _certified(host: str) -> str:
    """The name in a host's certificate: one leaf does for all stages of `app.example`, since making one takes time.

    A wildcard stands for one label, and browsers want two or more behind it (RFC 6125, 6.4.3).
    """
    label, _, parent = host.partition(".")
    try:
        ip_address(host)
    except ValueError:
        return f"*.{parent}" if label and "." in parent else host
    return host
