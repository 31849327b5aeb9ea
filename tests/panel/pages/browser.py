"""A browser without JavaScript: it follows links and redirects, keeps cookies, and submits forms as browsers do."""

import re
from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

from tests.e2e.sockets import Reply, request

_LINKS = 10
"""Redirects that are followed before one is taken for a circle."""
_NOT_SENT = {"submit", "button", "image", "reset", "file"}


class Shown:
    """A page as it is shown."""

    def __init__(self, browser: "Browser", url: str, reply: Reply) -> None:
        self.browser = browser
        self.url = url
        self.status = reply.status
        self.headers = reply.headers
        self.html = reply.text
        self.tree: HtmlElement = lxml.html.document_fromstring(reply.text)

    @property
    def path(self) -> str:
        """Below the panel's address."""
        return self.url.removeprefix(self.browser.url).partition("?")[0]

    @property
    def lang(self) -> str:
        return str(self.tree.get("lang"))

    @property
    def told(self) -> list[str]:
        """The exact texts of the messages."""
        return [_text(found) for found in self.all("//*[contains(@class,'told')]/p[@class='text']")]

    @property
    def help(self) -> str:
        """What stands beside them."""
        return " ".join(
            _text(found) for found in self.all("//*[contains(@class,'told')]/*[@class='help']")
        )

    @property
    def text(self) -> str:
        """All that can be read."""
        return _text(self.all("//body")[0])

    def all(self, xpath: str) -> list[HtmlElement]:
        found = self.tree.xpath(xpath)
        assert isinstance(found, list)
        return [element for element in found if isinstance(element, HtmlElement)]

    def links(self) -> Iterator[str]:
        """Every address that the page leads to or loads, as it is written."""
        for _, attribute, link, _ in self.tree.iterlinks():
            if attribute in {"href", "src", "action", "formaction"}:
                yield link

    def value(self, name: str) -> str:
        """What stands in a field."""
        (field,) = self.all(f"//*[@name='{name}']")
        return str(field.get("value", ""))

    def ticked(self, name: str) -> bool:
        (box,) = self.all(f"//input[@name='{name}']")
        return box.get("checked") is not None

    def wrong(self) -> dict[str, str]:
        """By the field's name, what is said to be wrong with it."""
        return {
            str(field.get("name")): " ".join(
                _text(found) for found in self.all(f"//*[@id='{field.get('aria-describedby')}']")
            )
            for field in self.all("//*[@aria-invalid='true']")
        }

    def follow(self, text: str) -> "Shown":
        """Click a link by its text."""
        found = [link for link in self.all("//a[@href]") if _text(link) == text]
        assert found, f"no link {text!r} on {self.url}"
        return self.browser.get(urljoin(self.url, str(found[0].get("href"))))

    def press(
        self,
        button: str,
        fields: Mapping[str, str] | None = None,
        *,
        untick: tuple[str, ...] = (),
        near: str = "",
    ) -> "Shown":
        """Fill fields in and press a button by its text; ``near`` is the id of what stands beside it."""
        scope = f"//*[@id='{near}']/.." if near else ""
        found = [
            element
            for element in self.all(f"{scope}//button")
            if _text(element) == button and element.get("aria-hidden") is None
        ]
        assert found, f"no button {button!r} on {self.url}"
        return self.browser.submit(self, found[0], fields or {}, untick)


class Browser:
    """``url`` is a panel's address; ``accept`` the language that the browser asks for."""

    def __init__(self, url: str, accept: str = "zh-CN,zh;q=0.9") -> None:
        self.url = url
        self._accept = accept
        self.cookies: dict[str, str] = {}

    def open(self, path: str) -> Shown:
        """A page of the panel."""
        return self.get(f"{self.url}{path}")

    def get(self, url: str) -> Shown:
        return self._load("GET", url, None)

    def submit(
        self,
        shown: Shown,
        button: HtmlElement,
        given: Mapping[str, str],
        untick: tuple[str, ...] = (),
    ) -> Shown:
        """Press a button of a form."""
        (form,) = button.xpath("ancestor::form")
        controls = _controls(form)
        unknown = given.keys() - {str(e.get("name")) for e in form.xpath(".//*[@name]")}
        assert not unknown, f"no fields {unknown} on {shown.url}"
        sent = [(name, value) for name, value in controls if name not in {*given, *untick}]
        sent += list(given.items())
        if button.get("name"):
            sent.append((str(button.get("name")), str(button.get("value", ""))))
        action = urljoin(shown.url, str(button.get("formaction") or form.get("action")))
        if form.get("method", "get").lower() == "get":
            return self.get(f"{action}?{urlencode(sent)}")
        return self._load("POST", action, urlencode(sent))

    def _load(self, method: str, url: str, body: str | None) -> Shown:
        for _ in range(_LINKS):
            reply = request(method, url.partition("#")[0], body, self._headers(url, body))
            for line in reply.headers.get_all("Set-Cookie", []):
                self._keep(SimpleCookie(line))
            if reply.status != 303:
                return Shown(self, url, reply)
            method, url, body = "GET", urljoin(url, reply.headers["Location"]), None
        raise AssertionError(f"redirects in a circle at {url}")

    def _headers(self, url: str, body: str | None) -> dict[str, str]:
        parts = urlsplit(url)
        headers = {"Accept-Language": self._accept}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"{parts.scheme}://{parts.netloc}"
        return headers

    def _keep(self, cookies: "SimpleCookie") -> None:
        for name, morsel in cookies.items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


def _controls(form: HtmlElement) -> Iterator[tuple[str, str]]:
    """The successful controls of a form, in their order."""
    for element in form.xpath(".//*[@name]"):
        kind, name = element.get("type", "text"), element.get("name")
        if element.tag == "select":
            chosen = element.xpath("./option[@selected]") or element.xpath("./option[1]")
            yield name, chosen[0].get("value")
        elif element.tag != "input" or kind in _NOT_SENT:
            continue
        elif kind not in {"checkbox", "radio"}:
            yield name, element.get("value", "")
        elif element.get("checked") is not None:
            yield name, element.get("value", "on")


def _text(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()
