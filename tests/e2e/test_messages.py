"""Messages between members: an expert of the directory is reached without his address (A6)."""

from cell.cell import Cell
from tests.e2e.mailbox import Mailbox, known, notice, wish
from tests.support.client import KABUPATEN, KOTA, Community, consent, problem, told


def test_a_message_reaches_an_expert_and_his_answer_comes_back(
    community: Community, cell: Cell
) -> None:
    mail = Mailbox(cell)
    asking, expert = known(community.member()), known(community.member(KABUPATEN))
    path = f"/v1/members/{expert.id}/messages"
    said = {"text": "Bolehkah saya bertanya tentang barcode?"}
    problem(asking.command("POST", path, said), 404, "notifications.recipient_unknown")
    consent(expert, "directory")
    told(asking.get(f"/v1/members/{expert.id}"), 200)
    problem(asking.command("POST", path, said), 409, "notifications.contact_unwanted")
    consent(expert, "contact")
    wish(expert)

    assert asking.do("POST", path, said, 202) == {"accepted": True}

    got = notice(expert, "message_received", asking.id)
    letter = mail(expert, got)
    address = told(asking.get("/v1/me"), 200)["email"]
    assert said["text"] in got["body"]
    assert address not in got["title"] + got["body"] + letter.as_string()
    back = f"/v1/members/{asking.id}/messages"
    expert.do("POST", back, {"text": "Silakan."}, 202)
    assert "Silakan." in notice(asking, "message_received", expert.id)["body"]
    problem(community.listed(KOTA).command("POST", back, said), 404)
