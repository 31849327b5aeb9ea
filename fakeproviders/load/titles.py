"""What each check is called, and what a client does about one that failed."""

from fakeproviders.failures import Words

TITLES = {
    "requests": Words(zh="有请求到达", en="Requests arrived"),
    "uncounted": Words(zh="每个请求都已计入", en="Every request was counted"),
    "accepted": Words(zh="受理的比例", en="Sends accepted"),
    "inexact_limits": Words(zh="限额分毫不差", en="Limits were held exactly"),
    "wrong_reasons": Words(zh="拒绝原因正确", en="Refusals gave the right reason"),
    "retries": Words(zh="每条短信的重试次数", en="Retries of one message"),
    "pointless_retries": Words(zh="无意义的重试", en="Pointless retries"),
    "early_retries": Words(zh="限额恢复之前的请求", en="Requests before the limit was free"),
    "backoff_growth": Words(zh="重试间隔的增长", en="Back-off between retries grows"),
    "duplicates": Words(zh="重复的短信", en="Duplicate messages"),
    "delivered_after_outage": Words(
        zh="服务商中断时仍然送达", en="Delivered in spite of an outage"
    ),
    "failed_over": Words(zh="切换服务商", en="Failed over to another provider"),
    "recovery_seconds": Words(zh="中断结束后恢复使用", en="Recovery after an outage"),
    "peak_over_limit": Words(zh="需求峰值相对限额", en="Peak demand over the limit"),
    "p99_ms": Words(zh="99 % 的请求耗时", en="Time of 99 % of the sends"),
    "client_failures": Words(zh="压测端的失败", en="Failures on the load's side"),
}
ADVICE = {
    "requests": Words(
        zh="检查被测系统的短信地址是否指向本会话。",
        en="See that the system under test sends to this session's addresses.",
    ),
    "uncounted": Words(
        zh="请求来得比统计快：降低速率，或减少同时运行的进程。",
        en="Requests came faster than they could be counted: lower the rate, or use fewer processes.",
    ),
    "accepted": Words(
        zh="按“每个接口”一栏的拒绝原因逐一处理。", en="See the reasons of refusals, door by door."
    ),
    "inexact_limits": Words(
        zh="这是仿真服务自身的缺陷，请报告。",
        en="This is a defect of the mock servers: please report it.",
    ),
    "wrong_reasons": Words(
        zh="这是仿真服务自身的缺陷，请报告。",
        en="This is a defect of the mock servers: please report it.",
    ),
    "retries": Words(
        zh="限制重试次数，之后放弃或切换服务商。",
        en="Give up, or change the provider, after a few retries.",
    ),
    "pointless_retries": Words(
        zh="号码无效、签名不存在一类的拒绝，重试也没有用：直接报错。",
        en="A refusal such as an invalid mobile stays one: report it, do not retry.",
    ),
    "early_retries": Words(
        zh="被限额拒绝后，等到该窗口重置再发。",
        en="After a refusal by a quota, wait until its window begins anew.",
    ),
    "backoff_growth": Words(
        zh="使用指数退避，并加随机抖动。", en="Use exponential back-off with jitter."
    ),
    "duplicates": Words(
        zh="重试时沿用同一个编号（out_id、smsid）；结果不明时先查询。",
        en="Retry under the same id (out_id, smsid); when the outcome is open, ask before sending elsewhere.",
    ),
    "delivered_after_outage": Words(
        zh="服务商中断时切换到另一家，或稍后再试。",
        en="Fail over to another provider, or try again later.",
    ),
    "failed_over": Words(
        zh="服务商中断时切换到另一家。",
        en="Fail over to another provider when one is out of order.",
    ),
    "recovery_seconds": Words(
        zh="中断后定期试探，恢复后切换回来。",
        en="Probe a provider that was out of order, and come back to it.",
    ),
    "peak_over_limit": Words(zh="在自己这边限速或排队。", en="Throttle or queue on your own side."),
    "p99_ms": Words(
        zh="检查故障中的延迟，以及本机负载。",
        en="Look for delays among the faults, and at this machine's load.",
    ),
    "client_failures": Words(zh="见“压测端的错误”。", en="See the errors of the load's own side."),
}
"""For the check of that name, which is its threshold's too."""
