"""``load``: a load run by Locust, and the verdict on it. Exit code 1 when a check failed."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fakeproviders.cli.a_server import a_server
from fakeproviders.cli.base import (
    CONTROL,
    Decorator,
    command,
    server_options,
    together,
)
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.params import whole
from fakeproviders.cli.show import notice
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

if TYPE_CHECKING:
    from fakeproviders.load.plan import Plan
    from fakeproviders.load.verdict import Verdict

FAILED = 1
MOST_USERS, MOST_SECONDS, MOST_WORKERS = 100_000, 86_400, 64
SHAPES = ("steady", "ramp", "burst", "spike", "bombing")
PLANS = ("bombing", "burst", "doors", "own", "panel", "ramp", "scenarios", "spike", "trial")
KINDS = (
    "official", "reseller", "erban-soap", "erban-form", "erban-xfire", "erban-rest", "panel", "own",
    "scenario", "good-client", "hammering-client", "new-ids-client", "impatient-client",
)  # fmt: skip
"""Written out here: a help page does without all that a plan is read with."""
DOES = Words(
    zh="压测：限额是否准确，客户端在限额、故障下的表现如何，给出评判。",
    en="A load with a verdict: were limits exact, and how did the client behave.",
)
MORE = Words(
    zh=f"PLAN 是自带的计划：{'、'.join(PLANS)}（默认 doors），或一个 NAME.load.yaml 文件。负载由 Locust 产生"
    "（pip install 'fakeproviders[load]'），在单独的会话里进行，互不影响。没有 --control 时使用 "
    f"{CONTROL} 上正在运行的服务，没有则临时启动一个。有评判项未通过时退出码为 1，无法运行时为 2。",
    en=f"PLAN is one that is shipped - {', '.join(PLANS)}; doors by default - or a file NAME.load.yaml. "
    "Locust makes the load "
    "(pip install 'fakeproviders[load]'), in a session of its own. Without --control it is the server "
    f"that runs at {CONTROL}, else one started for this run. The exit code is 1 when a check failed, "
    "2 when it could not be run.",
)
EXAMPLES = (
    "fakeproviders load",
    "fakeproviders load trial --user good-client --report load.html",
    "fakeproviders load spike --users 200 --seconds 30 --workers 2 --junit load.xml",
    "fakeproviders load own --host http://127.0.0.1:8000 --session default --thresholds ours.yaml",
)
USER = Words(
    zh=f"代替计划里的用户种类：{'、'.join(KINDS)}；可重复。",
    en=f"A kind of users in place of the plan's: {', '.join(KINDS)}; can be repeated.",
)
USERS = Words(zh="同时的用户数。", en="Users at once.")
SHAPE = Words(zh="负载的形态。", en="Shape of the load.")
SECONDS = Words(zh="持续秒数。", en="For so many seconds.")
WORKERS = Words(
    zh="由一个 Locust 主进程带 N 个压测进程；0 为单进程。",
    en="One Locust master with N workers on this machine; 0 is a single process.",
)
HOST = Words(
    zh="自己的系统的地址（own、panel 用户）。", en="Address of your own system (for own, panel)."
)
SESSION = Words(
    zh="使用已有的会话（结束后保留），例如自己的系统正在用的那个。",
    en="A session that is there, and stays: the one whose addresses your system sends to.",
)
JUDGE = Words(
    zh="不产生负载，只结束并评判 --session 的账本（负载由别处产生时用）。",
    en="Make no load: end and judge the ledger of --session, which a load from elsewhere has filled.",
)
THRESHOLDS = Words(
    zh="评判标准：YAML 或 JSON 文件，代替计划里的。",
    en="What to judge by: a YAML or JSON file in place of the plan's.",
)
REPORT = Words(zh="写一份 HTML 评判，单个文件。", en="Write the verdict in one HTML file.")
JUNIT = Words(zh="写一份 JUnit XML，供 CI 读取。", en="Write JUnit XML, for CI.")


def load_options(lang: Lang) -> Decorator:
    """Who, how many, where, and what to write."""
    return together(
        click.option("--user", "kinds", multiple=True, metavar="KIND", help=USER[lang]),
        click.option("--users", type=whole(lang, 1, MOST_USERS), metavar="N", help=USERS[lang]),
        click.option("--shape", type=click.Choice(SHAPES), help=SHAPE[lang]),
        click.option(
            "--seconds", type=whole(lang, 1, MOST_SECONDS), metavar="N", help=SECONDS[lang]
        ),
        click.option(
            "--workers", type=whole(lang, 0, MOST_WORKERS), default=0, show_default=True,
            metavar="N", help=WORKERS[lang],
        ),
        click.option("--host", metavar="URL", help=HOST[lang]),
        click.option("--session", metavar="ID", help=SESSION[lang]),
        click.option("--judge", is_flag=True, help=JUDGE[lang]),
        click.option("--thresholds", metavar="FILE", help=THRESHOLDS[lang]),
        click.option("--report", metavar="FILE", help=REPORT[lang]),
        click.option("--junit", metavar="FILE", help=JUNIT[lang]),
        server_options(lang),
    )  # fmt: skip


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "load", does=DOES, more=MORE, examples=EXAMPLES)
    @click.argument("name", default="doors", metavar="[PLAN]")
    @load_options(lang)
    @click.pass_context
    def load(ctx: click.Context, /, **options: Any) -> None:
        from fakeproviders.cli.replayed import check_writable

        plan = plan_of(options, lang)
        check_writable((options["report"], options["junit"]), lang)
        verdict = judged(plan, options, lang)
        tell(verdict, options, lang)
        ctx.exit(0 if verdict.passed else FAILED)

    return load


def plan_of(options: dict[str, Any], lang: Lang) -> "Plan":
    """The plan, with what the command line says otherwise. Raises CliError for what cannot be used."""
    from msgspec import structs

    from fakeproviders.load.plan import check_users, load_plan, load_thresholds
    from fakeproviders.scenario.mistakes import BadFile

    try:
        plan = load_plan(options["name"])
        changed: dict[str, Any] = {
            "users": dict.fromkeys(options["kinds"], 1) or plan.users,
            "count": options["users"] or plan.count,
            "shape": options["shape"] or plan.shape,
            "seconds": options["seconds"] or plan.seconds,
            "host": options["host"] or plan.host,
        }
        if options["thresholds"] is not None:
            changed["thresholds"] = load_thresholds(Path(options["thresholds"]))
        changed["host"] = checked_host(changed["host"], lang)
        plan = structs.replace(plan, **changed)
        if not options["judge"]:
            check_users(plan)
    except BadFile as error:
        raise CliError(error.told(lang)) from None
    except Misfit as error:
        raise CliError(error.words[lang]) from None
    return plan


def checked_host(host: str | None, lang: Lang) -> str | None:
    """An address without its last slash. Raises CliError for one that is no HTTP address."""
    if host is None:
        return None
    from fakeproviders.cli.api import is_address

    if not is_address(host):
        said = Words(
            zh=f"不是可用的地址：{host!r}（例如 http://127.0.0.1:8000）。",
            en=f"{host!r} is no usable address (one is http://127.0.0.1:8000).",
        )
        raise CliError(said[lang])
    return host.rstrip("/")


def judged(plan: "Plan", options: dict[str, Any], lang: Lang) -> "Verdict":
    """Run it, with what is going on shown on stderr. Raises CliError when it cannot be run."""
    from fakeproviders.clients.control import ControlError, Unreachable
    from fakeproviders.load.locust import LoadError
    from fakeproviders.load.run import Order, judge_session, run_load
    from fakeproviders.scenario.attempt import why

    async def run() -> "Verdict":
        async with a_server(options["control"], options["token"], lang) as server:
            order = Order(
                name=Path(options["name"]).name,
                plan=plan,
                control=server.control,
                token=server.token,
                session=options["session"],
                workers=options["workers"],
                lang=lang,
            )
            if options["judge"]:
                return await judge_session(order)
            return await run_load(order, lambda words: notice(words[lang]))

    try:
        return asyncio.run(run())
    except LoadError as error:
        raise CliError(error.words[lang]) from None
    except ControlError as error:  # in the language that was asked for
        raise CliError(str(error)) from None
    except Unreachable as error:
        raise CliError(why(error)[lang]) from None


def tell(verdict: "Verdict", options: dict[str, Any], lang: Lang) -> None:
    """Write the files that were asked for; show JSON or a table."""
    from fakeproviders.cli.judged import checks_table, errors, last_line
    from fakeproviders.cli.replayed import write
    from fakeproviders.cli.show import json_line, render
    from fakeproviders.load.report.html import html
    from fakeproviders.load.report.json import document
    from fakeproviders.load.report.junit import junit

    if options["report"] is not None:
        write(options["report"], html(verdict, lang).encode(), lang)
    if options["junit"] is not None:
        write(options["junit"], junit(verdict, lang), lang)
    if options["as_json"]:
        json_line(document(verdict))
        return
    render(checks_table(verdict, lang), "")
    for line in errors(verdict, lang):
        click.echo(line)
    render(last_line(verdict, lang))
