"""What ``serve`` says to a person once all runs: addresses, credentials, and what to try next."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from fakeproviders.cli.base import CONTROL, PROG
from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words

if TYPE_CHECKING:
    from fakeproviders.config import Addresses
    from fakeproviders.workers.supervisor import Crew

DOCS = Words(zh="、/docs", en=", /docs")
"""What the control server has beside its API."""
CHECK = Words(
    zh="在另一个终端里，按指南 §9 检查二办，应得到帮助页",
    en="In another terminal: the guide's check of Erban (§9) gets its help page",
)
SEND = Words(zh="经二办发送一条短信", en="Send an SMS through Erban")
READ = Words(
    zh="查看收件箱；让官方接口的下一个请求失败",
    en="Read the inbox; let the official API's next request fail",
)
ONCE = Words(
    zh="后面的命令需要访问令牌，它只显示这一次",
    en="What follows needs the token, which is shown this once",
)
SERVICE = "WebService/SmsService.asmx"


def announce(
    addresses: "Addresses",
    listeners: Mapping[str, Words],
    generated: str | None,
    lang: Lang,
    crew: "Crew | None" = None,
) -> None:
    """All of it, for a person. ``generated`` is the token, if it was made and not given."""
    from fakeproviders.cli.show import cell, folding, render, table

    where = folding(Words(zh="地址", en="address")[lang])
    servers = table(Words(zh="服务", en="server")[lang], where)
    for name, words in listeners.items():
        label = words[lang] + (DOCS[lang] if name == "control" else "")
        servers.add_row(label, cell(getattr(addresses, name)))
    what, value = Words(zh="默认会话", en="default session"), Words(zh="值", en="value")
    credentials = table(what[lang], "", folding(value[lang]))
    for name in listeners:
        found = addresses.session.get(name)
        for number, (field, one) in enumerate(found.items() if isinstance(found, dict) else ()):
            credentials.add_row(name if not number else "", cell(field), cell(one))
    render(servers, "", credentials, "")
    if crew is not None:
        click.echo(who(crew)[lang])
    for line in steps(addresses, generated, lang):
        click.echo(line)


def who(crew: "Crew") -> Words:
    """The processes that serve, by their ids."""
    workers = [str(pid) for pid in crew.workers]
    return Words(
        zh=f"监管进程 {crew.supervisor}，服务台进程 {crew.desk}，工作进程 {'、'.join(workers)}。",
        en=f"Supervisor {crew.supervisor}, desk {crew.desk}, workers {', '.join(workers)}.",
    )


def steps(addresses: "Addresses", generated: str | None, lang: Lang) -> Iterator[str]:
    """What to paste next, indented under what it does."""
    service = f"{addresses.erban}/{SERVICE}"
    colon = Words(zh="：", en=":")[lang]
    yield CHECK[lang] + colon
    yield f"  curl -s {quote(service)} | grep '<title>'"
    yield SEND[lang] + colon
    yield from send(service, addresses.session["erban"])
    if generated:
        yield ONCE[lang] + colon
        yield f"  export FAKEPROVIDERS_TOKEN={quote(generated)}"
    yield READ[lang] + colon
    if addresses.control != CONTROL:
        yield f"  export FAKEPROVIDERS_CONTROL={quote(addresses.control)}"
    yield f"  {program()} inbox"
    yield f"  {program()} inject official signature_mismatch --times 1"
    yield Words(
        zh=f"控制台（用浏览器打开）：{addresses.control}/console/",
        en=f"Console, for your browser: {addresses.control}/console/",
    )[lang]
    yield Words(
        zh=f"接口文档：{addresses.control}/docs   按 Ctrl-C 停止。",
        en=f"API docs: {addresses.control}/docs   Ctrl-C stops it.",
    )[lang]


def send(service: str, account: Any) -> Iterator[str]:
    """One send by HTTP POST with an account's credentials."""
    content = f"{account['signature']}您的验证码是1357，5分钟内有效。"
    yield f"  curl {quote(f'{service}/SendSms3')} \\"
    yield f"    -d account={account['account']} -d password={account['password']} \\"
    yield f"    -d channel={account['channel']} -d smsid=1 -d sendType=1 -d mobile=13800138000 \\"
    yield f"    -d {quote(f'content={content}')}; echo"


def program() -> str:
    """How the user calls us: by our path where he gave one, else by our name."""
    called = sys.argv[0]
    path = Path(called)
    if path.name != PROG:
        return PROG
    found_by_name = path.is_absolute() and shutil.which(PROG) == called
    return PROG if found_by_name else quote(called)
