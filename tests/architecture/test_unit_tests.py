"""What is foreign to a unit test fails one (decision 149)."""

import os
import re
import subprocess
import sys
from pathlib import Path

RULES = Path(__file__).resolve().parents[1] / "unit" / "conftest.py"
TESTS = """
import os, socket, subprocess
from threading import Thread

def test_nothing():
    pass

def test_a_pair():
    for one in socket.socketpair():
        one.close()

def test_what_another_thread_does():
    thread = Thread(target=subprocess.run, args=(["true"],))
    thread.start()
    thread.join()

def test_foreign_server():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))

def test_foreign_client():
    with socket.socket() as one:
        one.connect_ex(("127.0.0.1", 9))

def test_foreign_program():
    subprocess.run(["true"])

def test_foreign_child():
    os.waitpid(os.fork() or os._exit(0), 0)
"""


def test_a_wire_or_a_process_fails_a_unit_test(tmp_path: Path):
    (tmp_path / "conftest.py").write_text(RULES.read_text())
    (tmp_path / "test_it.py").write_text(TESTS)

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", ".", "test_it.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    failed = re.findall(
        r"^FAILED test_it.py::(\w+) - AssertionError: a test that does", run.stdout, re.MULTILINE
    )
    assert failed == re.findall(r"test_foreign\w+", TESTS), run.stdout
    assert "4 failed, 3 passed" in run.stdout
