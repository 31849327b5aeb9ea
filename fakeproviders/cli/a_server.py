"""A server to work with: the one that is named, the one that runs here, or one of our own."""

import http
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from fakeproviders.cli.api import checked, readable
from fakeproviders.cli.base import CONTROL
from fakeproviders.cli.errors import CliError, UnreachableError
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import notice
from fakeproviders.failures import Words


class Server(NamedTuple):
    """Where its control API is, and what opens it."""

    control: str
    token: str | None


@asynccontextmanager
async def a_server(
    control: str | None, token: str | None, lang: Lang, *, lasting: bool = False
) -> AsyncIterator[Server]:
    """A server, named on stderr. Raises CliError for a named one that is not there, or is not ours.

    Without a name it is the one at the usual address, if that is ours and has all that we need; else
    one on free ports is started, which ends with the block - unless a ``lasting`` one is wanted.
    """
    if control is not None:
        server = Server(checked(control, lang), token)
        await _ask(server, lang)
        yield server
        return
    usual = Server(CONTROL, token)
    if await _is_ours(usual, lang):
        notice(Words(zh=f"使用正在运行的服务 {CONTROL}", en=f"Using the server at {CONTROL}")[lang])
        yield usual
        return
    if lasting:
        said = Words(
            zh=f"{CONTROL} 没有可用的服务，临时启动的服务一结束，会话也就没了："
            "请先运行 fakeproviders serve，或用 --control 指定一个。",
            en=f"No server at {CONTROL}, and sessions do not outlive one that is started for a run: "
            "run fakeproviders serve first, or name one with --control.",
        )
        raise CliError(said[lang])
    async with _own(lang) as own:
        said = Words(
            zh=f"{CONTROL} 没有可用的服务，已在空闲端口上临时启动一个：{own.control}",
            en=f"No server at {CONTROL}; started one for this run at {own.control}",
        )
        notice(said[lang])
        yield own


@asynccontextmanager
async def _own(lang: Lang) -> AsyncIterator[Server]:
    # All that a server is made of: imported only where one is needed.
    from fakeproviders import harness

    config = harness.ServersConfig(ports=harness.Ports.free())
    try:
        async with harness.Servers(config) as running:
            yield Server(running.addresses.control, running.addresses.token)
    except harness.StartError as error:
        raise CliError(error.words(lang)) from None


async def _is_ours(server: Server, lang: Lang) -> bool:
    try:
        await _ask(server, lang)
    except CliError:
        return False
    return True


async def _ask(server: Server, lang: Lang) -> None:
    """See that a server is there which knows scenarios' world. Raises CliError."""
    from fakeproviders.clients.control import ControlError, Unreachable, control_client

    try:
        async with control_client(server.control, token=server.token, lang=lang) as control:
            session = await control.get("/sessions/default")
    except Unreachable:
        said = Words(
            zh=f"{server.control} 没有应答。请检查 --control 的地址；不写 --control 则自动启动一个服务。",
            en=f"No answer from {server.control}. Check the --control address, or leave it out: "
            "then a server is started.",
        )
        raise UnreachableError(said[lang]) from None
    except ControlError as error:
        if error.status != http.HTTPStatus.NOT_FOUND:
            raise CliError(readable(error.status, error.problem, lang)) from None
        session = None
    if not isinstance(session, dict) or "panel" not in session:
        said = Words(
            zh=f"{server.control} 上的不是这个版本的 fakeproviders 控制服务。",
            en=f"What answers at {server.control} is no fakeproviders control server of this version.",
        )
        raise CliError(said[lang])
