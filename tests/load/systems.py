"""A system of somebody's own, to be loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Failing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


@contextmanager
def failing_system() -> Iterator[str]:
    """The address of one that answers every request with HTTP 500."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Failing) as system:
        thread = Thread(target=system.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{system.server_port}"
        finally:
            system.shutdown()
            thread.join()
