"""``python -m loadtests.capacity --json bench.json``: what carries so many sends a second, as a table."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from fakeproviders.cli.lang import Lang, of_locale
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from loadtests.capacity.inputs import Measured, read_measured
from loadtests.capacity.model import ASSUMED, Ask, needed, one_machine, per_core

STEPS = (10_000, 100_000, 1_000_000)
"""Sends a second that are shown besides the one that is asked for."""
BASIS = Words(
    zh="由实测推算，每核占用 {use:.0%}",
    en="reckoned from what was measured, each core {use:.0%} busy",
)
UNITS = Words(zh="每秒发送数", en="sends a second")
CARRIES = {
    "in_process": Words(zh="一个核，状态在进程内", en="one core, state in the process"),
    "worker": Words(zh="一个核，一个工作进程，状态在 Redis", en="one core, a worker on a Redis"),
    "redis": Words(
        zh="一个 Redis 分片（也是一个会话的上限）", en="one Redis shard (and one session, at most)"
    ),
    "machine": Words(
        zh="一台 {cores} 核主机，自带 Redis", en="one machine of {cores} cores with its Redis"
    ),
    "panel": Words(zh="一个核，后台面板的验证码", en="one core, codes asked for at the panel"),
}
NEEDS = {
    "workers": Words(zh="工作进程", en="workers"),
    "shards": Words(zh="Redis 分片", en="Redis shards"),
    "cores": Words(zh="忙碌的核", en="busy cores"),
    "worker_hosts": Words(zh="工作主机", en="workers' hosts"),
    "redis_hosts": Words(zh="Redis 主机", en="Redis hosts"),
    "sessions": Words(zh="会话数至少", en="sessions, at least"),
    "redis_bytes": Words(zh="Redis 内存", en="Redis memory"),
    "client_bits": Words(zh="客户端流量", en="traffic with clients"),
    "redis_bits": Words(zh="Redis 流量", en="traffic with Redis"),
}


def carried(measured: Measured, ask: Ask, lang: Lang) -> Table:
    """How much each carries."""
    figures = {
        "in_process": per_core(measured.in_process_us, ask.use),
        "worker": per_core(measured.worker_us, ask.use),
        "redis": per_core(measured.redis_us, ask.use),
        "machine": one_machine(measured, ask),
        "panel": per_core(measured.panel_us, ask.use),
    }
    table = Table("", UNITS[lang], title=BASIS[lang].format(use=ask.use), title_justify="left")
    for name, figure in figures.items():
        table.add_row(CARRIES[name][lang].format(cores=ask.cores), f"{figure:,.0f}")
    return table


def asked_for(measured: Measured, ask: Ask, lang: Lang) -> Table:
    """What the steps and the number asked for need."""
    steps = sorted({*STEPS, ask.sends})
    table = Table(UNITS[lang], *(f"{step:,.0f}" for step in steps))
    needs = [needed(measured, ask._replace(sends=step)) for step in steps]
    for name, words in NEEDS.items():
        table.add_row(words[lang], *(said(name, getattr(need, name)) for need in needs))
    return table


def said(name: str, figure: float) -> str:
    """A figure in its unit."""
    if name.endswith("_bytes"):
        return f"{figure / 2**30:,.1f} GiB"
    if name.endswith("_bits"):
        return f"{figure / 1e9:,.2f} Gbit/s"
    return f"{figure:,}"


def main() -> int:
    given = _options()
    try:
        measured = read_measured(given.json)
    except Misfit as error:
        sys.stderr.write(f"{error.words[given.lang]}\n")
        return 2
    ask = Ask(given.sends, given.cores, given.sessions, given.mobiles, given.use)
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(carried(measured, ask, given.lang))
    console.print(asked_for(measured, ask, given.lang))
    for words in ASSUMED:
        console.print(f"- {words[given.lang]}", soft_wrap=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtests.capacity", description=__doc__)
    parser.add_argument(
        "--json", type=Path, required=True, metavar="FILE", help="what make bench wrote"
    )
    parser.add_argument("--sends", type=_whole(1), default=1_000_000, metavar="N", help="a second")
    parser.add_argument("--cores", type=_whole(2), default=16, metavar="N", help="of a machine")
    parser.add_argument("--sessions", type=_whole(1), default=1, metavar="N")
    parser.add_argument("--mobiles", type=_whole(0), default=1_000_000, metavar="N", help="a day")
    parser.add_argument("--use", type=_share, default=0.7, metavar="SHARE", help="of a core, busy")
    parser.add_argument("--lang", choices=["zh", "en"], default=of_locale(os.environ))
    return parser.parse_args()


def _whole(least: int) -> Callable[[str], int]:
    """Reads a number from ``least`` on."""

    def number(text: str) -> int:
        if (value := int(text)) < least:
            raise argparse.ArgumentTypeError(f"must be {least} or more, not {value}")
        return value

    return number


def _share(text: str) -> float:
    """Reads a share above 0 and up to 1."""
    if not 0 < (value := float(text)) <= 1:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most 1, not {text}")
    return value


if __name__ == "__main__":
    sys.exit(main())
