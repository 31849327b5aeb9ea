"""``replay``: run scenarios against a target, and say what came of each. Exit code 1 when one failed."""

import asyncio
from collections.abc import Callable, Sequence
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
from fakeproviders.cli.commands.scenarios import files, loaded, with_tags
from fakeproviders.cli.errors import CliError
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.params import whole
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

if TYPE_CHECKING:
    from fakeproviders.scenario.replay import Job
    from fakeproviders.scenario.results import Summary
    from fakeproviders.scenario.targets.base import Target

FAILED, ERROR, INTERRUPTED = 1, 2, 130
MOST_AT_ONCE = 64
DOES = Words(
    zh="运行场景：故障、所见、处理、恢复。", en="Run scenarios: failure, what is seen, remedy."
)
MORE = Words(
    zh="NAME 是自带场景的名称、故障的代号（即展示它的全部自带场景）、文件或目录；不给则是全部自带场景。"
    f"每个场景在自己的会话里运行，结束后删除。没有 --control 时使用 {CONTROL} 上正在运行的服务，"
    "没有则在空闲端口上临时启动一个，用哪个会写到标准错误。有场景失败时退出码为 1，无法运行时为 2，"
    "按 Ctrl-C 时为 130。",
    en="A NAME is a shipped scenario's, or a failure's, for all that show it, or a file, or a folder; "
    "without one it is all that are shipped. Each runs in a session of its own, which is removed in "
    f"the end. Without --control it is the server that runs at {CONTROL}, else one started on free "
    "ports; stderr says which. The exit code is 1 when a scenario failed, 2 when one could not be "
    "run, 130 after Ctrl-C.",
)
EXAMPLES = (
    "fakeproviders replay",
    "fakeproviders replay --tag guide -j 4 --report replay.html",
    "fakeproviders replay signature_mismatch --target client:official",
    "fakeproviders replay ours/ --target shop.target.yaml --junit replay.xml --watch",
)
TAG = Words(
    zh="只运行带此标签的；可重复，须全部具备。",
    en="Only those with this tag; repeated: with all of them.",
)
JOBS = Words(zh="同时运行 N 个场景。", en="So many scenarios at a time.")
SEED = Words(zh="代替场景自己的随机种子。", en="The seed, in place of the scenarios' own.")
TARGET = Words(
    zh="在哪里运行：panel、client:official、client:reseller、client:erban 或目标文件；默认按场景所写。",
    en="Where: panel, client:official, client:reseller, client:erban, or a target file; by default "
    "what the scenario says.",
)
REPORT = Words(zh="写一份 HTML 报告，单个文件。", en="Write a report in one HTML file.")
JUNIT = Words(zh="写一份 JUnit XML，供 CI 读取。", en="Write JUnit XML, for CI.")
KEEP = Words(
    zh="保留会话并显示编号；需要已在运行的服务。",
    en="Keep the sessions and tell their ids; takes a server that runs already.",
)
WATCH = Words(
    zh="文件有改动就重新运行，直到 Ctrl-C。", en="Run again when a file changes, until Ctrl-C."
)


def replay_options(lang: Lang) -> Decorator:
    """What to run, where, and what to write."""
    return together(
        click.option("--tag", "tags", multiple=True, metavar="TAG", help=TAG[lang]),
        click.option(
            "-j", "--jobs", type=whole(lang, 1, MOST_AT_ONCE), default=4, show_default=True,
            metavar="N", help=JOBS[lang],
        ),
        click.option("--seed", type=whole(lang, 0, (1 << 53) - 1), metavar="N", help=SEED[lang]),
        click.option("--target", metavar="TARGET", help=TARGET[lang]),
        click.option("--report", metavar="FILE", help=REPORT[lang]),
        click.option("--junit", metavar="FILE", help=JUNIT[lang]),
        click.option("--keep", is_flag=True, help=KEEP[lang]),
        click.option("--watch", is_flag=True, help=WATCH[lang]),
        server_options(lang),
    )  # fmt: skip


class Asked:
    """The options of a command line, as far as they are about running."""

    def __init__(self, lang: Lang, options: dict[str, Any]) -> None:
        self.lang = lang
        self.names: Sequence[str] = options["names"]
        self.tags: Sequence[str] = options["tags"]
        self.at_once: int = options["jobs"]
        self.seed: int | None = options["seed"]
        self.target: str | None = options["target"]
        self.report: str | None = options["report"]
        self.junit: str | None = options["junit"]
        self.keep: bool = options["keep"]
        self.watch: bool = options["watch"]
        self.control: str | None = options["control"]
        self.token: str | None = options["token"]
        self.as_json: bool = options["as_json"]


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "replay", does=DOES, more=MORE, examples=EXAMPLES)
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @replay_options(lang)
    @click.pass_context
    def replay(ctx: click.Context, /, **options: Any) -> None:
        asked = Asked(lang, options)
        if asked.watch:
            watched(asked)
        ctx.exit(once(asked))

    return replay


def once(asked: Asked) -> int:
    """Run all that is asked for, show and write what came of it; the exit code."""
    from fakeproviders.cli.replayed import check_writable, show, write_reports

    jobs = jobs_of(asked)
    check_writable((asked.report, asked.junit), asked.lang)
    summary = performed(asked, jobs)
    show(summary, asked.lang, control=asked.control, as_json=asked.as_json)
    write_reports(summary, asked.report, asked.junit, asked.lang)
    if summary.interrupted:
        return INTERRUPTED
    if summary.good:
        return 0
    return FAILED if summary.count("failed") > summary.errors else ERROR


def watched(asked: Asked) -> None:
    """Run again and again; returns never, but ends with KeyboardInterrupt."""
    from fakeproviders.cli.watch import changed, stamps

    while True:
        before = stamps(watched_files(asked))
        try:
            code = once(asked)
        except CliError as error:
            error.show()
        else:
            if code == INTERRUPTED:
                raise KeyboardInterrupt
        click.echo(
            Words(zh="等待文件改动，按 Ctrl-C 结束……", en="Waiting for a change; Ctrl-C ends...")[
                asked.lang
            ],
            err=True,
        )
        changed(lambda: watched_files(asked), before)


def watched_files(asked: Asked) -> list[Path]:
    """The scenarios that are asked for, and the target file."""
    target = [] if asked.target is None else [Path(asked.target)]
    return [*files(asked.names, asked.lang), *(path for path in target if path.is_file())]


def jobs_of(asked: Asked) -> "list[Job]":
    """Each scenario with its target. Raises CliError for whatever cannot be read or found."""
    from fakeproviders.scenario.replay import Job
    from fakeproviders.scenario.shipped import shipped

    found = loaded(files(asked.names, asked.lang), asked.lang)
    chosen = with_tags(found, asked.tags, asked.lang)
    named = set(shipped().values())
    targets: dict[str, Target] = {}
    jobs = []
    for file in chosen:
        name = asked.target or file.value.target
        if name not in targets:
            targets[name] = named_target(name, asked.lang)
        jobs.append(
            Job(
                name=file.name,
                scenario=file.value,
                target=targets[name],
                path=None if file.path in named else str(file.path),
                seed=asked.seed,
            )
        )
    return jobs


def named_target(name: str, lang: Lang) -> "Target":
    """The target of that name. Raises CliError."""
    from fakeproviders.scenario.mistakes import BadFile
    from fakeproviders.scenario.targets.named import target_of

    try:
        return target_of(name)
    except BadFile as error:
        raise CliError(error.told(lang)) from None
    except Misfit as error:
        raise CliError(error.words[lang]) from None


def performed(asked: Asked, jobs: "Sequence[Job]") -> "Summary":
    """Run them, with what is going on shown on stderr. Raises CliError for a target that is not there."""
    from fakeproviders.cli.live import live
    from fakeproviders.scenario.replay import Replay
    from fakeproviders.scenario.targets.base import TargetError

    running: list[Replay] = []

    async def run(on_event: Callable[[Any], None]) -> "Summary":
        async with a_server(asked.control, asked.token, asked.lang, lasting=asked.keep) as server:
            replay = Replay(
                jobs,
                control_url=server.control,
                token=server.token,
                at_once=asked.at_once,
                keep=asked.keep,
                lang=asked.lang,
                on_event=on_event,
            )
            running.append(replay)
            return await replay.run()

    with live(len(jobs), asked.lang) as on_event:
        try:
            return asyncio.run(run(on_event))
        except TargetError as error:
            raise CliError(error.words[asked.lang]) from None
        except KeyboardInterrupt:
            if not running:
                raise
            return running[0].summary(interrupted=True)
