"""What each attempt was told: one record an attempt, a line of JSON a record."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec

from loadtests.attempts import Ending

_encoder = msgspec.json.Encoder()


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One attempt at one message, under an id of its own."""

    provider: str
    out_id: str
    ending: Ending
    slug: str
    """The refusal's, in the failure catalogue; empty when the text is none of a provider's."""
    message_id: str
    """What an accepted attempt was told, by providers that say it."""
    began: float
    """Seconds of the machine's monotonic clock, which all its processes share."""
    ended: float

    @property
    def took(self) -> float:
        """Seconds that the client has waited."""
        return self.ended - self.began


class RecordFile:
    """Where a load process writes its records, one after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, record: Record) -> None:
        """Write one."""
        self._file.write(_encoder.encode(record) + b"\n")


def read_records(files: Iterable[Path]) -> list[Record]:
    """All records of several processes."""
    decoder = msgspec.json.Decoder(Record)
    return [record for file in files for record in decoder.decode_lines(file.read_bytes())]
