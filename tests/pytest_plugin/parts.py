"""What the projects are made of."""

from collections.abc import Callable

import pytest

PATIENCE = 110
OURS = ("-p", "no:cacheprovider", "-p", "fakeproviders.pytest_plugin")
XDIST = ("-p", "xdist", "-n", "2")
HEAD = """
import json, pytest
from urllib.request import urlopen

def balance(session):
    with urlopen(f"{session.official.url}/api/sms/balance?access_token=none") as reply:
        return json.loads(reply.read())["code"]
"""
Project = Callable[..., pytest.RunResult]
