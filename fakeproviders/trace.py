"""The decision trace: why a request was answered as it was, in words of both languages.

The hot path records facts only (outcome, rule, cause, operands); they are put into words here, when
somebody reads.
"""

from collections.abc import Mapping
from itertools import islice

import msgspec

from fakeproviders.clock import iso
from fakeproviders.domain.rules import STORE_RULES, TOKEN_VALID, names_for
from fakeproviders.failures import Words
from fakeproviders.faults.base import NO_FAULT
from fakeproviders.faults.engine import NO_DRAW
from fakeproviders.faults.rule import Rule
from fakeproviders.faults.words import joined
from fakeproviders.journal import Entry, Posting
from fakeproviders.model import Accepted, Refused
from fakeproviders.outcome import PAGE, decided
from fakeproviders.providers.base import Provider
from fakeproviders.punctuation import SEMICOLON
from fakeproviders.stores.base import STORE_AVAILABLE


class Step(msgspec.Struct, frozen=True):
    """One rule in the order of checks: passed or not, and in words."""

    rule: str
    passed: bool
    zh: str
    en: str


RULES: Mapping[str, Words] = {
    "parameters_present": Words(zh="必填参数齐全", en="all required parameters are there"),
    "token_valid": Words(zh="access_token 有效", en="the access token is in force"),
    "clock_in_bounds": Words(zh="时间戳是北京时间且误差在 300 秒内", en="the timestamp is Beijing time within 300 s"),
    "account_known": Words(zh="账号存在", en="the account is known"),
    "credential_valid": Words(zh="密钥（摘要）正确", en="the credential is right"),
    "token_clock_in_bounds": Words(zh="时间戳是北京时间且误差在 300 秒内", en="the timestamp is Beijing time within 300 s"),
    "token_account_known": Words(zh="AppId 存在", en="the AppId is known"),
    "token_credential_valid": Words(zh="请求摘要 sign 正确", en="the proof (sign) is right"),
    "sign_key_belongs": Words(zh="签名 SignKey 属于该 AppId", en="the SignKey belongs to the AppId"),
    "app_enabled": Words(zh="账号未停用", en="the account is enabled"),
    "ip_allowed": Words(zh="来源 IP 在白名单内", en="the caller's address is allowed"),
    "channel_known": Words(zh="通道编号存在", en="the channel is known"),
    "send_time_ahead": Words(zh="定时发送的时间（如有）在当前时刻之后", en="the time to send at, where one is given, is yet to come"),
    "since_readable": Words(zh="起始时间（如有）可以读取", en="the time asked for, where one is given, can be read"),
    "signature_approved": Words(zh="短信签名已登记并审核通过", en="the signature is registered and approved"),
    "signature_equal": Words(zh="短信签名与登记的一致", en="the signature is the registered text"),
    "content_signature_approved": Words(zh="内容里的短信签名已登记并审核通过", en="the signature in the content is registered and approved"),
    "template_numbered": Words(zh="有模板编号", en="there is a template number"),
    "template_approved": Words(zh="模板已登记并审核通过", en="the template is registered and approved"),
    "params_fit": Words(zh="参数与模板占位符一致", en="the parameters fit the template"),
    "message_composed": Words(zh="短信内容已拼成", en="the text was composed"),
    "mobiles_counted": Words(zh="手机号数量在 1 到 1000 之间", en="there are 1 to 1,000 mobiles"),
    "mobiles_valid": Words(zh="手机号格式正确", en="the mobiles are well-formed"),
    "mobiles_not_blacklisted": Words(zh="手机号不在黑名单", en="no mobile is blacklisted"),
    "content_allowed": Words(zh="内容无敏感词且长度允许", en="the content is allowed and not too long"),
    "not_duplicate": Words(zh="请求编号未重复", en="the caller's id is new"),
    "within_quotas": Words(zh="未超出任何限额", en="every quota has room"),
    "balance_suffices": Words(zh="余额充足", en="the balance suffices"),
    "message_known": Words(zh="短信编号存在", en="the message is known"),
}  # fmt: skip

_MISSES: Mapping[tuple[str, str], Words] = {
    ("parameters_present", ""): Words(zh="缺少参数 {parameter}", en="parameter {parameter} is missing"),
    ("parameters_present", "foreign"): Words(zh="缺少参数 {parameter}（多出的参数：{foreign}）", en="parameter {parameter} is missing (parameters of another channel: {foreign})"),
    ("parameters_present", "unreadable"): Words(zh="请求无法读取：{zh}", en="the request cannot be read: {en}"),
    ("token_valid", ""): Words(zh="access_token {token!r} 不存在或已过期", en="access token {token!r} is missing, unknown or expired"),
    ("clock_in_bounds", "clock"): Words(zh="时间戳 {given}，应为北京时间 {expected} 左右，相差 {off_seconds} 秒", en="timestamp {given}, but in Beijing it is {expected}: {off_seconds} s off"),
    ("clock_in_bounds", "clock_unreadable"): Words(zh="时间戳 {given!r} 不是 YYYY-MM-DD HH:MM:SS，应形如 {expected}", en="timestamp {given!r} is not YYYY-MM-DD HH:MM:SS; it should look like {expected}"),
    ("account_known", "account"): Words(zh="账号是 {given!r}，本会话的是 {expected!r}", en="the account given is {given!r}; this session's is {expected!r}"),
    ("account_known", "account_unset"): Words(zh="没有给出账号，本会话的是 {expected!r}", en="no account was given; this session's is {expected!r}"),
    ("credential_valid", "proof"): Words(zh="给出 {given!r}，应为 {expected!r}，待签文本：{signed}", en="{given!r} was given, {expected!r} is right, made of: {signed}"),
    ("sign_key_belongs", "sign_key"): Words(zh="SignKey {sign_key!r} 不属于 AppId {account!r}", en="SignKey {sign_key!r} does not belong to AppId {account!r}"),
    ("app_enabled", ""): Words(zh="账号 {account} 已停用", en="account {account} is disabled"),
    ("ip_allowed", ""): Words(zh="来源 {ip} 不在白名单（{allowed}）", en="{ip} is not on the allow-list ({allowed})"),
    ("channel_known", ""): Words(zh="通道 {given!r} 不存在，可用：{known}", en="channel {given!r} is unknown; known are {known}"),
    ("send_time_ahead", "past"): Words(zh="定时时间 {given} 已经过去，现在是北京时间 {now}", en="{given} is past: in Beijing it is {now}"),
    ("send_time_ahead", "unreadable"): Words(zh="定时时间 {given!r} 不是 YYYY-MM-DD HH:MM:SS，应形如 {expected}", en="{given!r} is no time of the form YYYY-MM-DD HH:MM:SS, as {expected}"),
    ("since_readable", "unreadable"): Words(zh="起始时间 {given!r} 不是 YYYY-MM-DD HH:MM:SS，应形如 {expected}", en="{given!r} is no time of the form YYYY-MM-DD HH:MM:SS, as {expected}"),
    ("signature_approved", "unknown"): Words(zh="没有登记签名 {sign_key!r}", en="no signature {sign_key!r} is registered"),
    ("signature_approved", "pending"): Words(zh="签名 {sign_key!r} 尚在审核", en="signature {sign_key!r} is pending"),
    ("signature_approved", "rejected"): Words(zh="签名 {sign_key!r} 被驳回：{why}", en="signature {sign_key!r} was rejected: {why}"),
    ("signature_equal", ""): Words(zh="给出 {given!r}，登记的是 {expected!r}", en="{given!r} was given, {expected!r} is registered"),
    ("content_signature_approved", "absent"): Words(zh="内容首尾都没有【签名】", en="the content has no 【signature】 at its head or tail"),
    ("template_approved", ""): Words(zh="没有模板 {template_id!r}", en="there is no template {template_id!r}"),
    ("template_approved", "pending"): Words(zh="模板 {template_id!r} 尚在审核", en="template {template_id!r} is pending"),
    ("template_approved", "rejected"): Words(zh="模板 {template_id!r} 被驳回：{why}", en="template {template_id!r} was rejected: {why}"),
    ("template_numbered", ""): Words(zh="模板编号为空", en="the template number is empty"),
    ("params_fit", ""): Words(zh="给出 {given}，模板需要 {expected}", en="given: {given}; the template needs: {expected}"),
    ("mobiles_counted", "number"): Words(zh="手机号有 {given} 个，应为 1 到 {most} 个", en="{given} mobiles; 1 to {most} are allowed"),
    ("mobiles_valid", ""): Words(zh="手机号 {given!r} 不合法", en="{given!r} is no mainland mobile"),
    ("mobiles_not_blacklisted", ""): Words(zh="手机号 {given} 在黑名单", en="{given} is blacklisted"),
    ("not_duplicate", ""): Words(zh="编号 {out_id!r} 已用于短信 {earlier}", en="{out_id!r} was used for message {earlier} already"),
    ("within_quotas", ""): Words(zh="{bucket} {key} 已用 {used}，上限 {limit}", en="{bucket} {key}: {used} used of {limit}"),
    ("balance_suffices", ""): Words(zh="余额 {balance}，需要 {fee}", en="the balance is {balance}, {fee} are needed"),
    (STORE_AVAILABLE, "store"): Words(zh="存储暂不可用：{why}", en="the store is away: {why}"),
    ("message_known", ""): Words(zh="没有短信 {given!r}", en="there is no message {given!r}"),
    ("upstream_accepts", "upstream"): Words(zh="上级平台响应 {code}", en="the platform above answered {code}"),
    ("upstream_accepts", "unsettled"): Words(zh="上级平台没有响应，是否已发送待查：{why}", en="no answer from above, so it is being found out whether it was sent: {why}"),
    ("upstream_accepts", "connect"): Words(zh="连不上上级平台：{why}", en="the platform above cannot be reached: {why}"),
    ("upstream_accepts", "token"): Words(zh="取上级平台的 access_token 失败：{why}", en="no token could be had from above: {why}"),
}  # fmt: skip
_CONTENT = {
    "word": Words(zh="内容含敏感词 {word!r}", en="the content has the blocked word {word!r}"),
    "segments": Words(
        zh="内容需 {segments} 条，最多 {most} 条",
        en="{segments} segments; at most {most} are allowed",
    ),
}
MOST_NEAR_MISSES = 10
"""Fault rules of which a trace says why they did not act."""
_HINTS = {
    "unknown_prefix": Words(
        zh="地址前缀 /@{prefix} 不是任何会话，按 default 处理",
        en="no session is called {prefix}, as the address prefix says; default answers",
    ),
    "unknown_token": Words(
        zh="access_token {token!r} 不属于任何会话，按 default 处理",
        en="access token {token!r} belongs to no session; default answers",
    ),
    "unknown_identity": Words(
        zh="账号 {account!r} 不属于任何会话，按 default 处理",
        en="account {account!r} belongs to no session; default answers",
    ),
}


_UNSENT = Words(zh="没有发出", en="it is not sent")
_ACKNOWLEDGED = Words(
    zh="第 {attempt} 次推送，对方响应 {status}，已接收",
    en="attempt {attempt} was answered {status}: accepted",
)
_ANSWERED = Words(
    zh="第 {attempt} 次推送，对方响应 {status}",
    en="attempt {attempt} was answered {status}, not 2xx",
)
_NO_ANSWER = Words(
    zh="第 {attempt} 次推送没有响应：{why}", en="attempt {attempt} got no answer: {why}"
)
_AGAIN = Words(zh="{next_at} 再试", en="tried again at {next_at}")
_GIVEN_UP = Words(zh="不再重试", en="given up")
_LET_PASS = Words(
    zh="故障规则 {rule} 第 {nth} 次匹配：放行{drew}",
    en="fault rule {rule}, match {nth}: lets it pass{drew}",
)
_NOT_ACTING = Words(
    zh="故障规则 {rule} 匹配但未触发：次数、概率或先后未轮到",
    en="fault rule {rule} matched and did not act: its count, probability or turn",
)


def explain(entry: Entry) -> list[Step]:
    """The way of one request: whose it was, what fault was drawn, each rule up to the one that refused."""
    steps = [*_owner(entry), *_fault(entry)]
    if entry.posting is not None:
        return [*steps, _posted(entry, entry.posting)]
    outcome = entry.outcome
    if outcome is None or (isinstance(outcome, Refused) and outcome.rule == "fault"):
        return steps
    if decided(entry) == PAGE:
        words = Words(zh="文档或协议错误，不经规则", en="a document or a protocol error: no rules")
        return [
            *steps,
            _step("page", words, passed=entry.reply is None or entry.reply.status < 400),
        ]
    return [*steps, *_rules(entry, outcome, entry.provider)]


def _owner(entry: Entry) -> list[Step]:
    if not entry.hint:
        return []
    call = entry.call
    facts = {
        "prefix": entry.request.session_id,
        "account": call.account,
        "token": call.token,
    }
    return [_step("session", _filled(_HINTS[entry.hint], facts), passed=False)]


def _fault(entry: Entry) -> list[Step]:
    others = (rule for rule in entry.rules if rule.id != entry.draw.rule_id)
    near = (step for rule in others if (step := _near_miss(rule, entry)) is not None)
    return [*islice(near, MOST_NEAR_MISSES), *_drawn(entry)]


def _near_miss(rule: Rule, entry: Entry) -> Step | None:
    """Why a rule of the same provider did not meet the call; None for those of others."""
    misses = rule.misses(entry.call, entry.at)
    if any(miss.field in {"provider", "operation"} for miss in misses):
        return None
    if not misses and rule.exhausted():
        return None  # used up by now: it would have nothing to say to any later request
    if not misses:
        return _step("fault", _filled(_NOT_ACTING, {"rule": rule.id}), passed=True)
    missed = joined(SEMICOLON, (miss.words for miss in misses))
    words = Words(
        zh=f"故障规则 {rule.id} 未匹配：{missed.zh}",
        en=f"fault rule {rule.id} did not match: {missed.en}",
    )
    return _step("fault", words, passed=True)


def _drawn(entry: Entry) -> list[Step]:
    draw = entry.draw
    if draw is NO_DRAW:
        return []
    facts = {"rule": draw.rule_id, "nth": draw.nth + 1, "what": draw.fault.label}
    if draw.fault is NO_FAULT:
        facts["drew"] = "" if draw.chance is None else f" ({draw.chance:.4f})"
        return [_step("fault", _filled(_LET_PASS, facts), passed=True)]
    words = Words(
        zh="故障规则 {rule} 第 {nth} 次匹配：{what}", en="fault rule {rule}, match {nth}: {what}"
    )
    return [_step("fault", _filled(words, facts), passed=False)]


def _posted(entry: Entry, posting: Posting) -> Step:
    """What came of an attempt at a call of our own, and what follows."""
    status = None if entry.reply is None else entry.reply.status
    facts: dict[str, object] = {
        "attempt": posting.attempt,
        "status": status,
        "why": posting.error,
    }
    if not posting.attempt:
        words = _UNSENT
    elif posting.accepted:
        words = _ACKNOWLEDGED
    else:
        what = _ANSWERED if entry.reply is not None else _NO_ANSWER
        then = _GIVEN_UP if posting.next_at is None else _AGAIN
        words = Words(zh=f"{what.zh}，{then.zh}", en=f"{what.en}; {then.en}")
        facts["next_at"] = "" if posting.next_at is None else iso(posting.next_at)
    return _step(entry.call.operation, _filled(words, facts), passed=posting.accepted)


def _rules(entry: Entry, outcome: Accepted | Refused, provider: Provider) -> list[Step]:
    names = names_for(provider, entry.call.operation, tokened=entry.call.token is not None)
    if isinstance(outcome, Accepted):
        return [_step(name, RULES[name], passed=True) for name in names]
    before = names[: names.index(outcome.rule)] if outcome.rule in names else names
    if outcome.rule == STORE_AVAILABLE:
        before = tuple(name for name in names if name not in {TOKEN_VALID, *STORE_RULES})
    passed = [_step(name, RULES[name], passed=True) for name in before]
    return [*passed, _step(outcome.rule, _why(outcome), passed=False)]


def _why(refused: Refused) -> Words:
    rule = refused.rule.removeprefix("token_") if refused.rule != "token_valid" else refused.rule
    if rule == "content_allowed":
        words: Words | None = _CONTENT[next(k for k in _CONTENT if k in refused.facts)]
    else:
        words = (
            _MISSES.get((rule, refused.cause))
            or _MISSES.get((rule, ""))
            or _MISSES.get(("signature_approved", refused.cause))
            or _MISSES.get(("signature_equal", refused.cause))
        )
    return _filled(words or RULES.get(refused.rule, _UNNAMED), refused.facts)


_UNNAMED = Words(zh="未通过", en="did not pass")


def _filled(words: Words, facts: Mapping[str, object]) -> Words:
    return Words(zh=words.zh.format_map(facts), en=words.en.format_map(facts))


def _step(rule: str, words: Words, *, passed: bool) -> Step:
    return Step(rule=rule, passed=passed, zh=words.zh, en=words.en)
