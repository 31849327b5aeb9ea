"""Every call of the control API, in one flat list: what it is, what it takes, who handles it."""

from fakeproviders.clock import ClockState
from fakeproviders.control.bodies import Advance, NewReply, NewSession, NewStatus
from fakeproviders.control.handlers import (
    clock,
    console,
    events,
    faults,
    ledger,
    messages,
    outbox,
    replies,
    requests,
    scenarios,
    service,
    sessions,
    verify,
)
from fakeproviders.control.route import CONSOLE, Route
from fakeproviders.failures import Words
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.verify.expectation import Verification

API = "/api/v1"
_LIST = ("limit", "cursor", "wait")

ROUTES: tuple[Route, ...] = (
    Route("POST", f"{API}/sessions", sessions.create, Words(zh="新建会话", en="Make a session"), "sessions", NewSession, {"name": "checkout", "seed": 7}, status=201, answer="session"),
    Route("GET", f"{API}/sessions", sessions.list_all, Words(zh="列出会话", en="List sessions"), "sessions", query=_LIST),
    Route("GET", f"{API}/sessions/{{session}}", sessions.get, Words(zh="查看会话：地址与凭据", en="A session: addresses and credentials"), "sessions", answer="session"),
    Route("DELETE", f"{API}/sessions/{{session}}", sessions.delete, Words(zh="删除会话", en="End a session"), "sessions", query=("strict",), status=204),
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
    Route("GET", f"{API}/sessions/{{session}}/outbox", outbox.list_all, Words(zh="后台面板发出的邮件、站内信、微信；wait 可等待第一条", en="The panel's mail, in-site and WeChat messages; wait for the first"), "inbox", query=("kind", "recipient", *_LIST)),
    Route("POST", f"{API}/sessions/{{session}}/replies", replies.add, Words(zh="用户回复短信（上行）：等待拉取，或推送到 callback_url", en="A person answers: to be fetched, or called back to callback_url"), "inbox", NewReply, {"mobile": "13800138000", "content": "T"}, status=201),
    Route("GET", f"{API}/sessions/{{session}}/replies", replies.list_all, Words(zh="列出用户回复：new、fetched、read", en="What people answered: new, fetched or read"), "inbox", query=("mobile", "provider", "limit")),
    Route("GET", f"{API}/sessions/{{session}}/requests", requests.list_all, Words(zh="请求日志；format=har 或 jsonl 导出全部", en="The journal; format=har or jsonl exports all of it"), "journal", query=(*requests.FILTERS, "format", *_LIST), answer="journal"),
    Route("GET", f"{API}/sessions/{{session}}/requests/{{request}}", requests.get, Words(zh="一次请求：原文、判定过程、响应", en="One request: raw, decision trace, reply"), "journal"),
    Route("POST", f"{API}/sessions/{{session}}/verify", verify.post, Words(zh="核对请求：次数、顺序、有无意外的请求", en="Verify: counts, order, what was not expected"), "journal", Verification, {"requests": [{"operation": "send", "match": {"mobile": {"prefix": "138"}}, "count": {"max": 1}}]}, answer="verification"),
    Route("GET", f"{API}/sessions/{{session}}/events", events.stream, Words(zh="事件流（SSE）：请求、短信、故障、时钟", en="Events (SSE): requests, messages, faults, the clock"), "events", query=("types",), answer="events"),
    Route("GET", f"{API}/sessions/{{session}}/quota", clock.quota, Words(zh="限额用量", en="Use of every quota"), "quota", query=("provider",)),
    Route("POST", f"{API}/sessions/{{session}}/ledger", ledger.begin, Words(zh="开始一次压测的记账", en="Begin a load run's ledger"), "load", ledger.NewLedger, {"name": "checkout"}, status=201),
    Route("GET", f"{API}/sessions/{{session}}/ledger", ledger.get, Words(zh="压测账本：限额、拒绝原因、客户端行为", en="What a load run did: limits, refusals, how clients behaved"), "load"),
    Route("POST", f"{API}/sessions/{{session}}/ledger/end", ledger.end, Words(zh="结束记账，返回账本", en="End the run: what it did"), "load"),
    Route("GET", f"{API}/failures", faults.failures, Words(zh="故障目录", en="The failure catalogue"), "failures"),
    Route("GET", f"{API}/scenarios", scenarios.list_all, Words(zh="列出随附的场景", en="The shipped scenarios"), "scenarios"),
    Route("POST", f"{API}/scenarios/{{scenario}}/runs", scenarios.start, Words(zh="运行一个场景", en="Run a scenario"), "scenarios", scenarios.NewRun, {"seed": 7}, status=201),
    Route("GET", f"{API}/runs", scenarios.list_runs, Words(zh="列出最近的运行", en="The latest runs"), "scenarios"),
    Route("GET", f"{API}/runs/{{run}}", scenarios.get_run, Words(zh="查看一次运行：状态、步骤、结果", en="A run: state, steps, result"), "scenarios"),
    Route("DELETE", f"{API}/runs/{{run}}", scenarios.stop_run, Words(zh="停止一次运行，其会话随之删除", en="Stop a run; its session goes with it"), "scenarios"),
    Route("GET", f"{API}/runs/{{run}}/events", scenarios.run_events, Words(zh="运行的步骤（SSE），可用 Last-Event-ID 续接", en="A run's steps as they happen (SSE); goes on after Last-Event-ID"), "scenarios", answer="events"),
    Route("GET", f"{API}/runs/{{run}}/report", scenarios.report, Words(zh="运行的 HTML 报告", en="A run's report as HTML"), "scenarios", answer="page"),
    Route("GET", "/healthz", service.healthz, Words(zh="进程存活", en="The process answers"), "service"),
    Route("GET", "/readyz", service.readyz, Words(zh="可以服务", en="The store can work"), "service"),
    Route("GET", "/metrics", service.metrics, Words(zh="Prometheus 指标：请求、延迟、故障、限额、日志", en="Metrics for Prometheus: requests, latency, faults, quotas, journals"), "service", answer="text"),
    Route("GET", "/openapi.json", service.openapi_json, Words(zh="本接口的 OpenAPI 3.1 描述", en="This API as OpenAPI 3.1"), "service"),
    Route("GET", CONSOLE, console.console, Words(zh="控制台", en="The console"), "service", answer="page"),
    Route("GET", "/docs", service.docs, Words(zh="接口文档", en="This API for people"), "service"),
)  # fmt: skip
