"""News over a connection that breaks: every row once, whatever happens."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.console.browsing import Console, reading
from tests.e2e import clients
from tests.e2e.world import World

BROKEN = ("net::ERR_",)  # what a browser says of a connection that was cut


class Wire:
    """A way to a server that can be cut."""

    def __init__(self, url: str) -> None:
        to = urlsplit(url)
        self._to = (to.hostname, to.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._is_cut = False
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and take no new one."""
        self._is_cut = True
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._to)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError), one, other:
        while data := one.recv(65536):
            other.sendall(data)


@pytest.fixture
def wire(world: World) -> Iterator[Wire]:
    wire = Wire(world.control.url)
    yield wire
    wire.close()


def shown(console: Console) -> list[str]:
    """The mobiles of the rows, newest first."""
    return console.rows.locator(".of-mobile").all_inner_texts()


def test_nothing_is_lost_or_doubled_over_breaks(browser: Browser, world: World, wire: Wire) -> None:
    sent: list[str] = []

    def send() -> None:
        sent.insert(0, f"138000000{len(sent):02}")
        clients.send_well(world, "erban", mobile=sent[0], smsid=sent[0])

    send()
    with reading(browser, wire.url, world.id, "en", allowed=BROKEN) as console:
        console.open()
        for _ in range(2):
            send()
            expect(console.rows).to_have_count(len(sent))
            wire.cut()
            expect(console.page.get_by_text(console.t("live.lost"))).to_be_visible()
            for _ in range(3):
                send()
            wire.mend()
            expect(console.page.locator(".live-now")).to_be_visible()
            expect(console.rows).to_have_count(len(sent))
            assert shown(console) == sent
        console.page.goto(f"{wire.url}/console/#/{world.id}/inbox")
        expect(console.page.locator(".conversation")).to_have_count(len(sent))


def test_a_reset_session_starts_over(english: Console, world: World) -> None:
    clients.send_well(world, "erban")
    english.open()
    expect(english.rows).to_have_count(1)
    world.control.post(f"{world.path}/reset")
    expect(english.page.get_by_text(english.t("traffic.none"), exact=True)).to_be_visible()
    clients.send_well(world, "erban", mobile="13700137000")
    expect(english.rows).to_have_count(1)
    assert shown(english) == ["13700137000"]


def test_a_slow_reply_is_filled_in_when_it_is_written(english: Console, world: World) -> None:
    world.fault("erban", {"delay": {"ms": 700}}, times=1)
    english.open()
    thread = threading.Thread(target=clients.erban_send, args=(world,))
    thread.start()
    expect(english.rows.first.locator(".of-took")).to_have_text("…")
    thread.join(10)
    expect(english.rows.first.locator(".of-took")).to_contain_text("ms")
