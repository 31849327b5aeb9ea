"""Several processes serve one world: nobody can tell which of them answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from fakeproviders.failures import catalogue
from fakeproviders.scenario.load import load
from fakeproviders.scenario.replay import Job, Replay
from fakeproviders.scenario.shipped import shipped
from fakeproviders.scenario.targets.named import target_of
from tests.e2e.clients import official_send, token_of
from tests.workers.crew import Crew

CALLERS = 8


def test_every_shipped_scenario_passes(crew: Crew) -> None:
    scenarios = {name: load(path).value for name, path in shipped().items()}
    targets = {name: target_of(name) for name in {s.target for s in scenarios.values()}}
    jobs = [Job(name=n, scenario=s, target=targets[s.target]) for n, s in scenarios.items()]
    replay = Replay(jobs, control_url=crew.said["control"], at_once=8)
    summary = asyncio.run(replay.run())
    results = {result.name: result.outcome for result in summary.results}
    assert results == dict.fromkeys(shipped(), "passed")


def test_what_a_call_changed_is_met_by_every_request_after_it(crew: Crew) -> None:
    world = crew.world

    def answers(pool: ThreadPoolExecutor) -> set[str]:
        sends = pool.map(lambda _: official_send(world), range(CALLERS))  # a connection each
        return {send.json()["msg"] for send in sends}

    token_of(world)
    with ThreadPoolExecutor(CALLERS) as pool:
        for _ in range(5):
            rule = world.fault("official", "rate_limited", operation="send", times=CALLERS)
            assert answers(pool) == {text("rate_limited")}
            assert answers(pool) == {"success"}
            world.patch("official", enabled=False)
            assert answers(pool) == {text("app_disabled")}
            world.patch("official", enabled=True)
        *_, last = world.control.get(f"{world.path}/faults")["faults"]
    assert (last["id"], last["matched"], last["fired"]) == (rule, CALLERS, CALLERS)


def text(slug: str) -> str:
    return catalogue()[slug].text
