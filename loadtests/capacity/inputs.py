"""What the model starts from, as ``make bench`` has measured it."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from loadtests.bench.lines import IN_REDIS, OFFICIAL, PANEL, WORKERS


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Microseconds of processor time and bytes; ``_us`` are of one send unless said otherwise."""

    in_process_us: float
    """A server with its state in the process."""
    worker_us: float
    """A worker of several on a Redis."""
    desk_us: float
    redis_us: float
    panel_us: float
    """Of a code asked for at the panel, its send included."""
    redis_message_bytes: float
    redis_mobile_bytes: float
    redis_wire_bytes: float
    """To and from Redis."""
    client_wire_bytes: float
    """To and from the client."""


SOURCES: Mapping[str, tuple[str, str]] = {
    # An input: the line of the bench, and its figure.
    "in_process_us": (OFFICIAL, "full_us"),
    "worker_us": (WORKERS, "two_workers_us"),
    "desk_us": (WORKERS, "two_desk_us"),
    "redis_us": (WORKERS, "two_redis_us"),
    "panel_us": (PANEL, "code_us"),
    "redis_message_bytes": (IN_REDIS, "message_bytes"),
    "redis_mobile_bytes": (IN_REDIS, "mobile_bytes"),
    "redis_wire_bytes": (IN_REDIS, "redis_wire_bytes"),
    "client_wire_bytes": (IN_REDIS, "client_wire_bytes"),
}


def read_measured(file: Path) -> Measured:
    """The inputs in a bench's JSON, the median of each line's runs. Raises Misfit."""
    try:
        document = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as error:
        words = Words(zh=f"无法读取 {file}：{error}", en=f"{file} cannot be read: {error}")
        raise Misfit("", words) from None
    return measured_of(document)


def measured_of(document: Mapping[str, Any]) -> Measured:
    """The inputs in a bench's figures. Raises Misfit for a line that is not there."""
    lines = {line["what"]: line.get("runs", []) for line in document.get("lines", ())}
    return Measured(**{name: _figure(lines, *source) for name, source in SOURCES.items()})


def _figure(lines: Mapping[str, Any], what: str, figure: str) -> float:
    values = [run[figure] for run in lines.get(what, ()) if figure in run]
    if not values:
        raise Misfit(
            what,
            Words(
                zh=f"缺少“{what}”的 {figure}：请先运行 make bench",
                en=f"no {figure} of “{what}”: run make bench first",
            ),
        )
    return float(median(values))
