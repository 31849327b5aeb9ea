"""Users of a whole system that sends codes: the panel's registration page, or a system of one's own."""

import json
from typing import Any
from urllib.parse import urlencode

from locust import task

from loadtests.messages import Message
from loadtests.users.base import JOB, MAILBAG, BaseUser

NO_ANSWER = "no answer: "
"""What a failure begins with when nothing came back at all."""


class SystemUser(BaseUser):
    """Asks for a code again and again, each time for one of the plan's mobiles."""

    abstract = True

    def ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> None:
        """One request. What the system refuses with 4xx is an answer; 5xx and silence are failures."""
        client: Any = self.client
        with client.request(
            method, url, name=type(self).__name__, data=body, headers=headers, catch_response=True
        ) as response:
            if not response.status_code:
                # What its client raises in the end has the socket's error in it.
                error = getattr(response.error, "original", response.error)
                response.failure(f"{NO_ANSWER}{str(error) or type(error).__name__}"[:80])
            elif response.status_code < 500:
                response.success()
            else:
                response.failure(f"HTTP {response.status_code} {response.error or ''}"[:80])


class PanelUser(SystemUser):
    """Somebody at the panel's registration page who wants a code."""

    @task
    def ask_for_a_code(self) -> None:
        """What the page's button does."""
        wanted = {"event": "register", "mobile": MAILBAG.next().mobile}
        base = JOB.plan.host or JOB.of("panel")["url"]
        headers = {"Content-Type": "application/json"}
        self.ask("POST", f"{base}/api/codes", json.dumps(wanted).encode(), headers)


class OwnUser(SystemUser):
    """Somebody at a system of one's own, asked as the plan's ``request`` says."""

    @task
    def ask_for_a_code(self) -> None:
        """The plan's request, for the next mobile."""
        wanted, message = JOB.plan.request, MAILBAG.next()
        body, headers = b"", dict(wanted.headers)
        if wanted.json is not None:
            body = json.dumps(_filled(wanted.json, message), ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
        elif wanted.form is not None:
            body = urlencode(_filled(wanted.form, message)).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        self.ask(wanted.method, f"{JOB.plan.host}{_filled(wanted.path, message)}", body, headers)


def _filled(value: Any, message: Message) -> Any:
    """A value with ``{mobile}`` replaced wherever it stands."""
    if isinstance(value, str):
        return value.replace("{mobile}", message.mobile)
    if isinstance(value, dict):
        return {name: _filled(part, message) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, message) for part in value]
    return value
