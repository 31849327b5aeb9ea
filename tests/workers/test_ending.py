"""How several processes end: all of them, and what they do before."""

import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.e2e import clients
from tests.e2e.sockets import connect
from tests.serving import PATIENCE
from tests.workers.crew import Crew, pidfd

LISTENERS = ("control", "official", "reseller", "erban", "panel")


def nothing_is_left(crew: Crew) -> bool:
    """Whether all processes have ended, or soon do, and nobody listens any more."""
    for pid in crew.processes:
        with pidfd(pid) as process:
            assert process.wait(), f"{pid} is left"
    for name in LISTENERS:
        with pytest.raises(ConnectionRefusedError):
            connect(crew.said[name])
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_what_is_in_flight_finishes(crew: Crew, number: signal.Signals) -> None:
    crew.world.fault("erban", {"delay": {"ms": 1500}}, times=1)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(clients.erban_send, crew.world)
        while not crew.world.control.get(f"{crew.world.path}/faults")["faults"][0]["fired"]:
            pass
        crew.process.send_signal(number)
        out, err = crew.process.communicate(timeout=PATIENCE)
        assert (crew.process.returncode, out, err) == (0, "", "")
        assert clients.verdict("erban", sending.result(PATIENCE)) == clients.ACCEPTED["erban"]
    assert nothing_is_left(crew)


def test_a_process_that_hangs_does_not_hold_up_the_end(crew: Crew) -> None:
    os.kill(crew.workers[0], signal.SIGSTOP)
    crew.process.terminate()
    out, err = crew.process.communicate(timeout=PATIENCE)
    assert (crew.process.returncode, out, err) == (0, "", "")
    assert nothing_is_left(crew)


def test_when_the_supervisor_is_killed_the_others_end_by_themselves(crew: Crew) -> None:
    with ExitStack() as stack:
        callers: list[socket.socket] = [
            stack.enter_context(connect(crew.said["erban"])) for _ in range(8)
        ]
        crew.process.kill()
        assert nothing_is_left(crew)
        assert {caller.recv(1) for caller in callers} == {b""}
