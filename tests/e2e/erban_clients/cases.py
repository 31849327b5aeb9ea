"""What every client goes through: the cases, each in a session of its own."""

from collections.abc import Mapping
from typing import NamedTuple

from fakeproviders.failures import Words
from tests.e2e.clients import FILLED

RARE = "镕喆堃，。【】￥…—<&>\"'"
"""In GBK, and of those the first three not in GB 2312; then what XML and forms must escape."""


class Case(NamedTuple):
    """What is different in a session's account, in the send, or on the way there."""

    key: str
    title: Words
    settings: Mapping[str, object] = {}
    fields: Mapping[str, str] = {}
    fault: Mapping[str, object] = {}
    closed_port: bool = False
    of_wsdl: bool = False
    """A client that reads no WSDL has no such case."""


CASES = (
    Case("good", Words(zh="正常发送", en="A good send")),
    Case("password", Words(zh="密码错误", en="Wrong `password`"), fields={"password": "0" * 32}),
    Case("channel", Words(zh="通道不存在", en="Unknown `channel`"), fields={"channel": "0"}),
    Case(
        "code_limit",
        Words(zh="验证码上限（`account_per_day`）", en="Limit of codes (`account_per_day`)"),
        settings={"quotas": {"account_per_day": 0}},
    ),
    Case("thrown", Words(zh="`internal_error`", en="`internal_error`"), fault={"do": "internal_error"}),
    Case("maintenance", Words(zh="`maintenance`", en="`maintenance`"), fault={"do": "maintenance"}),
    Case(
        "unreachable",
        Words(zh="发送时 `endpoint_unreachable`", en="`endpoint_unreachable`, at the send"),
        fault={"do": "endpoint_unreachable", "operation": "send"},
    ),
    Case(
        "no_wsdl",
        Words(zh="读 WSDL 时 `endpoint_unreachable`", en="`endpoint_unreachable`, at the WSDL"),
        fault={"do": "endpoint_unreachable"},
        of_wsdl=True,
    ),
    Case("closed", Words(zh="端口未开", en="A closed port"), closed_port=True),
)  # fmt: skip


def content(signature: str) -> str:
    """A text that comes through only if its bytes do."""
    return f"{signature}{RARE}{FILLED}"
