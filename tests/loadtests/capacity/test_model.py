"""The model's arithmetic, and that more is never carried by less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakeproviders.stores.base import INBOX_LIMIT
from loadtests.capacity.inputs import Measured
from loadtests.capacity.model import Ask, needed, one_machine, per_core

MEASURED = Measured(
    in_process_us=100, worker_us=200, desk_us=2, redis_us=50, panel_us=1_000,
    redis_message_bytes=400, redis_mobile_bytes=100, redis_wire_bytes=1_000,
    client_wire_bytes=800,
)  # fmt: skip
COSTS = ["worker_us", "redis_us", "desk_us", "redis_message_bytes", "redis_wire_bytes"]


def test_a_core_does_as_much_as_its_time_allows() -> None:
    assert per_core(100, use=1) == 10_000
    assert per_core(100, use=0.7) == pytest.approx(7_000)


def test_a_million_sends_a_second() -> None:
    need = needed(MEASURED, Ask(1_000_000, cores=16, mobiles=10_000_000, use=1))
    assert (need.workers, need.shards, need.sessions) == (200, 50, 50)
    assert (need.worker_hosts, need.redis_hosts) == (14, 4)
    assert need.cores == 200 + 50 + 14
    assert need.redis_bytes == 50 * INBOX_LIMIT * 400 + 10_000_000 * 100
    assert (need.client_bits, need.redis_bits) == (6.4e9, 8e9)


def test_little_needs_one_of_each() -> None:
    need = needed(MEASURED, Ask(1))
    assert need[:5] == (1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("cores", "bound"),
    [(2, 2 * 1e6 / 252), (3, 5_000), (5, 15_000), (6, 20_000), (64, 20_000)],
)
def test_a_machine_is_bounded_by_its_workers_and_then_by_its_redis(
    cores: int, bound: float
) -> None:
    assert one_machine(MEASURED, Ask(0, cores=cores, use=1)) == pytest.approx(bound)


def test_a_busy_desk_bounds_its_host() -> None:
    busy = replace(MEASURED, desk_us=100)
    assert one_machine(busy, Ask(0, cores=64, use=1)) == pytest.approx(10_000)
    assert needed(busy, Ask(1_000_000, use=1)).worker_hosts == 100


sends = st.floats(1, 1e7)
machines = st.integers(2, 256)
shares = st.floats(0.05, 1)


@given(sends, sends, machines, shares)
def test_more_sends_never_need_less(one: float, other: float, cores: int, use: float) -> None:
    less, more = (needed(MEASURED, Ask(n, cores, use=use)) for n in sorted((one, other)))
    assert all(few <= many for few, many in zip(less, more, strict=True))


@given(sends, machines, st.sampled_from(COSTS), st.floats(1, 10))
def test_what_costs_more_never_needs_less(
    number: float, cores: int, cost: str, times: float
) -> None:
    dearer = replace(MEASURED, **{cost: getattr(MEASURED, cost) * times})
    cheap, dear = (needed(measured, Ask(number, cores)) for measured in (MEASURED, dearer))
    assert all(few <= many for few, many in zip(cheap, dear, strict=True))


@given(sends, machines, shares)
def test_what_is_needed_can_carry_it(number: float, cores: int, use: float) -> None:
    need = needed(MEASURED, Ask(number, cores, use=use))
    for count, cost in (
        (need.workers, MEASURED.worker_us),
        (need.shards, MEASURED.redis_us),
        (need.worker_hosts, MEASURED.desk_us),
    ):
        assert count * per_core(cost, use) >= number * (1 - 1e-9)
    assert need.worker_hosts * (cores - 1) >= need.workers
    assert need.redis_hosts * (cores - 1) >= need.shards
    assert need.sessions >= need.shards


@given(machines, machines, shares)
def test_a_larger_machine_never_carries_less(one: int, other: int, use: float) -> None:
    small, large = (one_machine(MEASURED, Ask(0, cores, use=use)) for cores in sorted((one, other)))
    if min(one, other) > 2:
        assert small <= large
