"""``inbox`` shows messages whole, once or as they come."""

import json
import signal
import time

import pytest

from fakeproviders.cli.formatter import cells
from tests.cli.conftest import Run, Start
from tests.cli.fake_control import FakeControl, a_letter, a_message, problem


def test_the_table(run: Run, server: FakeControl) -> None:
    server.messages = [a_message(1), a_message(2, status="undelivered", provider="erban")]
    out = run("inbox", "--lang", "zh", "--control", server.url).out
    assert "03-01 09:30:01" in out
    assert "【云测】您的验证码是246810，5分钟内有效。第1条" in out
    assert "未送达" in out
    assert "\x1b" not in out


def test_texts_stay_whole_in_few_columns(run: Run, server: FakeControl) -> None:
    server.messages = [a_message(content="长" * 200 + "end")]
    for columns in (80, 120):
        out = run("inbox", "--control", server.url, COLUMNS=str(columns)).out
        assert max(map(cells, out.splitlines())) <= columns
        assert out.count("长") == 200
        assert "13800138000" in out


def test_content_cannot_drive_the_terminal(run: Run, server: FakeControl) -> None:
    server.messages = [a_message(content="a\x1b[31mred[bold]x[/bold] :smile: \u202e全角\u3000空格")]
    for follow in ([], ["--follow", "--provider", "official"]):
        if follow:
            server.answer = Once(server).page_then_gone
        out = run("inbox", *follow, "--control", server.url).out
        assert "a\\x1b[31mred[bold]x[/bold] :smile: \\u202e全角\u3000空格" in out


def test_what_is_asked(run: Run, server: FakeControl) -> None:
    run("inbox", "--mobile", "138", "--provider", "erban", "--limit", "7", "--control", server.url)
    [asked] = server.asked
    assert asked.path == "/api/v1/sessions/default/messages"
    assert asked.query == {"mobile": "138", "provider": "erban", "limit": "7"}


def test_json_is_the_page(run: Run, server: FakeControl) -> None:
    server.messages = [a_message(1)]
    page = json.loads(run("inbox", "--json", "--control", server.url).out)
    assert page == {"messages": server.messages, "cursor": "1", "evicted": 0, "outbox": []}


def test_the_panels_letters_stand_below_the_messages(run: Run, server: FakeControl) -> None:
    server.messages = [a_message(1)]
    server.letters = [a_letter(1), a_letter(2, kind="wechat", recipient="13800138000", code=None)]
    out = run("inbox", "--lang", "zh", "--control", server.url).out
    assert out.index("第1条") < out.index("第1封") < out.index("第2封")
    for part in ("邮件", "li@example.com", "135790", "微信", "13800138000"):
        assert part in out.partition("第1条")[2]
    assert "第1封" not in run("inbox", "--provider", "erban", "--control", server.url).out
    page = json.loads(run("inbox", "--json", "--control", server.url).out)
    assert page["outbox"] == server.letters


def test_letters_are_asked_for_by_their_recipient(run: Run, server: FakeControl) -> None:
    run("inbox", "--mobile", "138", "--limit", "7", "--control", server.url)
    asked = {a.path.rpartition("/")[2]: a.query for a in server.asked}
    assert asked["outbox"] == {"recipient": "138", "limit": "7"}


def test_follow_shows_messages_and_letters_as_they_come(start: Start, server: FakeControl) -> None:
    server.letters = [a_letter(1)]
    process = start("inbox", "-f", "--control", server.url)
    assert process.stdout
    assert "第1封" in process.stdout.readline()
    server.messages.append(a_message(1))
    assert "第1条" in process.stdout.readline()
    server.letters.append(a_letter(2))
    assert "第2封" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert process.communicate() == ("", "")


def test_empty_and_evicted(run: Run, server: FakeControl) -> None:
    server.evicted = 5
    result = run("inbox", "--control", server.url)
    assert result.out == "The inbox is empty.\n"
    assert "5 older entries were evicted" in result.err
    assert run("inbox", "--lang", "zh", "--control", server.url).out == "收件箱是空的。\n"


class Once:
    """Answers with the inbox, then with a problem, so that a follower ends."""

    def __init__(self, server: FakeControl) -> None:
        self.server = server
        self.calls = 0

    def page_then_gone(self):  # type: ignore[no-untyped-def]
        from aiohttp import web

        self.calls += 1
        if self.calls > 1:
            return problem(404, "the session is gone")
        return web.json_response({"messages": self.server.messages, "cursor": "1", "evicted": 0})


def test_follow_ends_when_the_server_refuses(run: Run, server: FakeControl) -> None:
    server.messages = [a_message(1)]
    server.answer = Once(server).page_then_gone
    line = ["inbox", "--follow", "--mobile", "138", "--provider", "official"]
    result = run(*line, "--control", server.url)
    assert result.code == 2
    assert result.out.startswith(
        "03-01 09:30:01  official  13800138000  246810  delivered  【云测】"
    )
    assert result.err == "Error: the session is gone\n"
    first, second = server.asked
    narrowed = {"mobile": "138", "provider": "official"}
    assert first.query == {**narrowed, "limit": "20"}
    assert second.query == {**narrowed, "wait": "20", "cursor": "1"}


def test_follow_shows_what_comes_until_ctrl_c(start: Start, server: FakeControl) -> None:
    server.messages = [a_message(1)]
    process = start("inbox", "-f", "--json", "--control", server.url)
    assert process.stdout
    assert json.loads(process.stdout.readline()) == server.messages[0]
    server.messages.append(a_message(2))
    assert json.loads(process.stdout.readline()) == server.messages[1]
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert process.communicate() == ("", "")


def test_follow_survives_a_restart(start: Start, server: FakeControl) -> None:
    server.messages = [a_message(1)]
    process = start("inbox", "-f", "--control", server.url)
    assert process.stdout
    assert process.stderr
    assert "第1条" in process.stdout.readline()
    while sum("wait" in asked.query for asked in server.asked) < 2:  # both lists are waited for
        time.sleep(0.01)
    server.stop()
    assert process.stderr.readline().startswith("Connection lost, waiting (Ctrl-C ends): ")
    server.messages.append(a_message(2))
    server.start()
    assert process.stderr.readline() == "Connected again.\n"
    assert "第2条" in process.stdout.readline()


def test_a_server_that_is_stopping_is_waited_for(start: Start, server: FakeControl) -> None:
    server.messages = [a_message(1)]
    process = start("inbox", "-f", "--lang", "zh", "--control", server.url)
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    server.answer = lambda: problem(503, "服务正在停止")
    server.messages.append(a_message(2))
    assert process.stderr.readline().endswith("（Ctrl-C 结束）：服务正在停止\n")
    server.answer = None
    assert process.stderr.readline() == "已重新连接。\n"
    assert "第2条" in process.stdout.readline()


@pytest.mark.parametrize("form", [[], ["--json"], ["--follow"]], ids=str)
def test_a_reader_that_leaves_is_no_error(
    start: Start, server: FakeControl, form: list[str]
) -> None:
    server.messages = [a_message(n, content="x" * 500) for n in range(1000)]
    process = start("inbox", *form, "--limit", "1000", "--control", server.url)
    assert process.stdout
    assert process.stderr
    process.stdout.read(1)
    process.stdout.close()
    assert process.wait(10) == 0
    assert process.stderr.read() == ""
