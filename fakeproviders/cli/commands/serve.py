"""``serve``: start control and all providers, in this process or in several, until Ctrl-C."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fakeproviders.cli.banner import announce
from fakeproviders.cli.base import (
    Decorator,
    command,
    json_option,
    lang_option,
    together,
    token_option,
)  # fmt: skip
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.params import port, whole
from fakeproviders.failures import Words

if TYPE_CHECKING:
    from fakeproviders.config import Addresses, ServersConfig
    from fakeproviders.workers.supervisor import Crew

MOST_WORKERS = 64
LISTENERS = {
    "control": (9400, Words(zh="控制服务", en="control API")),
    "official": (9401, Words(zh="官方接口", en="official API")),
    "reseller": (9402, Words(zh="上级代理", en="reseller proxy")),
    "erban": (9403, Words(zh="二办（Erban）", en="Erban")),
    "panel": (9404, Words(zh="后台面板", en="panel")),
}
"""In the order of their ports: ``--port-base`` counts them off."""
NAMES = {name: words for name, (_, words) in LISTENERS.items()}
DOES = Words(zh="启动全部服务，按 Ctrl-C 停止。", en="Start all servers; Ctrl-C stops them.")
MORE = Words(
    zh="控制服务、三个服务商与后台面板在同一进程中运行；加 --workers 后，服务商端口由多个工作进程分担，"
    "其余由一个服务台进程负责，退出的进程会自动重启。监听本机回环地址以外时必须使用访问令牌："
    "自行给出，或自动生成并显示一次。",
    en="Control, the three providers and the panel run in one process; with --workers, several of them "
    "share the providers' ports, a desk has the rest, and one that dies is replaced. Bound to anything but "
    "loopback, a token is mandatory: given, or generated and shown once.",
)
EXAMPLES = (
    "fakeproviders serve",
    "fakeproviders serve --port-base 19400 --erban-port 0",
    "fakeproviders serve --port-base 0",
    "fakeproviders serve --host 0.0.0.0 --token s3cret",
    "fakeproviders serve --allow-callback app.internal:8080",
    "fakeproviders serve --store redis://127.0.0.1:6379/0",
    "fakeproviders serve --store redis://127.0.0.1:6379/0 --workers 4",
)
HOST = Words(zh="监听地址。", en="Address to listen on.")
BASE = Words(
    zh="从 N 起依次使用各端口；0 为全部任选空闲端口。",
    en="Use the ports from N on; 0: all free ones.",
)
ALLOW = Words(
    zh="状态回执还可以推送到此地址（可重复；默认只有本机回环地址）。",
    en="Receipts may be sent there too (repeatable; loopback alone by default).",
)
TOKEN = Words(zh="控制服务的访问令牌。", en="The control API's bearer token.")
DATABASE = Words(
    zh="后台面板的 SQLite 数据库文件，重启后数据仍在；默认用临时文件。",
    en="The panel's SQLite file, which keeps its data over restarts; a temporary one by default.",
)

STORE = Words(
    zh="把会话的全部状态（设置、限额、余额、收件箱、请求日志等）存到此 Redis，进程退出也不丢失；默认存在进程内。",
    en="Keep all that sessions are (settings, quotas, balances, inbox, journal ...) in this Redis, where it "
    "outlives the process; in the process by default.",
)
WORKERS = Words(
    zh=f"由 N 个工作进程（1 至 {MOST_WORKERS}）分担服务商端口；需要 --store，仅限 Linux。",
    en=f"Share the providers' ports among N processes (1 to {MOST_WORKERS}); needs --store, and Linux.",
)


NEEDS_STORE = Words(
    zh="--workers 需要 --store：多个进程经由 Redis 共享状态。请加上，例如 --store redis://127.0.0.1:6379/0",
    en="--workers needs --store, for processes share their state in a Redis: "
    "add it, as in --store redis://127.0.0.1:6379/0",
)


def port_options(lang: Lang) -> Decorator:
    """``--port-base`` and a port a listener."""
    highest = 65_536 - len(LISTENERS)
    options: list[Decorator] = [
        click.option("--port-base", type=whole(lang, 0, highest), metavar="N", help=BASE[lang])
    ]
    for name, (number, words) in LISTENERS.items():
        said = Words(
            zh=f"{words.zh}的端口（默认 {number}），0 为任选空闲端口。",
            en=f"Port of {words.en} (default {number}), 0 for a free one.",
        )
        option = click.option(f"--{name}-port", type=port(lang), metavar="PORT", help=said[lang])
        options.append(option)
    return together(*options)


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "serve", does=DOES, more=MORE, examples=EXAMPLES)
    @click.option("--host", metavar="HOST", default="127.0.0.1", show_default=True, help=HOST[lang])
    @port_options(lang)
    @click.option("--allow-callback", multiple=True, metavar="HOST[:PORT]", help=ALLOW[lang])
    @click.option(
        "--panel-database",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=DATABASE[lang],
    )
    @click.option("--store", metavar="redis://HOST[:PORT][/DB]", help=STORE[lang])
    @click.option("--workers", type=whole(lang, 1, MOST_WORKERS), metavar="N", help=WORKERS[lang])
    @token_option(lang, TOKEN)
    @json_option(lang)
    @lang_option(lang)
    def serve(
        *,
        host: str,
        port_base: int | None,
        allow_callback: tuple[str, ...],
        panel_database: Path | None,
        store: str | None,
        workers: int | None,
        token: str | None,
        as_json: bool,
        **given: int | None,
    ) -> None:
        from fakeproviders.config import Ports, ServersConfig

        if workers and store is None:
            raise CliError(NEEDS_STORE[lang])
        config = ServersConfig(
            host=host,
            ports=Ports(**ports(port_base, given)),
            token=token,
            allow_callbacks=allow_callback,
            panel_database=panel_database,
            store=store,
        )

        def ready(addresses: "Addresses", crew: "Crew | None" = None) -> None:
            generated = addresses.token if not token else None
            if as_json:
                announce_json(addresses, generated, crew)
            else:
                announce(addresses, NAMES, generated, lang, crew)

        with failures_said(lang):
            start(config, workers, ready, lang)

    return serve


def start(
    config: "ServersConfig", workers: int | None, ready: Callable[..., None], lang: Lang
) -> None:
    """Serve until Ctrl-C, in this process or with so many workers. Raises StartError."""
    if workers is None:
        from fakeproviders import harness

        harness.run(config, on_ready=ready)
    else:
        from fakeproviders.cli.show import notice
        from fakeproviders.workers import supervisor

        supervisor.run(config, workers, ready, lambda words: notice(words[lang]))


@contextmanager
def failures_said(lang: Lang) -> Iterator[None]:
    """A server that cannot start, as the line and the exit code that say so."""
    from fakeproviders.config import StartError

    try:
        yield
    except StartError as error:
        kind = CliError if error.is_usage else click.ClickException
        raise kind(error.words(lang)) from None


def ports(base: int | None, given: Mapping[str, int | None]) -> dict[str, int]:
    """A port for every listener: its own option's, or the base's, or the usual one; 0 is any."""
    chosen = {}
    for number, (name, (usual, _)) in enumerate(LISTENERS.items()):
        own = given[f"{name}_port"]
        counted = base + number if base else base
        fallback = usual if counted is None else counted
        chosen[name] = fallback if own is None else own
    return chosen


def announce_json(addresses: "Addresses", generated: str | None, crew: "Crew | None") -> None:
    """One JSON line for the program that started us."""
    from fakeproviders.cli.show import json_line

    document: dict[str, Any] = {name: getattr(addresses, name) for name in LISTENERS}
    document["session"] = addresses.session
    if generated:
        document["token"] = generated
    if crew is not None:
        document |= {"supervisor": crew.supervisor, "desk": crew.desk, "workers": crew.workers}
    json_line(document)
