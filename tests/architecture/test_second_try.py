"""What fails beside others is tried once more, alone; what fails twice fails the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "tried.sh"
ONCE = """
from pathlib import Path

def test_once():
    seen = Path("seen")
    before = seen.exists()
    seen.touch()
    assert before
"""
ALWAYS = "def test_always():\n    assert not 'this'\n"
GOOD = "def test_good():\n    pass\n"


def tried(place: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A run over the tests of a folder."""
    settings = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "SIDE_BY_SIDE": "", **environment}
    return subprocess.run(
        [SCRIPT, sys.executable, "-c", "tests.ini", "--rootdir", "."],
        cwd=place,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("files", "strict", "status"),
    [
        ({"good": GOOD}, "", 0),
        ({"good": GOOD, "once": ONCE}, "", 0),
        ({"good": GOOD, "once": ONCE}, "1", 1),
        ({"once": ONCE, "always": ALWAYS}, "", 1),
        ({"good": "a slip of the pen"}, "", 2),
    ],
)  # fmt: skip
def test_only_what_fails_twice_fails_the_run(tmp_path, files, strict, status):
    (tmp_path / "tests.ini").write_text("[pytest]\n")
    for name, text in files.items():
        (tmp_path / f"test_{name}.py").write_text(text)

    run = tried(tmp_path, STRICT=strict)

    assert run.returncode == status, run.stdout
    assert ("tried once more" in run.stderr) is (len(files) > 1 and not strict)
    assert ("test_once" in run.stdout) is ("once" in files), "what failed is told in any case"
