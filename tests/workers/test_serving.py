"""Several processes serve as one would, and go on when one of them dies or hangs."""

import json
import os
import signal
import socket
from contextlib import ExitStack

from tests.e2e.clients import SENDS, send_well
from tests.e2e.sockets import connect, request
from tests.serving import PATIENCE, Start
from tests.workers.crew import WORKERS, Crew

WELL = {"status": "ok", "workers": {"wanted": WORKERS, "alive": WORKERS}}
CALLERS = 24
"""That all come to the same of two workers once in 2**23 times."""


def get(caller: socket.socket, path: str = "/") -> bytes:
    """The beginning of what a bare connection answers to a request, which it outlives."""
    caller.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return caller.recv(12)


def test_every_port_answers(crew: Crew) -> None:
    assert crew.said["supervisor"] == crew.process.pid
    assert len({crew.process.pid, *crew.processes}) == 2 + WORKERS
    assert crew.world.control.get("/readyz") == WELL
    assert request("GET", f"{crew.said['panel']}/").status == 200
    for provider in SENDS:
        assert crew.world.session[provider]["url"] == crew.said[provider]
        send_well(crew.world, provider)
    assert [message["provider"] for message in crew.world.messages()] == list(SENDS)


def test_callers_are_spread_over_the_workers(crew: Crew) -> None:
    for provider in SENDS:
        with ExitStack() as stack:
            callers = [stack.enter_context(connect(crew.said[provider])) for _ in range(CALLERS)]
            assert {get(caller) for caller in callers} <= {b"HTTP/1.1 200", b"HTTP/1.1 404"}
            assert {crew.whose(caller) for caller in callers} == set(crew.workers)


def test_when_a_worker_is_killed_others_answer_and_it_is_replaced(crew: Crew) -> None:
    victim = crew.workers[0]
    crew.kill(victim)
    for _ in range(20):
        for provider in SENDS:
            send_well(crew.world, provider)
    crew.replaced(victim, "was killed by SIGKILL")
    while crew.world.control.call("GET", "/readyz").json() != WELL:
        pass  # as long as the test may take: a request each time
    with ExitStack() as stack:
        callers = [stack.enter_context(connect(crew.said["erban"])) for _ in range(CALLERS)]
        for caller in callers:
            get(caller)
        assert {crew.whose(caller) for caller in callers} == set(crew.workers)


def test_without_a_worker_it_is_not_ready(crew: Crew) -> None:
    for worker in list(crew.workers):
        crew.kill(worker)
    while (reply := crew.world.control.call("GET", "/readyz")).status == 200:
        pass
    assert reply.status == 503
    assert reply.json()["status"] == "no worker serves"


def test_while_the_desk_is_replaced_its_callers_wait(crew: Crew) -> None:
    crew.kill(crew.desk)
    assert request("GET", f"{crew.said['control']}/healthz", timeout=PATIENCE).status == 200
    assert request("GET", f"{crew.said['panel']}/", timeout=PATIENCE).status == 200
    crew.replaced(crew.desk, "was killed by SIGKILL")
    send_well(crew.world, "erban")


def test_the_next_desk_has_the_token_and_the_panels_data(start: Start) -> None:
    crew = Crew(start("--host", "0.0.0.0"))
    headers = {**crew.world.control.headers, "Content-Type": "application/json"}
    settings = f"{crew.said['panel']}/api/settings/member"
    given = json.dumps({"settings": {"member": {"codes_per_hour": 3}}})
    assert request("POST", f"{crew.said['panel']}/api/reset", given, headers).status < 300
    crew.kill(crew.desk)
    reply = request("GET", settings, headers=headers, timeout=PATIENCE)
    assert reply.json()["saved"]["codes_per_hour"] == 3
    assert crew.world.control.get("/api/v1/sessions")["total"] == 1
    assert request("GET", f"{crew.said['control']}/api/v1/sessions").status == 401


def test_a_worker_that_hangs_is_replaced(crew: Crew) -> None:
    victim = crew.workers[1]
    os.kill(victim, signal.SIGSTOP)
    crew.replaced(victim, "no longer answered and was killed")
