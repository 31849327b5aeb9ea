"""Makes the blocking twins of the Python API from the asynchronous classes.

    python -m tests.api.synchronous     writes them

Only words are changed: ``async`` and ``await`` go, and the names of the classes, the modules and of
what waits for the thread become their twins'. The rest stays as it was written.
"""

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

API = Path(__file__).parent.parent.parent / "fakeproviders" / "api"
SYNC = API / "sync"
MODULES = (
    "link", "journal", "provider", "clock", "unseen", "inbox", "outbox", "session", "harness",
)  # fmt: skip
CLASSES = (
    "Link", "Journal", "Provider", "Official", "Reseller", "Erban", "Clock", "Unseen", "Inbox",
    "Outbox", "Session", "Harness",
)  # fmt: skip
NAMES = {
    **{name: f"Sync{name}" for name in CLASSES},
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "awaited": "waited",
}
ASYNC = re.compile(r"\b(?:await|async) ")
_IN_EXAMPLES = re.compile(rf"\b(?:{'|'.join(CLASSES)})(?=\()")
_MODULE = re.compile(rf"\bfakeproviders\.api\.({'|'.join(MODULES)})\b")
HEAD = "# Made from {source} by: python -m tests.api.synchronous\n"


def synchronous(source: Path) -> str:
    """The twin's source."""
    text = "".join(_words(source.read_text("utf-8")))
    text = _MODULE.sub(r"fakeproviders.api.sync.\1", text)
    return HEAD.format(source=source.name) + _tidied(text)


def _words(source: str) -> Iterator[str]:
    """The source piece by piece, with its spaces."""
    lines = source.splitlines(keepends=True)
    row, column, skipping = 1, 0, False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}:
            continue
        space = _between(lines, (row, column), token.start)
        yield "" if skipping else space
        skipping = token.string in {"async", "await"}
        yield "" if skipping else _twin(token)
        row, column = token.end


def _twin(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME:
        return NAMES.get(token.string, token.string)
    if token.type == tokenize.STRING:
        plain = ASYNC.sub("", token.string)
        return _IN_EXAMPLES.sub(lambda found: NAMES[found[0]], plain)
    return token.string


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    first, *rest = lines[start[0] - 1 : end[0]]
    return "".join([first[start[1] :], *rest[:-1], rest[-1][: end[1]]])


def _tidied(text: str) -> str:
    for arguments in (["check", "--select=I", "--fix-only", "--quiet"], ["format", "--quiet"]):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *arguments,
            "--stdin-filename",
            str(SYNC / "x.py"),
            "-",
        ]
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        text = done.stdout
    return text


def main() -> None:
    SYNC.mkdir(exist_ok=True)
    for name in MODULES:
        (SYNC / f"{name}.py").write_text(synchronous(API / f"{name}.py"), encoding="utf-8")


if __name__ == "__main__":
    main()
