"""Plays the stories: `python -m cell.demo` exits 0 only if every step held."""

import signal
import sys
import time

from cell.demo import door, gathering, handover, people, school, storm, visits
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
    ("A school and four mentors join", school.joined),
    ("The school asks to be accompanied", school.requested),
    ("It is not ready: there is no LAN", school.not_ready),
    ("The LAN is there; assessed again, the change shows", school.ready),
    ("Mentors are suggested with reasons, and the best is asked", school.offered),
    ("He does not answer; the clock goes on by 72 hours", school.lapsed),
    ("A librarian and an IT mentor of the same kota take the case", school.matched),
    ("Head and mentor agree on goals, duties and five visits", school.agreed),
    ("Five visits in three weeks, two written down offline", visits.visited),
    ("A fault is reported and solved from afar", visits.solved),
    ("The next school with this fault is shown the remedy", visits.remembered),
    ("Stage by stage is proven", visits.proven),
    ("Sign-off is refused: no backup was restored", handover.refused),
    ("With a restored backup, head, mentor and coordinator sign off", handover.signed_off),
    ("30 days later it runs", handover.still_runs),
    ("90 days after sign-off it stopped, and the case is open again", handover.stopped),
    ("Everybody was told by mail, in his language, once", handover.told_all),
)


def main() -> int:
    """Play all steps in a fresh cell; keep the cell where one did not hold."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    began, scene, held = time.monotonic(), Scene.fresh(), False
    print(f"Three stories through a fresh cell in {scene.cell.home.directory}\n", flush=True)
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
