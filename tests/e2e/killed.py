"""Sends that are under way when a process is killed, and what has to come of them."""

import time
from collections.abc import Callable
from concurrent.futures import Executor

from fakeproviders.settings import AMPLE_BALANCE
from tests.e2e import clients
from tests.e2e.world import World
from tests.redis_server import RedisServer
from tests.serving import PATIENCE

ACCEPTED, LOST = "13800000001", "13800000002"
"""Mobiles of a send that is accepted above, and of one that never arrives there."""
RESERVED = b"HLEN fp:{default}:reserved"
DUE = b"ZCARD fp:{default}:due"


def until(happened: Callable[[], bool], what: str) -> None:
    """Return when it has."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def forward(world: World, redis: RedisServer, pool: Executor) -> None:
    """Have both sends forwarded; neither is answered above, nor ever here."""
    world.patch("reseller", upstream_timeout_seconds=PATIENCE)
    world.fault("upstream", {"delay": {"ms": 60_000}}, match={"mobile": ACCEPTED})
    world.fault("upstream", "hang", operation="send", match={"mobile": LOST})
    for mobile in (ACCEPTED, LOST):
        pool.submit(clients.reseller_send, world, mobile=mobile)
    until(lambda: len(world.requests(provider="upstream", operation="send")) == 2, "forwarded")
    assert redis.say(RESERVED) == b":2\r\n"


def is_settled(world: World, redis: RedisServer) -> bool:
    """Whether both accounts were charged for the one send, and neither for the other."""
    until(lambda: redis.say(RESERVED) == b":0\r\n", "settled")
    used = {
        (use["provider"], use["key"]): use["used"]
        for use in world.control.get(f"{world.path}/quota")["quota"]
        if use["bucket"] == "mobile_per_day" and use["used"]
    }
    assert used == {("reseller", ACCEPTED): 1, ("upstream", ACCEPTED): 1}
    assert {world.balance(role) for role in ("reseller", "upstream")} == {AMPLE_BALANCE - 1}
    assert [message["mobile"] for message in world.messages()] == [ACCEPTED]
    reports = world.requests(provider="upstream", operation="report")
    assert sorted(report["outcome"] for report in reports) == ["accepted", "refused"]
    return True
