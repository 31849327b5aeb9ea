"""Seeded probability over real sockets: neither the number of clients nor their order changes what fires."""

import asyncio
from urllib.parse import urlsplit

import pytest

from fakeproviders.faults.engine import stable_uniform
from tests.asyncs import run
from tests.e2e.running import RunningServer
from tests.e2e.world import World

REQUESTS = 2048
P = 0.3


def ask_often(world: World, *, clients: int) -> None:
    """So many requests by so many clients, each on a connection of its own that it keeps."""
    parts = urlsplit(world.official["url"])
    path = f"{parts.path}/api/sms/balance?access_token=none"
    data = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for _ in range(REQUESTS // clients):
            writer.write(data)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r")[0]))
        writer.close()
        await writer.wait_closed()

    async def all_of_them() -> None:
        await asyncio.gather(*(client() for _ in range(clients)))

    run(all_of_them())


def fired(server: RunningServer, *, seed: int, name: str = "load", clients: int) -> list[int]:
    """Which of the matches fired, as the journal has it."""
    world = World.create(server, seed=seed, name=name)
    world.fault("official", "maintenance", operation="balance", probability=P)
    ask_often(world, clients=clients)
    lines = world.requests(outcome="fault", limit=10_000)
    (rule,) = world.control.get(f"{world.path}/faults")["faults"]
    assert (rule["matched"], rule["fired"]) == (REQUESTS, len(lines))
    _the_draws_are_in_the_journal(lines, f"{seed}|{name}")
    world.delete()
    return sorted(line["fault"]["nth"] for line in lines)


def _the_draws_are_in_the_journal(lines: list[dict[str, dict[str, float]]], key: str) -> None:
    for line in lines:
        fault = line["fault"]
        chance = stable_uniform(key, "f1", int(fault["nth"]) - 1, "fire")
        assert fault["chance"] == pytest.approx(chance, rel=1e-12)
        assert chance < P


def test_one_client_and_sixty_four_meet_the_same(server: RunningServer) -> None:
    alone = fired(server, seed=42, clients=1)
    together = fired(server, seed=42, clients=64)
    assert alone == together
    deviation = (REQUESTS * P * (1 - P)) ** 0.5
    assert abs(len(alone) - REQUESTS * P) <= 4 * deviation


@pytest.mark.parametrize(("seed", "name"), [(43, "load"), (42, "other")])
def test_another_seed_or_name_meets_others(server: RunningServer, seed: int, name: str) -> None:
    found = fired(server, seed=seed, name=name, clients=16)
    assert found == below_p(seed, name) != below_p(42, "load")


def below_p(seed: int, name: str) -> list[int]:
    """The matches at which the number is under the probability."""
    key = f"{seed}|{name}"
    return [n + 1 for n in range(REQUESTS) if stable_uniform(key, "f1", n, "fire") < P]


def test_a_reset_begins_the_draws_again(server: RunningServer) -> None:
    world = World.create(server, seed=5)
    met: list[list[int]] = []
    for _ in range(2):
        world.fault("official", "maintenance", operation="balance", probability=0.5)
        ask_often(world, clients=8)
        met.append([line["fault"]["nth"] for line in world.requests(outcome="fault", limit=10_000)])
        world.control.post(f"{world.path}/reset")
    assert sorted(met[0]) == sorted(met[1])
    world.delete()
