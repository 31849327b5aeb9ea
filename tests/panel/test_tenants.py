"""Each session has a panel of its own, which comes and goes with it."""

import re
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from fakeproviders.harness import Ports, Servers, ServersConfig, StartError
from fakeproviders.panel.database import UnusableDatabase, open_database
from tests.asyncs import asynchronous
from tests.e2e.running import RunningServer
from tests.e2e.sockets import request
from tests.e2e.world import World
from tests.panel.driving import Panel


def test_the_session_object_says_where_its_panel_is(world: World) -> None:
    base = world.server.addresses.panel
    assert world.session["panel"] == {"url": f"{base}/@{world.id}"}
    assert world.control.get("/api/v1/sessions/default")["panel"] == {"url": base}


def test_panels_are_apart(world: World, panel: Panel) -> None:
    other = World.create(world.server)
    theirs = Panel(other.session["panel"]["url"])
    panel.set(sms={"official": {"signature": "【别家】"}})
    theirs.test()
    assert panel.messages() == []
    assert len(theirs.messages()) == 1
    assert panel.test_refused().failure == "signature_mismatch"
    other.delete()


def test_a_reset_of_the_session_renews_its_panel(world: World, panel: Panel) -> None:
    panel.set(sms={"official": {"signature": "【别家】"}})
    assert panel.test_refused().failure == "signature_mismatch"
    world.control.post(f"{world.path}/reset")
    panel.test()
    assert len(panel.messages()) == 1


def test_a_panel_ends_with_its_session(server: RunningServer) -> None:
    world = World.create(server)
    panel = Panel(world.session["panel"]["url"])
    panel.test()
    world.delete()
    assert panel.call("GET", "/messages").status == 404
    assert request("GET", f"{panel.url}/").status == 404


def test_a_panel_is_installed_at_its_first_visit(world: World) -> None:
    panel = Panel(world.session["panel"]["url"])
    world.patch("reseller", api_key="changed")
    panel.set(sms={"channel": "reseller"})
    panel.test("reseller")
    world.patch("reseller", api_key="changed again")
    assert panel.test_refused("reseller").failure == "credentials_invalid"


def test_a_session_that_is_deleted_during_a_send_leaves_no_traceback(server: RunningServer) -> None:
    world = World.create(server)
    panel = Panel(world.session["panel"]["url"])
    panel.set(sending={"timeout_seconds": 0.5, "retries": 0})
    world.fault("official", "hang")
    statuses: list[int] = []
    body = {"event": "register", "mobile": "13800138000"}
    asking = threading.Thread(
        target=lambda: statuses.append(panel.call("POST", "/codes", body).status)
    )
    asking.start()
    world.requests(wait=5)
    world.delete()
    asking.join(20)
    assert statuses
    assert 400 <= statuses[0] < 500


async def post(url: str, document: object = None) -> Mapping[str, Any]:
    async with aiohttp.ClientSession() as http, http.post(url, json=document) as reply:
        assert reply.status == 200, await reply.text()
        whole: Mapping[str, Any] = await reply.json()
        return whole


async def get(url: str) -> Any:
    async with aiohttp.ClientSession() as http, http.get(url) as reply:
        return await reply.json()


@asynchronous
async def test_a_kept_database_has_the_default_panel_after_a_restart(tmp_path: Path) -> None:
    config = ServersConfig(ports=Ports.free(), panel_database=tmp_path / "panel.sqlite3")
    async with Servers(config) as harness:
        panel = harness.addresses.panel
        given = {
            "settings": {"member": {"codes_per_hour": 3}},
            "drafts": {"captcha": {"enabled": True}},
        }
        await post(f"{panel}/api/reset", given)
        await post(f"{panel}/api/sms/test", {"channel": "official", "mobile": "13800138000"})
    async with Servers(config) as harness:
        panel = harness.addresses.panel
        assert (await get(f"{panel}/api/settings/member"))["saved"]["codes_per_hour"] == 3
        assert (await get(f"{panel}/api/settings/captcha"))["draft"] == {"enabled": True}
        assert len((await get(f"{panel}/api/messages"))["messages"]) == 1


def foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()


@pytest.mark.parametrize("kind", ["text", "folder", "another program's", "nowhere"])
def test_a_file_that_cannot_be_used_is_one_clear_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "panel.sqlite3"
    if kind == "text":
        path.write_text("no database" * 100)
    elif kind == "folder":
        path.mkdir()
    elif kind == "nowhere":
        path = tmp_path / "no" / "such" / "folder"
    else:
        foreign_database(path)

    @asynchronous
    async def start() -> None:
        with pytest.raises(StartError) as raised:
            async with Servers(ServersConfig(ports=Ports.free(), panel_database=path)):
                pass
        for lang in ("zh", "en"):
            assert str(path) in raised.value.words(lang)
        said = raised.value.words("zh").replace(str(path), "")
        assert not re.search("database|file", said), said

    start()


@asynchronous
async def test_two_panels_cannot_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "panel.sqlite3"
    async with open_database(path):
        with pytest.raises(UnusableDatabase, match="locked"):
            async with open_database(path):
                pass


@asynchronous
async def test_without_a_file_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with Servers(ServersConfig(ports=Ports.free())):
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_who_comes_late_changes_nobody_elses_log(server: RunningServer) -> None:
    world = World.create(server)
    panel = Panel(world.session["panel"]["url"])
    panel.set(sending={"timeout_seconds": 1, "retries": 0})
    world.fault("official", "hang", operation="send")
    body = {"event": "register", "mobile": "13800138000"}
    asking = threading.Thread(target=lambda: panel.call("POST", "/codes", body))
    asking.start()
    world.requests(operation="send", wait=5)
    world.delete()
    other = World.create(server)
    theirs = Panel(other.session["panel"]["url"])
    theirs.code()
    asking.join(20)
    assert [row["result"] for row in theirs.get("/logs/codes")["codes"]] == ["sent"]
    other.delete()


def test_a_panel_costs_nothing_before_somebody_visits_it(server: RunningServer) -> None:
    worlds = [World.create(server) for _ in range(50)]
    made = [world for world in worlds if server.call(is_made(server, world.id))]
    assert made == []
    for world in worlds:
        world.delete()


async def is_made(server: RunningServer, session_id: str) -> bool:
    """Whether anything is to be done for a panel when its session goes."""
    session = server.harness.sessions.get(session_id)
    assert session is not None
    return bool(session.at_end)
