"""The demonstration is a test too: it plays a whole story and ends well."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.infrastructure import PROJECT

SECONDS = 180


def test_the_demo_plays_its_whole_story(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # it takes free ports by itself
    played = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "cell.demo"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert played.returncode == 0, f"{played.stdout[-3000:]}\n{played.stderr[-3000:]}"
