"""What stands on every page, and on the first one."""

from fakeproviders.failures import Words

FRAME = {
    "panel": Words(zh="短信面板", en="SMS panel"),
    "skip": Words(zh="跳到正文", en="Skip to content"),
    "session": Words(zh="会话", en="Session"),
    "sides": Words(zh="前后台", en="Sides"),
    "administration": Words(zh="管理后台", en="Administration"),
    "members_site": Words(zh="会员前台", en="Member site"),
    "menu": Words(zh="菜单", en="Menu"),
    "system": Words(zh="系统", en="System"),
    "you_are_here": Words(zh="当前位置", en="You are here"),
    "colon": Words(zh="：", en=": "),
    "empty": Words(zh="（空）", en="(empty)"),
    "on": Words(zh="开启", en="On"),
    "off": Words(zh="关闭", en="Off"),
    "means": Words(zh="这是什么意思", en="What it means"),
    "remedy": Words(zh="处理方法", en="What to do"),
    "mend_at": Words(zh="去处理", en="Mend it at"),
    "problem": Words(zh="出了点问题", en="Something is not right"),
    "token": Words(zh="访问令牌", en="Token"),
    "to_home": Words(zh="返回首页", en="To the home page"),
}  # fmt: skip

HOME = {
    "home_title": Words(zh="短信面板：把指南里的故障走一遍", en="SMS panel: walk through the guide's failures"),
    "home_lead": Words(
        zh="这是一套会发短信的小系统，通过官方接口、上级代理、二办三个通道发送。指南里的每一种短信故障，都可以在这里重现、看到、排除。",
        en="A small system that sends SMS through three channels: the official API, the reseller proxy and Erban. "
        "Every SMS failure of the operators' guide can be caused, seen and mended here.",
    ),
    "home_admin": Words(
        zh="设置通道与模板、测试发送、查看日志，在这里排除故障。",
        en="Set channels and templates, send a test, read the logs: failures are mended here.",
    ),
    "home_member": Words(
        zh="用手机号注册、用验证码登录、更换手机、执行受保护的操作，故障在这里显现。",
        en="Register with a phone, log in by code, change the phone, run a protected operation: failures show here.",
    ),
    "home_inbox_lead": Words(
        zh="没有真的手机：服务商仿真收下的短信都在收件箱里。在终端运行下面的命令，新短信会随到随显示。",
        en="There is no real phone: what the mock providers accept is in their inbox. Run this in a terminal to see each SMS as it comes.",
    ),
    "home_try": Words(zh="一分钟试用", en="Try it in a minute"),
    "home_try_1": Words(zh="在终端运行收件箱命令。", en="Run the inbox command in a terminal."),
    "home_try_2": Words(zh="打开注册页，填手机号，点击“发送短信验证码”。", en="Open the register page, enter a phone number, press “Send SMS code”."),
    "home_try_3": Words(zh="把收件箱里的验证码填回注册页。", en="Enter the code from the inbox on the register page."),
    "home_try_4": Words(zh="再多索取几次，直到看见“已达上限”的提示，然后到后台排除。", en="Ask for more codes until the limit is reached and its text appears; then mend it in the administration."),
    "home_state": Words(zh="当前状态", en="State"),
    "home_channel": Words(zh="发送通道", en="Sending channel"),
    "home_drafts": Words(zh="未保存的设置", en="Unsaved settings"),
    "home_none": Words(zh="无", en="None"),
    "open": Words(zh="进入", en="Open"),
}  # fmt: skip
