"""Matches and acts of fault rules, counted in Redis as a process counts them by itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from fakeproviders.faults.counts import Counts, Limits
from fakeproviders.stores.redis.client import Client
from fakeproviders.stores.redis.counts import RedisCounts
from tests.asyncs import asynchronous
from tests.redis_server import RedisServer
from tests.stores.conftest import PATIENCE

VALUES = st.none() | st.sampled_from(["", "13800000001", "a/b.fired"])


@st.composite
def limits(draw: DrawFn) -> Limits:
    scripted = draw(st.booleans())
    return Limits(
        times=draw(st.none() | st.integers(1, 3)),
        after=draw(st.integers(0, 2)),
        every=1 if scripted else draw(st.integers(1, 3)),
        acts=tuple(draw(st.lists(st.booleans(), min_size=1, max_size=4 if scripted else 1))),
        scripted=scripted,
        certain=draw(st.booleans()),
    )


STEPS = st.lists(st.tuples(VALUES, st.booleans()), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limits=limits(), steps=STEPS)
@asynchronous
async def test_redis_counts_as_a_process_does(
    redis_server: RedisServer, limits: Limits, steps: list[tuple[str | None, bool]]
) -> None:
    redis_server.empty()
    client = Client(redis_server.address, run=PATIENCE, answer=PATIENCE)
    await client.start()
    try:
        ours, shared = Counts(), RedisCounts(client, "one")
        for value, fires in steps:
            if fires:
                assert await shared.fire("f1", limits, value) == ours.fire(limits, value)
            else:
                assert await shared.match("f1", limits, value) == ours.match(limits, value)
        found = (await shared.read()).get("f1", Counts())
        assert (found.matched, found.fired) == (ours.matched, ours.fired)
        assert found.by_value == {value: pair for value, pair in ours.by_value.items() if any(pair)}
    finally:
        await client.close()
