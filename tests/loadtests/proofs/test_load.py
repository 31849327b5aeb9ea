"""A load process by itself."""

import socket
import subprocess
import sys
from pathlib import Path

import msgspec

from loadtests.proofs.job import Job, Stream

IMPATIENT = """
from loadtests.proofs import client, load
client.CONNECT_TRIES = 1
load.main()
"""


def test_one_whose_servers_are_gone_says_so_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    who = {"url": f"http://127.0.0.1:{port}", "member_id": "m", "api_key": "k"}
    who |= {"sign_key": "s", "signature": "【演示】", "template_id": "1"}
    job = Job("seed", [Stream("reseller", who, 2, 2)], str(tmp_path / "records"))
    file = tmp_path / "job"
    file.write_bytes(msgspec.json.encode(job))
    pipe, line = subprocess.PIPE, [sys.executable, "-c", IMPATIENT, str(file)]
    with subprocess.Popen(line, stdin=pipe, stderr=pipe, text=True, bufsize=1) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("2\n")
        code = process.wait(30)
        said = process.stderr.read()
    assert (code, said) == (1, f"nobody listens at ('127.0.0.1', {port})\n")
