from __future__ import annotations

import _ssl
import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lab_client import https
from written_cases import POPUP, run, written

from isolab.lab.authority import LIFETIME, Authority
from isolab.lab.server import open_lab


def test_each_host_has_one_context_and_each_run_its_own_authority() -> None:
    one, other = Authority(), Authority()
    assert one.context("a.example") is one.context("a.example")
    assert one.context("a.example") is not one.context("b.example")
    assert one.context("g1.app.example") is one.context("g2.app.example")
    assert one.context("g1.app.example") is not one.context("app.example")
    assert one.context("g1.localhost") is not one.context("g2.localhost")
    assert one.context("127.0.0.1") is not one.context("128.0.0.1")
    assert one.root_pem != other.root_pem
    assert one.spki != other.spki


def test_the_handshake_carries_the_authority_that_chromium_is_told_to_trust() -> None:
    async def work() -> list[bytes]:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(written(POPUP)[0])
            async with https(lab, f"{stage.label}.app.example") as found:
                # Python 3.13 has get_unverified_chain on the public object.
                chain = found.writer.get_extra_info("ssl_object")._sslobj.get_unverified_chain()
            sent = [certificate.public_bytes(_ssl.ENCODING_DER) for certificate in chain]
            assert lab.authority.spki in [_spki(certificate) for certificate in sent]
            return sent

    leaf = x509.load_der_x509_certificate(run(work())[0])
    assert leaf.not_valid_after_utc - datetime.now(UTC) <= LIFETIME + timedelta(minutes=1)


def _spki(der: bytes) -> str:
    key = x509.load_der_x509_certificate(der).public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()
