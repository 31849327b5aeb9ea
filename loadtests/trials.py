"""Four clients on trial: does the verdict tell them apart, each for the right reason?

It starts a server of its own; exit code 1 when the verdict does not, 2 for wrong usage.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import structs

from fakeproviders.harness import Ports, Servers, ServersConfig
from fakeproviders.load.plan import load_plan
from fakeproviders.load.run import Order, run_load
from fakeproviders.load.verdict import Verdict

PLAN = "trial"


class Expected(NamedTuple):
    """Checks that a client must fail, and others that it may fail for the same reason."""

    fails: frozenset[str]
    may_fail: frozenset[str] = frozenset()

    def fits(self, failed: Sequence[str]) -> bool:
        """Whether it failed all that it must, and nothing that it must not."""
        return self.fails <= set(failed) <= self.fails | self.may_fail


EXPECTED: Mapping[str, Expected] = {
    "good-client": Expected(frozenset()),
    "hammering-client": Expected(
        frozenset({"retries", "backoff_growth", "early_retries"}),
        may_fail=frozenset({"peak_over_limit", "delivered_after_outage"}),
    ),
    "new-ids-client": Expected(frozenset({"duplicates"})),
    "impatient-client": Expected(frozenset({"early_retries", "delivered_after_outage"})),
}


async def trials() -> dict[str, Verdict]:
    """The verdict on each client; all are tried at once, each in a session of its own."""
    async with Servers(ServersConfig(ports=Ports.free())) as harness:
        control = harness.addresses.control
        verdicts = await asyncio.gather(*(_trial(control, name) for name in EXPECTED))
    return dict(zip(EXPECTED, verdicts, strict=True))


async def _trial(control: str, client: str) -> Verdict:
    plan = structs.replace(load_plan(PLAN), users={client: 1})
    return await run_load(Order(name=PLAN, plan=plan, control=control))


def main() -> int:
    """Print a line a client."""
    argparse.ArgumentParser(prog="python -m loadtests.trials", description=__doc__).parse_args()
    good = True
    for name, verdict in asyncio.run(trials()).items():
        fits = EXPECTED[name].fits(verdict.failed)
        good = good and fits
        said = ", ".join(verdict.failed) or "passed"
        sys.stdout.write(f"{'as expected' if fits else 'NOT AS EXPECTED'}: {name}: {said}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
