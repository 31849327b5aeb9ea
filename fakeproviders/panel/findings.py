"""From what came over the wire to the documented failure: its slug, and the exact text that is shown.

A refusal is recognised by its text, which the guide documents; what is shown is a prefix and that text.
A connection that failed shows itself as what it looked like from here: a lost reply looks like a reset.
"""

from functools import cache

import aiohttp
import msgspec

from fakeproviders.clients.answer import Answer, BadAnswer, Fault
from fakeproviders.clients.reseller import OWN_TEXTS
from fakeproviders.failures import Words, catalogue, failure
from fakeproviders.panel.declined import Declined, same
from fakeproviders.panel.settings import Channel

SEND_FAILED = Words(zh="短信发送失败: ", en="SMS not sent: ")
TRANSPORT = (aiohttp.ClientError, OSError, TimeoutError, BadAnswer)
"""What a client raises when no answer came, or none that is one."""


class Finding(msgspec.Struct, frozen=True):
    """Why an attempt failed, as its user sees it, and what may be done about it."""

    shown: Words
    failure: str | None
    retry: bool = False
    failover: bool = False
    unsure: bool = False
    """Whether the SMS may have been accepted all the same."""

    def declined(self) -> Declined:
        """The refusal that the user is given."""
        return Declined(self.shown, self.failure)


class Policy(msgspec.Struct, frozen=True):
    """What may follow a failure."""

    retry: bool = False
    failover: bool = False
    unsure: bool = False


AGAIN_OR_ELSEWHERE = Policy(retry=True, failover=True)
ELSEWHERE = Policy(failover=True)
OPEN = Policy(retry=True, failover=True, unsure=True)
STAYS = Policy()

REFUSALS = {
    "endpoint_unreachable": AGAIN_OR_ELSEWHERE,
    "internal_error": AGAIN_OR_ELSEWHERE,
    "maintenance": AGAIN_OR_ELSEWHERE,
    "rate_limited": AGAIN_OR_ELSEWHERE,
    "upstream_unavailable": Policy(retry=True, unsure=True),
    "app_disabled": ELSEWHERE,
    "balance_insufficient": ELSEWHERE,
}
"""What may follow a provider's refusal. For all others nothing: trying again changes nothing.

A reseller whose platform above did not answer may still find out that it has sent: that SMS goes nowhere else.
"""

SYMPTOMS: dict[str, tuple[Policy, Words]] = {
    "refuse": (AGAIN_OR_ELSEWHERE, Words(zh="无法连接服务商", en="no connection to the provider")),
    "hang": (OPEN, Words(zh="服务商响应超时", en="the provider did not answer in time")),
    "reset": (OPEN, Words(zh="与服务商的连接被中断", en="the connection to the provider broke")),
    "empty": (OPEN, Words(zh="服务商关闭了连接而没有响应", en="the provider closed the connection without an answer")),
    "truncate": (OPEN, Words(zh="服务商的响应不完整", en="the provider's answer was cut short")),
    "garbage": (OPEN, Words(zh="服务商返回的不是 HTTP 响应", en="what the provider answered is no HTTP")),
    "malformed": (OPEN, Words(zh="服务商的响应无法解析", en="the provider's answer cannot be read")),
}  # fmt: skip
"""By the catalogue's transport slug: what may follow, and what is said of it."""

NOT_CONFIGURED = Finding(same(failure("interface_not_configured").text), "interface_not_configured")
HAS_API_PATH = Words(
    zh="服务商返回 404 网页，请求地址有误：请求地址只填平台首页地址，如 http://www.example.com，不要加 /api/sms/",
    en="the provider answered with a 404 page, so the address is wrong: enter the platform's home page only, "
    "such as http://www.example.com, without /api/sms/",
)
BAD_ADDRESS = Words(
    zh="短信通道的地址没有填写或无法使用", en="the channel's address is empty or cannot be used"
)


def refused(answer: Answer) -> Finding:
    """A provider's refusal."""
    slug = _slugs().get(answer.msg)
    if slug in {"access_token_failed", "token_expired"}:
        return _documented("access_token_failed")
    prefix = SEND_FAILED.zh if slug is None else failure(slug).panel_prefix
    return _finding(same(f"{prefix}{answer.msg}"), slug, REFUSALS.get(slug or "", STAYS))


def means(answer: Answer, slug: str) -> bool:
    """Whether a refusal is this entry of the catalogue."""
    return answer.code != 0 and _slugs().get(answer.msg) == slug


def broken(channel: Channel, error: Exception) -> Finding:
    """An attempt that brought no answer. ``error`` is one of TRANSPORT."""
    if isinstance(error, Fault) and error.reason in _slugs():
        return refused(Answer(-1, error.reason))
    if isinstance(error, aiohttp.InvalidURL):
        return Finding(_sentence(BAD_ADDRESS), None)
    if isinstance(error, BadAnswer) and not isinstance(error, Fault) and error.status >= 400:
        return _page(channel, error.status)
    slug = _symptom(error)
    policy, words = SYMPTOMS[slug]
    if channel == "erban":
        return _finding(_unreachable(), "endpoint_unreachable", policy)
    return _finding(_sentence(words), slug, policy)


def _page(channel: Channel, status: int) -> Finding:
    """A web server's error page in the place of an answer: the request was not handled."""
    policy = AGAIN_OR_ELSEWHERE if status >= 500 else STAYS
    if channel == "erban" or status == 503:
        return _finding(_unreachable(), "endpoint_unreachable", policy)
    if status == 404:
        return _finding(_sentence(HAS_API_PATH), "base_url_has_api_path", policy)
    words = Words(
        zh=f"服务商返回 HTTP {status} 错误页",
        en=f"the provider answered with an error page, HTTP {status}",
    )
    return _finding(_sentence(words), "status", policy)


def _symptom(error: Exception) -> str:
    """The transport failure that this looks like from here."""
    match error:
        case TimeoutError():
            return "hang"
        case aiohttp.ClientConnectorError():
            return "refuse"
        case aiohttp.ServerDisconnectedError():
            return "empty"
        case aiohttp.ClientPayloadError():
            return "truncate"
        case OSError():
            return "reset"
        case aiohttp.ClientError():
            return "garbage"
    return "malformed"


def _documented(slug: str) -> Finding:
    entry = failure(slug)
    return Finding(same(f"{entry.panel_prefix}{entry.text}"), slug)


def _finding(shown: Words, slug: str | None, policy: Policy) -> Finding:
    return Finding(shown, slug, policy.retry, policy.failover, policy.unsure)


def _sentence(words: Words) -> Words:
    return Words(zh=f"{SEND_FAILED.zh}{words.zh}", en=f"{SEND_FAILED.en}{words.en}")


def _unreachable() -> Words:
    return same(failure("endpoint_unreachable").text)


@cache
def _slugs() -> dict[str, str]:
    """Every text of the catalogue and what it says."""
    texts = {entry.text: slug for slug, entry in catalogue().items() if entry.text}
    return texts | OWN_TEXTS
