"""The error pages of web servers."""

import pytest

from fakeproviders.pages import CLOSE, error_page, nginx_page, reason_phrase


def test_nginx_says_what_nginx_says() -> None:
    reply = nginx_page(404)
    assert reply.status == 404
    assert reply.body == (
        b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n"
        b"<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n"
        b"</body>\r\n</html>\r\n"
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (405, "Not Allowed"),
        (408, "Request Time-out"),
        (413, "Request Entity Too Large"),
        (500, "Internal Server Error"),
        (503, "Service Temporarily Unavailable"),
        (504, "Gateway Time-out"),
    ],
)
def test_nginx_has_words_of_its_own(status: int, words: str) -> None:
    page = nginx_page(status).body.decode()
    assert f"<title>{status} {words}</title>" in page
    assert f"<h1>{status} {words}</h1>" in page


def test_nginx_ends_the_connection_after_what_it_could_not_read_or_do() -> None:
    closes = {status for status in range(400, 600) if CLOSE in nginx_page(status).headers}
    assert closes == {400, 413, 414, 500, 501}


def test_more_headers_come_last() -> None:
    assert nginx_page(405, extra=(("Allow", "POST"),)).headers[-1] == ("Allow", "POST")


@pytest.mark.parametrize("server", ["nginx", "iis", "php"])
@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_every_server_has_an_html_page_for_a_status(server: str, status: int) -> None:
    reply = error_page(server, status)
    assert reply.status == status
    assert dict(reply.headers)["Content-Type"].startswith("text/html")
    assert b"<" in reply.body


def test_iis_names_the_status_in_words() -> None:
    assert b"HTTP Error 503. The service is unavailable." in error_page("iis", 503).body
    assert b"HTTP Error 400. The request is badly formed." in error_page("iis", 400).body
    assert b"HTTP Error 418." in error_page("iis", 418).body


@pytest.mark.parametrize(
    ("status", "phrase"), [(413, "Request Entity Too Large"), (422, "Unprocessable Entity")]
)
def test_a_phrase_is_the_same_on_every_python(status: int, phrase: str) -> None:
    assert reason_phrase(status) == phrase


def test_a_status_without_a_phrase_is_unknown() -> None:
    assert reason_phrase(599) == "Unknown"
