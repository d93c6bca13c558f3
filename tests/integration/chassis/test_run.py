"""The command line of the services, and how it ends."""

import os
import subprocess
import sys

LEADING_NOWHERE = {"REGION": "kediri-raya", "AMQP_URI": "amqp://x", "MONGO_URI": "mongodb://x"}
DOOMED = "tests.support.doomed"


def run(*arguments, **environ):
    """Exit status and what was told on standard error."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "chassis.run", *arguments],
        env={**os.environ, **LEADING_NOWHERE, **environ},
        capture_output=True,
        timeout=30,
        check=False,
    )
    return told.returncode, told.stdout.decode() + told.stderr.decode()


def test_a_wrong_command_line_is_told_in_one_line():
    usage = "usage: python -m chassis.run serve|declare MODULE…\n"

    assert run("serve") == run("dance", DOOMED) == (2, usage)


def test_a_wrong_environment_is_told_in_one_line():
    assert run("serve", DOOMED, HEALTH_PORT="http", REGION="") == (
        2,
        "settings: HEALTH_PORT is not a whole number; REGION is not set\n",
    )


def test_a_service_that_dies_of_a_bug_ends_its_process_for_the_supervisor():
    status, told = run("serve", DOOMED)

    assert status == 1
    assert 1 <= told.count('"event": "service died"') <= 2, "the first one ends it"
    assert "ZeroDivisionError: a bug" in told
