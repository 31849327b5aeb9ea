"""What stands on the pages of 系统-全局设置 and 系统-功能设置."""

from fakeproviders.failures import Words

SETTINGS = {
    "save_settings": Words(zh="保存设置", en="Save settings"),
    "keep_draft": Words(zh="暂存为草稿", en="Keep as a draft"),
    "discard": Words(zh="放弃修改", en="Discard changes"),
    "unsaved": Words(zh="未保存", en="Unsaved"),
    "in_force": Words(zh="现在生效的", en="In force"),
    "not_shown": Words(zh="（不显示）", en="(not shown)"),
    "secret_set": Words(zh="已设置", en="Set"),
    "secret_empty": Words(zh="未设置", en="Not set"),
    "secret_clear": Words(zh="清空", en="Make it empty"),
    "effect_note": Words(
        zh="填写完信息后都需要点击页面下方的【保存设置】才生效。",
        en="Nothing takes effect before Save settings at the foot of the page is pressed.",
    ),
    "state_clean": Words(zh="没有未保存的修改", en="There are no unsaved changes"),
    "state_draft": Words(zh="有未保存的修改，尚未生效", en="There are unsaved changes, not in force yet"),
    "channels": Words(zh="短信通道", en="SMS channels"),
    "channel_lead": Words(
        zh="选中的通道决定发送时用哪一组参数。",
        en="The channel that is chosen decides which parameters a send is built with.",
    ),
    "use_channel": Words(zh="使用此通道发送", en="Send through this channel"),
    "channel_prefix": Words(zh="通道", en="Channel"),
    "in_use": Words(zh="使用中", en="In use"),
    "test_channel": Words(zh="测试通道", en="Test the channel"),
    "test_send": Words(zh="测试发送", en="Send a test"),
    "test_mobile": Words(zh="接收测试短信的手机号码", en="Mobile number for the test"),
    "test_note": Words(
        zh="发往本通道的地址，参数用已保存设置中选中的通道。",
        en="Goes to this channel's address, with the parameters of the channel that is chosen in the saved settings.",
    ),
    "templates": Words(zh="短信模板", en="SMS templates"),
    "templates_lead": Words(
        zh="模板编号由服务商给出，留空则发送时提示“模板编号不能为空”；二办不用编号，按内容发送。",
        en="The numbers come from the providers; a send without one is refused. Erban has no numbers: it is sent the text.",
    ),
    "template_of": Words(zh="通知", en="Notice"),
    "group_interface": Words(zh="云引擎官方接口", en="Official interface"),
    "lead_interface": Words(
        zh="官方短信通道凭这里的应用 ID 和密钥换取 access_token；两项都空着，发送时提示“官方接口未配置”。",
        en="The official SMS channel gets its access token with this application ID and secret; with both empty, sends are refused.",
    ),
    "group_member": Words(zh="验证码发送次数", en="Number of verification codes"),
    "lead_member": Words(
        zh="每个手机号可以索取多少条验证码；用完后提示“已达验证码发送上限”。",
        en="How many verification codes one mobile number may ask for; beyond that a request is refused.",
    ),
    "group_sending": Words(zh="超时、重试与备用通道", en="Time-out, retries and fail-over"),
    "lead_sending": Words(zh="发送失败时怎么办。", en="What happens when a send fails."),
    "group_captcha": Words(zh="防刷", en="Against abuse"),
    "lead_captcha": Words(
        zh="验证码日志里看到恶意盗刷时，开启行为验证码。",
        en="Switch it on when the verification code log shows abuse.",
    ),
    "group_time": Words(zh="主控服务器时间", en="The main server's clock"),
    "lead_time": Words(
        zh="时间与北京时间相差太多，获取 access_token 会失败。",
        en="When this clock is too far from Beijing time, the access token is refused.",
    ),
    "clock_panel": Words(zh="本服务器时间", en="This server's clock"),
    "clock_beijing": Words(zh="北京时间", en="Beijing time"),
    "clock_right": Words(zh="与北京时间一致", en="Agrees with Beijing time"),
    "clock_wrong": Words(zh="不是北京时间", en="Not Beijing time"),
    "clock_loaded": Words(zh="页面打开时的时间，刷新可更新", en="As of when the page was opened; reload to update"),
    "choice_off": Words(zh="关闭", en="Off"),
    "cache_lead": Words(
        zh="缓存里放的是官方接口的 access_token。换过密钥、改过时间之后，旧的 token 可能已失效，清除后会重新获取。",
        en="The cache holds the official interface's access token. It may have become stale after the secret or the clock "
        "was changed; once cleared, a new one is fetched.",
    ),
    "cache_what": Words(zh="官方接口 access_token", en="Access token of the official interface"),
    "cache_filled": Words(zh="已缓存", en="Cached"),
    "cache_empty": Words(zh="没有缓存", en="Not cached"),
    "cache_fetched": Words(zh="获取时间", en="Fetched"),
    "cache_expires": Words(zh="到期时间", en="Expires"),
    "cache_clear": Words(zh="清除缓存", en="Clear the cache"),
}  # fmt: skip
