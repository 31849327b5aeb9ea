"""Percent-encoding undone, a run of escapes at a time: Chinese text is little else."""

import re

_RUN = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


def unquoted(encoded: bytes) -> bytes:
    """The bytes that percent-encoded text stands for; a ``%`` that starts no escape stays as it is."""
    return _RUN.sub(_bytes_of, encoded) if b"%" in encoded else encoded


def _bytes_of(run: re.Match[bytes]) -> bytes:
    return bytes.fromhex(run[0].replace(b"%", b"").decode())
