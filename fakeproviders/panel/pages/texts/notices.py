"""What stands on the pages of the notification matrix."""

from fakeproviders.failures import Words

NOTICES = {
    "notices_lead": Words(
        zh="每一种通知由哪些渠道发出。“-”表示没有这个渠道。保存后立即生效。",
        en="Which notice goes out by which channel. “-” means that it does not have that channel. Saved changes are in force at once.",
    ),
    "protection_note": Words(
        zh="管理后台开启操作保护验证码通知后，敏感操作时的短信验证不可取消，防止误操作。",
        en="Once the notice of operation protection codes is on, SMS verification of sensitive operations cannot be switched off, which guards against mistakes.",
    ),
    "col_notice": Words(zh="通知", en="Notice"),
    "col_templates": Words(zh="模板", en="Templates"),
    "notice_of": Words(zh="{}通知", en="{}"),
    "template_name": Words(zh="{}模板", en="{} template"),
    "save_notices": Words(zh="保存", en="Save"),
    "locked": Words(zh="不可取消", en="Cannot be switched off"),
    "not_available": Words(zh="没有这个渠道", en="not available"),
    "notice_templates": Words(zh="模板内容", en="Templates"),
    "sms_template_at": Words(zh="短信模板在", en="The SMS template is at"),
    "save_templates": Words(zh="保存模板", en="Save templates"),
    "try_title": Words(zh="触发一次", en="Let it happen once"),
    "try_lead": Words(
        zh="像真的发生了一样，按开启的渠道发出这条通知。",
        en="The notice goes out by every channel that is on, as if it had happened.",
    ),
    "try_now": Words(zh="触发", en="Let it happen"),
    "try_email": Words(zh="邮箱（邮件渠道用）", en="Mail address (for the mail channel)"),
    "back_to_notices": Words(zh="返回通知管理", en="Back to all notices"),
}  # fmt: skip
