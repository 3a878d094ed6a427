"""A certificate that nobody vouches for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)


def self_signed(file: Path) -> Path:
    """For 127.0.0.1, by an authority that nobody knows, with its key; written to `file`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(_DAY_ONE - timedelta(days=1))
    made = made.not_valid_after(_DAY_ONE + timedelta(days=36_500))
    plain = serialization.NoEncryption()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    signed = made.sign(key, hashes.SHA256()).public_bytes(encoding)
    file.write_bytes(signed + key.private_bytes(encoding, form, plain))
    return file
