"""Every call of the panel's JSON API, in one flat list."""

from fakeproviders.panel.api import logs, members, sending, service, settings
from fakeproviders.panel.route import Route

ROUTES = (
    Route("GET", "/api/settings/{group}", settings.get_settings),
    Route("PUT", "/api/settings/{group}", settings.put_settings),
    Route("POST", "/api/settings/save", settings.save_settings),
    Route("POST", "/api/settings/discard", settings.discard_settings),
    Route("POST", "/api/sms/test", sending.test_sms),
    Route("POST", "/api/codes", sending.send_code),
    Route("POST", "/api/codes/check", sending.check_code),
    Route("POST", "/api/captcha", sending.new_captcha),
    Route("POST", "/api/operations/{event}", sending.operate),
    Route("GET", "/api/notifications", settings.get_notifications),
    Route("PUT", "/api/notifications", settings.put_notifications),
    Route("GET", "/api/logs/codes", logs.code_log),
    Route("GET", "/api/messages", logs.messages),
    Route("POST", "/api/messages/report", logs.ask_reports),
    Route("GET", "/api/outbox", logs.outbox),
    Route("GET", "/api/receipts", logs.get_receipts),
    Route("POST", "/api/receipts", logs.take_callback),
    Route("GET", "/api/replies", logs.get_replies),
    Route("GET", "/api/cache", service.get_cache),
    Route("POST", "/api/cache/clear", service.clear_cache),
    Route("GET", "/api/time", service.get_time),
    Route("GET", "/api/members", members.get_members),
    Route("POST", "/api/members", members.register),
    Route("POST", "/api/members/login", members.login),
    Route("POST", "/api/members/logout", members.logout),
    Route("POST", "/api/members/mobile", members.change_mobile),
    Route("POST", "/api/reset", service.reset),
)
