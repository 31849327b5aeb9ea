"""``serve`` configures the harness, and says what one needs to begin."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from fakeproviders.cli.banner import program
from fakeproviders.cli.commands.serve import LISTENERS, ports
from fakeproviders.cli.formatter import cells
from fakeproviders.config import Ports, ServersConfig, StartError
from fakeproviders.failures import Words
from fakeproviders.workers import supervisor
from fakeproviders.workers.supervisor import Crew, GivenUp, OnReady, Say
from tests.cli.conftest import Run

SESSION: dict[str, object] = {
    "id": "default",
    "seed": "s",
    "official": {"url": "http://h:9401", "app_id": "100001", "app_secret": "x" * 32},
    "reseller": {"url": "http://h:9402", "member_id": "2001", "api_key": "y" * 32},
    "erban": {
        "url": "http://h:9403", "account": "80000001", "password": "z" * 32,
        "channel": "8000000101", "signature": "【演示签名】",
    },
    "panel": {"url": "http://h:9404"},
}  # fmt: skip


class Addresses(msgspec.Struct):
    control: str = "http://h:9400"
    official: str = "http://h:9401"
    reseller: str = "http://h:9402"
    erban: str = "http://h:9403"
    panel: str = "http://h:9404"
    session: dict[str, object] = msgspec.field(default_factory=lambda: SESSION)
    token: str | None = None


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A harness that is ready at once, and ends."""
    stub: Any = ModuleType("fakeproviders.harness")
    stub.configs, stub.error, stub.addresses = [], None, Addresses()

    def run(config: ServersConfig, on_ready: Callable[[Addresses], None]) -> None:
        stub.configs.append(config)
        if stub.error:
            raise stub.error
        on_ready(stub.addresses)

    stub.run = run
    monkeypatch.setitem(sys.modules, "fakeproviders.harness", stub)
    monkeypatch.setattr("fakeproviders.harness", stub, raising=False)
    return stub


def test_defaults(run: Run, harness: Any) -> None:
    assert run("serve").code == 0
    ports = Ports(control=9400, official=9401, reseller=9402, erban=9403, panel=9404)
    assert harness.configs == [ServersConfig(host="127.0.0.1", ports=ports)]


def test_options(run: Run, harness: Any) -> None:
    line = (
        "serve --host ::1 --port-base 19000 --erban-port 0 --reseller-port 5 --token t "
        "--allow-callback app:8080 --allow-callback 10.0.0.5 --panel-database p.sqlite3"
    )
    run(*line.split())
    allowed = ("app:8080", "10.0.0.5")
    wanted = ServersConfig(
        host="::1",
        ports=Ports(control=19000, official=19001, reseller=5, erban=0, panel=19004),
        token="t",
        allow_callbacks=allowed,
        panel_database=Path("p.sqlite3"),
    )
    assert harness.configs == [wanted]


def test_the_token_may_be_in_the_environment(run: Run, harness: Any) -> None:
    harness.addresses.token = "from-env"
    result = run("serve", FAKEPROVIDERS_TOKEN="from-env")
    assert harness.configs[0].token == "from-env"
    assert "from-env" not in result.out


def test_ports() -> None:
    none = dict.fromkeys(f"{listener}_port" for listener in LISTENERS)
    assert list(ports(None, none).values()) == [9400, 9401, 9402, 9403, 9404]
    assert list(ports(7, none | {"control_port": 0}).values()) == [0, 8, 9, 10, 11]
    assert list(ports(0, none).values()) == [0, 0, 0, 0, 0]
    assert list(ports(0, none | {"erban_port": 7}).values()) == [0, 0, 0, 7, 0]


def test_json_is_one_line(run: Run, harness: Any) -> None:
    result = run("serve", "--json")
    assert result.out.count("\n") == 1
    addresses = harness.addresses
    assert json.loads(result.out) == {
        "control": addresses.control,
        "official": addresses.official,
        "reseller": addresses.reseller,
        "erban": addresses.erban,
        "panel": addresses.panel,
        "session": SESSION,
    }


def test_only_a_generated_token_is_shown(run: Run, harness: Any) -> None:
    harness.addresses.token = "g3nerated"
    assert json.loads(run("serve", "--json").out)["token"] == "g3nerated"
    assert "token" not in json.loads(run("serve", "--json", "--token", "g3nerated").out)
    assert run("serve").out.count("g3nerated") == 1
    assert "g3nerated" not in run("serve", "--token", "g3nerated").out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_a_person_sees_all_of_it(run: Run, harness: Any, columns: int, lang: str) -> None:
    out = run("serve", "--lang", lang, COLUMNS=str(columns)).out
    assert max(map(cells, out.splitlines())) <= columns
    for one in (
        "http://h:9400",
        "http://h:9403",
        "app_secret",
        "x" * 32,
        "Ctrl-C",
        "/docs",
        "curl",
    ):
        assert one in out


LONGEST = Addresses(
    "http://127.0.0.1:65535", "http://127.0.0.1:65535", "http://127.0.0.1:65535",
    "http://127.0.0.1:65535", "http://127.0.0.1:65535",
)  # fmt: skip
USUAL = Addresses(
    "http://127.0.0.1:9400", "http://127.0.0.1:9401",
    "http://127.0.0.1:9402", "http://127.0.0.1:9403", "http://127.0.0.1:9404",
)  # fmt: skip


def below(out: str) -> list[str]:
    """The lines of the banner that follow the tables."""
    return out.rpartition("\n\n")[2].splitlines()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_banner_says_what_is_there(run: Run, harness: Any, lang: str) -> None:
    harness.addresses = USUAL
    out = run("serve", "--lang", lang).out
    api = {"zh": "控制服务、/docs", "en": "control API, /docs"}[lang]
    assert f"{api} http://127.0.0.1:9400" in " ".join(out.split())
    assert "http://127.0.0.1:9400/docs" in out
    assert "http://127.0.0.1:9400/console/" in out


def test_the_next_steps(run: Run, harness: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [".venv/bin/fakeproviders", "serve"])
    harness.addresses = USUAL
    assert below(run("serve").out) == [
        "In another terminal: the guide's check of Erban (§9) gets its help page:",
        "  curl -s http://127.0.0.1:9403/WebService/SmsService.asmx | grep '<title>'",
        "Send an SMS through Erban:",
        "  curl http://127.0.0.1:9403/WebService/SmsService.asmx/SendSms3 \\",
        f"    -d account=80000001 -d password={'z' * 32} \\",
        "    -d channel=8000000101 -d smsid=1 -d sendType=1 -d mobile=13800138000 \\",
        "    -d 'content=【演示签名】您的验证码是1357，5分钟内有效。'; echo",
        "Read the inbox; let the official API's next request fail:",
        "  .venv/bin/fakeproviders inbox",
        "  .venv/bin/fakeproviders inject official signature_mismatch --times 1",
        "Console, for your browser: http://127.0.0.1:9400/console/",
        "API docs: http://127.0.0.1:9400/docs   Ctrl-C stops it.",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_next_steps_are_few_and_fit(
    run: Run, harness: Any, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr("sys.argv", [".venv/bin/fakeproviders", "serve"])
    harness.addresses = LONGEST
    lines = below(run("serve", "--lang", lang, COLUMNS="80").out)
    assert len(lines) == 13
    assert max(map(cells, lines)) <= 80
    assert "  export FAKEPROVIDERS_CONTROL=http://127.0.0.1:65535" in lines
    labels = [line for line in lines if not line.startswith(" ")]
    assert all(line.isascii() == (lang == "en") for line in labels if "§" not in line)


def test_the_next_steps_carry_a_generated_token(run: Run, harness: Any) -> None:
    harness.addresses.token = "g3nerated"
    lines = below(run("serve").out)
    said = lines.index("What follows needs the token, which is shown this once:")
    assert lines[said + 1] == "  export FAKEPROVIDERS_TOKEN=g3nerated"
    assert "FAKEPROVIDERS_TOKEN" not in run("serve", "--token", "g3nerated").out


def test_addresses_that_a_shell_would_expand_are_quoted(run: Run, harness: Any) -> None:
    harness.addresses = Addresses(control="http://[::1]:9400", erban="http://[::1]:9403")
    out = run("serve").out
    assert "  curl -s 'http://[::1]:9403/WebService/SmsService.asmx' | grep" in out
    assert "  curl 'http://[::1]:9403/WebService/SmsService.asmx/SendSms3' \\" in out
    assert "  export FAKEPROVIDERS_CONTROL='http://[::1]:9400'" in out


@pytest.mark.parametrize(
    ("called", "name"),
    [
        (".venv/bin/fakeproviders", ".venv/bin/fakeproviders"),
        ("./my env/fakeproviders", "'./my env/fakeproviders'"),
        ("/opt/x/fakeproviders", "/opt/x/fakeproviders"),
        ("fakeproviders", "fakeproviders"),
        ("/lib/fakeproviders/__main__.py", "fakeproviders"),
        ("-c", "fakeproviders"),
    ],
)
def test_the_program_is_called_as_it_was(
    monkeypatch: pytest.MonkeyPatch, called: str, name: str
) -> None:
    monkeypatch.setattr("sys.argv", [called])
    assert program() == name


def test_the_program_found_on_the_path_goes_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = tmp_path / "fakeproviders"
    found.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.argv", [str(found)])
    assert program() == "fakeproviders"


@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["table", "json"])
def test_a_start_that_fails_is_one_line(run: Run, harness: Any, as_json: list[str]) -> None:
    harness.error = StartError(Words(zh="端口 9400 已被占用", en="port 9400 is in use"))
    assert run("serve", *as_json) == (2, "", "Error: port 9400 is in use\n")
    assert run("serve", "--lang", "zh", *as_json) == (2, "", "错误：端口 9400 已被占用\n")


def test_what_nobody_foresaw_is_one_line(run: Run, harness: Any) -> None:
    harness.error = OSError(28, "No space left on device")
    assert run("serve") == (2, "", "Error: No space left on device\n")
    assert run("serve", "--lang", "zh") == (2, "", "错误：磁盘空间不足\n")
    harness.error = RuntimeError("boom")
    result = run("serve")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "Unexpected error (FAKEPROVIDERS_DEBUG=1 shows the traceback): RuntimeError: boom\n"
    )
    with pytest.raises(RuntimeError):
        run("serve", FAKEPROVIDERS_DEBUG="1")


STORE = "redis://127.0.0.1:6379/0"
WITH_WORKERS = ("serve", "--store", STORE, "--workers", "2")


@pytest.fixture
def supervised(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, int]]:
    """A supervisor whose processes are ready at once, lose one, and end; the stores and workers asked for."""
    asked: list[tuple[str | None, int]] = []

    def run(config: ServersConfig, workers: int, on_ready: OnReady, say: Say) -> None:
        asked.append((config.store, workers))
        on_ready(Addresses(), Crew(1000, 1001, [1002, 1003]))  # type: ignore[arg-type]
        say(Words(zh="工作进程 1003 已退出", en="worker 1003 has ended"))

    monkeypatch.setattr(supervisor, "run", run)
    return asked


def test_with_workers_the_processes_are_named(
    run: Run, supervised: list[tuple[str | None, int]]
) -> None:
    result = run(*WITH_WORKERS, "--json")
    assert supervised == [(STORE, 2)]
    said = json.loads(result.out)
    assert (said["supervisor"], said["desk"], said["workers"]) == (1000, 1001, [1002, 1003])
    assert result.err == "worker 1003 has ended\n"
    assert "Supervisor 1000, desk 1001, workers 1002, 1003." in run(*WITH_WORKERS).out
    chinese = run(*WITH_WORKERS, "--lang", "zh")
    assert "监管进程 1000，服务台进程 1001，工作进程 1002、1003。" in chinese.out
    assert chinese.err == "工作进程 1003 已退出\n"


@pytest.mark.parametrize(
    ("lang", "says"),
    [("zh", "错误：--workers 需要 --store"), ("en", "Error: --workers needs --store")],
)
def test_workers_need_a_store(run: Run, harness: Any, lang: str, says: str) -> None:
    result = run("serve", "--workers", "2", "--lang", lang)
    assert (result.code, result.out, harness.configs) == (2, "", [])
    assert result.err.startswith(says)
    assert "redis://" in result.err


@pytest.mark.parametrize("number", ["0", "65", "x"])
def test_there_are_1_to_64_workers(run: Run, number: str) -> None:
    result = run("serve", "--store", STORE, "--workers", number)
    assert result.code == 2
    assert "is not a whole number from 1 to 64" in result.err


@pytest.mark.parametrize(("error", "code"), [(StartError, 2), (GivenUp, 1)])
def test_workers_that_cannot_start(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: type[StartError], code: int
) -> None:
    def fail(*given: object) -> None:
        raise error(Words(zh="不行", en="it cannot"))

    monkeypatch.setattr(supervisor, "run", fail)
    assert run(*WITH_WORKERS) == (code, "", "Error: it cannot\n")


def test_elsewhere_than_on_linux_there_are_no_workers(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    result = run(*WITH_WORKERS)
    assert (result.code, result.out) == (2, "")
    assert "--workers needs Linux" in result.err
