"""The job of this process.

``fakeproviders load`` writes it into a file. A Locust that is started by hand asks the control server
itself: FAKEPROVIDERS_CONTROL, FAKEPROVIDERS_SESSION and FAKEPROVIDERS_PLAN say which.
"""

import os
from functools import cache
from pathlib import Path
from urllib.request import Request, urlopen

import msgspec

from fakeproviders.load.job import JOB_FILE, Job
from fakeproviders.load.plan import load_plan

PATIENCE = 10.0


@cache
def the_job() -> Job:
    """The job of this process. Raises OSError when the control server is not there."""
    file = os.environ.get(JOB_FILE)
    if file:
        return msgspec.json.decode(Path(file).read_bytes(), type=Job)
    control = os.environ.get("FAKEPROVIDERS_CONTROL", "http://127.0.0.1:9400")
    token = os.environ.get("FAKEPROVIDERS_TOKEN")
    session_id = os.environ.get("FAKEPROVIDERS_SESSION", "default")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = Request(f"{control}/api/v1/sessions/{session_id}", headers=headers)
    with urlopen(asked, timeout=PATIENCE) as reply:
        session = msgspec.json.decode(reply.read())
    plan = load_plan(os.environ.get("FAKEPROVIDERS_PLAN", "doors"))
    return Job(plan=plan, session=session, control=control, token=token)
