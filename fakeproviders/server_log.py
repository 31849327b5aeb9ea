"""What aiohttp logs of the servers that it runs."""

import logging

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.log import server_logger

from fakeproviders.broken_body import BROKEN_OFF

_CALLERS_FAULT = (*BROKEN_OFF, HttpProcessingError)
_MAX_CHARACTERS = 200
"""Of what aiohttp says of it: an overlong line is in there as a whole."""


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """aiohttp's own log, for its runners. What a caller has got wrong is a line at INFO there, no traceback."""

    def __init__(self) -> None:
        super().__init__(server_logger)

    def exception(
        self, msg: object, *args: object, exc_info: object = True, **kwargs: object
    ) -> None:
        """As aiohttp's request handlers call it."""
        if isinstance(exc_info, _CALLERS_FAULT):
            self.info("not a request as HTTP has it: %s", _first_line(exc_info))
        else:
            super().exception(msg, *args, exc_info=exc_info, **kwargs)  # type: ignore[arg-type]


def _first_line(error: Exception) -> str:
    said = error.message if isinstance(error, HttpProcessingError) else str(error)
    return said.partition("\n")[0].rstrip(":")[:_MAX_CHARACTERS]
