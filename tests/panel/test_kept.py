"""A panel whose data are kept: over restarts, and over a server that is killed."""

import contextlib
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.e2e.sockets import post_json, request
from tests.panel.driving import MOBILE, Panel

COMMAND = (sys.executable, "-m", "fakeproviders", "serve", "--json", "--port-base", "0")


@contextlib.contextmanager
def killed(file: Path) -> Iterator[dict[str, Any]]:
    """A server of its own process, by its addresses; kill -9 ends it."""
    command = [*COMMAND, "--panel-database", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate(timeout=20)


def sending(panel: Panel) -> threading.Thread:
    """A code is asked for, and nobody answers."""

    def ask() -> None:
        with contextlib.suppress(OSError):
            panel.call("POST", "/codes", {"event": "register", "mobile": MOBILE})

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_kill_9_loses_nothing_and_what_was_under_way_is_unknown(tmp_path: Path) -> None:
    file = tmp_path / "panel.sqlite3"
    with killed(file) as addresses:
        panel = Panel(addresses["panel"])
        panel.set(member={"codes_per_hour": 2})
        panel.code("login", "13900139000")
        session = f"{addresses['control']}/api/v1/sessions/default"
        hang = {"provider": "official", "operation": "send", "do": "hang"}
        assert post_json(f"{session}/faults", hang).status == 201
        asking = sending(panel)
        request("GET", f"{session}/requests?operation=send&cursor=2&wait=10")
    asking.join(20)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with killed(file) as addresses:
        panel = Panel(addresses["panel"])
        assert panel.get("/settings/member")["saved"]["codes_per_hour"] == 2
        interrupted, earlier = panel.messages()
        assert (interrupted["status"], earlier["status"]) == ("unknown", "sent")
        assert interrupted["error"] == "发送途中服务已停止，结果未知"
        assert [row["result"] for row in panel.get("/logs/codes")["codes"]] == ["failed", "sent"]
        for _ in range(2):
            panel.code()
        assert panel.code_refused().failure == "code_quota_exceeded"


def refused(file: Path) -> str:
    """What the server says that cannot start with this file: one line."""
    command = [*COMMAND, "--panel-database", str(file), "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    return line


def test_a_file_that_cannot_be_written_is_one_clear_line() -> None:
    assert "无法使用后台数据库 /proc/panel.sqlite3" in refused(Path("/proc/panel.sqlite3"))


def test_the_providers_are_found_where_they_are_now(tmp_path: Path) -> None:
    """Each server has other free ports; an address that somebody has entered is his."""
    file = tmp_path / "panel.sqlite3"
    own = "http://127.0.0.1:1/own"
    with killed(file) as addresses:
        form = f"{addresses['erban']}/WebService/sms3.aspx"
        settings = {"erban": {"url": form}, "reseller": {"url": own}}
        Panel(addresses["panel"]).set(sms=settings)
    with killed(file) as addresses:
        panel = Panel(addresses["panel"])
        panel.code()
        shown = panel.get("/settings/sms")["saved"]
        assert shown["erban"]["url"] == f"{addresses['erban']}/WebService/sms3.aspx"
        assert shown["reseller"]["url"] == own


def changed(file: Path, statement: str) -> None:
    """A panel's file, and then somebody else has been at it."""
    with killed(file) as addresses:
        Panel(addresses["panel"]).code()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_file_that_lacks_a_table_is_one_clear_line(tmp_path: Path) -> None:
    changed(tmp_path / "panel.sqlite3", "DROP TABLE codes")
    assert "no such table: codes" in refused(tmp_path / "panel.sqlite3")


def test_a_file_that_lacks_its_settings_is_mended_by_a_reset(tmp_path: Path) -> None:
    changed(tmp_path / "panel.sqlite3", "DELETE FROM documents")
    with killed(tmp_path / "panel.sqlite3") as addresses:
        panel = Panel(addresses["panel"])
        assert panel.refused("GET", "/settings/sms").error == "会话已结束"
        panel.post("/reset")
        panel.code()
