"""Run the proofs: ``python -m loadtests.proofs [--size full|ci] [--only NAME]... [--json FILE] [--lang zh|en]``.

Exit code 0 when all hold, 1 when one does not or could not be run, 2 for wrong usage.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from fakeproviders.cli.lang import Lang, of_locale
from fakeproviders.clients.control import ControlError, Unreachable
from fakeproviders.failures import Words
from loadtests.bench.__main__ import machine
from loadtests.bench.compared import NotAllGoodError
from loadtests.proofs.catalogue import PROOFS
from loadtests.proofs.crew import CrewError
from loadtests.proofs.proof import Proof
from loadtests.proofs.serving import ServingError
from loadtests.proofs.showing import progress, verdict_lines
from loadtests.proofs.sizes import SIZES, Size
from loadtests.proofs.verdict import Verdict
from loadtests.redis_server import RedisFailed

BROKEN = (ServingError, CrewError, RedisFailed, ControlError, Unreachable, NotAllGoodError)
"""What keeps a proof from coming to an end."""


def proved(proof: Proof, size: Size, lang: Lang) -> Verdict:
    """Run a proof, whatever comes of it."""
    if proof.needs and shutil.which(proof.needs) is None:
        words = Words(
            zh=f"未运行：没有安装 {proof.needs}", en=f"not run: {proof.needs} is not installed"
        )
        return _broken(proof, words)
    begun = time.monotonic()
    try:
        with progress(proof.sentence[lang], lang) as show:
            found = asyncio.run(proof.run(size, show))
    except BROKEN as error:
        words = Words(zh=f"未完成：{error}", en=f"not finished: {error}")
        return _broken(proof, words)
    seconds = time.monotonic() - begun
    return Verdict(
        name=proof.name, sentence=proof.sentence, passed=found.passed, seconds=seconds,
        figures=found.figures, checks=list(found.checks),
    )  # fmt: skip


def _broken(proof: Proof, why: Words) -> Verdict:
    return Verdict(name=proof.name, sentence=proof.sentence, passed=False, broken=why)


def document(size: str, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """All of it, for a program."""
    return {"size": size, "machine": machine(), "proofs": verdicts}


def options() -> argparse.Namespace:
    names = [proof.name for proof in PROOFS]
    parser = argparse.ArgumentParser(prog="python -m loadtests.proofs", description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="full")
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=", ".join(names)
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--lang", choices=["zh", "en"], default=of_locale(os.environ))
    return parser.parse_args()


def main() -> int:
    given = options()
    console = Console(highlight=False, markup=False, emoji=False)
    verdicts = []
    for proof in PROOFS:
        if not given.only or proof.name in given.only:
            verdicts.append(proved(proof, SIZES[given.size], given.lang))
            for line in verdict_lines(verdicts[-1], given.lang):
                console.print(line, soft_wrap=True)
    if given.json:
        given.json.write_bytes(msgspec.json.encode(document(given.size, verdicts)))
    return 0 if all(verdict.passed for verdict in verdicts) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
