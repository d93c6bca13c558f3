"""Plays the story: `python -m cell.demo` exits 0 only if every step held."""

import signal
import sys
import time

from cell.demo import door, gathering, people, storm
from cell.demo.scene import Scene
from cell.demo.steps import Step, tell

STEPS: tuple[Step, ...] = (
    ("A fresh region starts, on free ports, in a directory of its own", people.start),
    ("The coordinator loads a sample of institutions", people.load),
    ("A librarian signs up, gets the code by SMTP and signs in with it", people.joins),
    ("Another area's coordinator is refused, her own approves her", people.approved),
    ("She rates herself in the five competency areas", people.rates),
    ("A colleague joins elsewhere; both phones sync", people.colleague),
    ("She is in the directory only after she consented", people.found),
    ("Her phone and the colleague's sync the change", people.synced),
    ("She withdraws the consent; the colleague's phone forgets her", people.withdrawn),
    ("Thirty librarians and a host join", gathering.gather),
    ("One asks for a workshop, five back it", gathering.wished),
    ("The coordinator plans it at a school, and announces it", gathering.planned),
    ("Thirty register at once for twenty seats", gathering.filled),
    ("Two cancel, and the line moves up", gathering.cancelled),
    ("Ten check in, scanned offline on two phones", door.scanned),
    ("It is held, written down and closed", door.closed),
    ("Certificates verify and stand as evidence", door.certified),
    ("Everybody's mailbox holds exactly what it should", door.written_to),
    ("The services are killed twice (-9) in the middle of a write storm", storm.storm),
    ("Reading worked throughout", storm.readable),
    ("Everything that was promised is there exactly once", storm.kept),
    ("Service, view and a fresh phone agree", storm.agreed),
)


def main() -> int:
    """Play all steps in a fresh cell; keep the cell where one did not hold."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    began, scene, held = time.monotonic(), Scene.fresh(), False
    print(f"One story through a fresh cell in {scene.cell.home.directory}\n", flush=True)
    try:
        held = tell(scene, STEPS)
    finally:
        scene.leave(keep=not held)
    took = time.monotonic() - began
    if held:
        print(f"\nAll {len(STEPS)} steps held, in {took:.0f} s; the cell is gone.")
        return 0
    print(f"\nA step did not hold. The cell stays, stopped, in {scene.cell.home.directory}:")
    print("its logs are in logs/; CELL_DIR=… make up starts it again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
