"""Certificates: anyone who holds a serial may verify it, on screen and on paper."""

import pypdfium2
import pytest
import zxingcpp

from contracts.events.commands import IssueCertificates, RevokeCertificate
from gateway.certificate_pdf import day
from gateway.question import Reply
from gateway.shown import CERTIFICATE
from gateway.viewer import Viewer
from tests.support.gateway import answered, busy
from tests.support.stated import a_certificate, later

SERIAL = "JJR-2026-7K3F9QXA"
PATH = f"/v1/certificates/{SERIAL}"


@pytest.fixture
def house():
    made = busy()
    made.put(a_certificate())
    return made


def printed(answer):
    """Text and QR code of a PDF, read by libraries that did not write it."""
    document = pypdfium2.PdfDocument(answer.content)
    page = document[0]
    text = page.get_textpage().get_text_range()
    codes = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    document.close()
    return text, [code.text for code in codes]


def on_a_phone(house, member_id):
    """The certificate as sync and stream show it."""
    viewer = Viewer(member_id=member_id, state="active")
    return CERTIFICATE.show(house.store.views["certificates"][SERIAL], viewer)


def test_anyone_verifies_a_serial(house):
    told = house.get(PATH).json

    assert (told["name"], told["hours"], told["state"]) == ("Ayu – Lestari", 4, "valid")
    assert house.get("/v1/certificates/JJR-2026-XXXXXXXX").status_code == 404


def test_a_certificate_says_its_serial_wherever_it_is_shown(house):
    house.backend.replies[RevokeCertificate.verb] = answered(later(a_certificate()))
    lists = [("/v1/events/e1/certificates", "koko"), ("/v1/me/certificates", "ayu")]
    ended = house.send("POST", PATH + "/revoke", by="koko", json={"reason": "Salah nama"})

    listed = [house.get(path, by=by).json["items"][0] for path, by in lists]
    for shown in (house.get(PATH).json, ended.json, *listed, on_a_phone(house, "ayu").body):
        assert shown["serial"] == shown["id"] == SERIAL
    assert on_a_phone(house, "budi") is None


def test_the_paper_says_who_what_and_how_long_and_its_qr_leads_to_the_verifying_page(house):
    answer = house.get(PATH + "?format=pdf")
    text, codes = printed(answer)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert all(part in text for part in ("SERTIFIKAT", "Ayu – Lestari", "4 jam pelajaran", SERIAL))
    assert "10 Desember 2026" in text
    assert codes == [f"http://gateway.test{PATH}"]


def test_a_revoked_certificate_says_so_on_screen_and_on_paper(house):
    house.put(later(a_certificate(), state="revoked", revoked_reason="Salah nama"))

    assert house.get(PATH).json["state"] == "revoked"
    assert "DICABUT" in printed(house.get(PATH + "?format=pdf"))[0]


def test_an_english_certificate_is_english_throughout(house):
    house.put(later(a_certificate(), language="en"))
    text, _ = printed(house.get(PATH + "?format=pdf"))

    assert "CERTIFICATE" in text
    assert "10 December 2026" in text
    assert "SERTIFIKAT" not in text


def test_an_erased_name_leaves_the_rest_standing(house):
    house.put(later(a_certificate(), name=None, member_id=None, hours=0, awards=()))

    assert house.get(PATH).json["name"] is None
    text, _ = printed(house.get(PATH + "?format=pdf"))
    assert "Ayu" not in text
    assert "jam pelajaran" not in text


@pytest.mark.parametrize(("language", "told"), [("id", "1 Mei 2026"), ("en", "1 May 2026")])
def test_a_day_is_written_in_the_language(language, told):
    assert day("2026-05-01", language) == told


def test_an_event_s_certificates_are_for_who_manages_it_and_one_s_own_for_oneself(house):
    path = "/v1/events/e1/certificates"

    assert [one["id"] for one in house.get(path, by="koko").json["items"]] == [SERIAL]
    assert house.get(path, by="ayu").status_code == 403
    assert [one["id"] for one in house.get("/v1/me/certificates", by="ayu").json["items"]] == [
        SERIAL
    ]
    assert house.get("/v1/me/certificates", by="budi").json["items"] == []


def test_issuing_and_revoking_are_asked_of_the_service(house):
    house.backend.replies[IssueCertificates.verb] = Reply(result={"issued": 18, "remaining": 0})
    revoked = later(a_certificate(), state="revoked", revoked_reason="Salah nama")
    house.backend.replies[RevokeCertificate.verb] = answered(revoked)

    issued = house.send("POST", "/v1/events/e1/certificates", by="koko", json={})
    ended = house.send("POST", PATH + "/revoke", by="koko", json={"reason": "Salah nama"})

    assert issued.json == {"issued": 18, "remaining": 0}
    assert ended.json["state"] == "revoked"
    assert house.get(PATH).json["state"] == "revoked"
