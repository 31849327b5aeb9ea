"""Every call of the control API, in one flat list: what it is, what it takes, who handles it."""

from fakeproviders.clock import ClockState
from fakeproviders.control.bodies import Advance, NewSession, NewStatus
from fakeproviders.control.handlers import (
    clock,
    events,
    faults,
    messages,
    requests,
    service,
    sessions,
    verify,
)
from fakeproviders.control.route import Route
from fakeproviders.failures import Words
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.verify.expectation import Verification

API = "/api/v1"
_LIST = ("limit", "cursor", "wait")

ROUTES: tuple[Route, ...] = (
    Route("POST", f"{API}/sessions", sessions.create, Words(zh="新建会话", en="Make a session"), "sessions", NewSession, {"name": "checkout", "seed": 7}, status=201, answer="session"),
    Route("GET", f"{API}/sessions", sessions.list_all, Words(zh="列出会话", en="List sessions"), "sessions", query=_LIST),
    Route("GET", f"{API}/sessions/{{session}}", sessions.get, Words(zh="查看会话：地址与凭据", en="A session: addresses and credentials"), "sessions", answer="session"),
    Route("DELETE", f"{API}/sessions/{{session}}", sessions.delete, Words(zh="删除会话", en="End a session"), "sessions", status=204),
    Route("POST", f"{API}/sessions/{{session}}/reset", sessions.reset, Words(zh="重置会话", en="Bring a session back to its start"), "sessions", answer="session"),
    Route("GET", f"{API}/sessions/{{session}}/providers/{{provider}}", sessions.get_provider, Words(zh="查看服务商设置", en="A provider's settings"), "providers"),
    Route("PATCH", f"{API}/sessions/{{session}}/providers/{{provider}}", sessions.patch_provider, Words(zh="修改服务商设置：对象合并，列表整体替换", en="Change settings: objects merge, lists are replaced"), "providers", dict, {"quotas": {"mobile_per_minute": 1}}),
    Route("GET", f"{API}/sessions/{{session}}/faults", faults.list_all, Words(zh="列出故障规则", en="List fault rules"), "faults"),
    Route("POST", f"{API}/sessions/{{session}}/faults", faults.add, Words(zh="添加故障规则", en="Add a fault rule"), "faults", FaultSpec, {"provider": "official", "operation": "send", "do": "signature_mismatch", "times": 1}, status=201),
    Route("DELETE", f"{API}/sessions/{{session}}/faults", faults.clear, Words(zh="清除全部故障规则", en="Remove all fault rules"), "faults", status=204),
    Route("DELETE", f"{API}/sessions/{{session}}/faults/{{fault}}", faults.remove, Words(zh="删除一条故障规则", en="Remove a fault rule"), "faults", status=204),
    Route("GET", f"{API}/sessions/{{session}}/clock", clock.get, Words(zh="查看时钟", en="The clock"), "clock"),
    Route("PUT", f"{API}/sessions/{{session}}/clock", clock.put, Words(zh="设置时钟：system、offset、frozen", en="Set the clock: system, offset, frozen"), "clock", ClockState, {"mode": "frozen", "at": "2026-01-01T23:59:00+08:00"}),
    Route("POST", f"{API}/sessions/{{session}}/clock/advance", clock.advance, Words(zh="拨快时钟", en="Move the clock forward"), "clock", Advance, {"seconds": 3600}),
    Route("GET", f"{API}/sessions/{{session}}/messages", messages.list_all, Words(zh="收件箱；wait 可等待第一条", en="The inbox; wait for the first message"), "inbox", query=("mobile", "provider", *_LIST)),
    Route("GET", f"{API}/sessions/{{session}}/messages/{{message}}", messages.get, Words(zh="查看一条短信", en="One message"), "inbox"),
    Route("POST", f"{API}/sessions/{{session}}/messages/{{message}}/status", messages.set_status, Words(zh="改变送达状态", en="Drive a message's delivery"), "inbox", NewStatus, {"status": "delivered"}),
    Route("GET", f"{API}/sessions/{{session}}/requests", requests.list_all, Words(zh="请求日志；format=har 或 jsonl 导出全部", en="The journal; format=har or jsonl exports all of it"), "journal", query=(*requests.FILTERS, "format", *_LIST), answer="journal"),
    Route("GET", f"{API}/sessions/{{session}}/requests/{{request}}", requests.get, Words(zh="一次请求：原文、判定过程、答复", en="One request: raw, decision trace, reply"), "journal"),
    Route("POST", f"{API}/sessions/{{session}}/verify", verify.post, Words(zh="核对请求：次数、顺序、意料之外", en="Verify: counts, order, what was not expected"), "journal", Verification, {"requests": [{"operation": "send", "match": {"mobile": {"prefix": "138"}}, "count": {"max": 1}}]}, answer="verification"),
    Route("GET", f"{API}/sessions/{{session}}/events", events.stream, Words(zh="事件流（SSE）：请求、短信、故障、时钟", en="Events (SSE): requests, messages, faults, the clock"), "events", query=("types",), answer="events"),
    Route("GET", f"{API}/sessions/{{session}}/quota", clock.quota, Words(zh="限额用量", en="Use of every quota"), "quota", query=("provider",)),
    Route("GET", f"{API}/failures", faults.failures, Words(zh="故障目录", en="The failure catalogue"), "failures"),
    Route("GET", "/healthz", service.healthz, Words(zh="进程存活", en="The process answers"), "service"),
    Route("GET", "/readyz", service.readyz, Words(zh="可以服务", en="The store can work"), "service"),
    Route("GET", "/openapi.json", service.openapi_json, Words(zh="本接口的 OpenAPI 3.1 描述", en="This API as OpenAPI 3.1"), "service"),
    Route("GET", "/docs", service.docs, Words(zh="接口文档", en="This API for people"), "service"),
)  # fmt: skip
