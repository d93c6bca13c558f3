"""Texts: every kind in both languages, times as people write them, nothing mixed."""

import re

import pytest

from contracts.notifications.states import Notice
from services.notifications.errors import TemplateUnknown
from services.notifications.model import rendering, times
from services.notifications.model.kinds import KINDS
from services.notifications.model.rendering import LANGUAGES, letter, words
from services.notifications.model.samples import SAMPLE
from tests.support.gatherings import begun

ONLY_INDONESIAN = re.compile(r"\b(dan|atau|Anda|untuk|pada|sudah|tidak|Alasan|Waktu|Tempat)\b")
ONLY_ENGLISH = re.compile(r"\b(the|and|you|your|Your|is|was|Time|Place|Reason|Please)\b")
FOREIGN = {"id": ONLY_ENGLISH, "en": ONLY_INDONESIAN}
QUOTED = [SAMPLE["event"]["title"], SAMPLE["request"]["reason"], SAMPLE["answer"]["note"]]
QUOTED += [SAMPLE["announcement"]["body"], SAMPLE["event"]["reason"], SAMPLE["member"]["reason"]]


def a_notice(id="n1", **fields):
    plain = {
        "member_id": "ayu",
        "kind": "event_published",
        "category": "events",
        "title": "Kegiatan <b>",
        "body": "Baris satu.\n\nBaris & dua.",
        "language": "id",
        "fact_id": "f1",
        "link": "https://kediri.example/v1/events/barcode",
    }
    return Notice(**begun(id), **{**plain, **fields})


def written(notices, **options):
    plain = {"name": "Ayu", "language": "id", "region": "Kediri Raya", "stop": "https://x/y"}
    return letter(notices, **{**plain, **options})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_speaks_every_language_and_no_other(kind, language):
    said = words(kind, language, SAMPLE)

    assert said.language == language and said.title and said.body
    text = f"{said.title}\n{said.body}"
    assert "\n\n\n" not in text
    for quoted in QUOTED:
        text = text.replace(quoted, "")
    assert not FOREIGN[language].search(text), text
    assert "{" not in text and "None" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_of_before_guests_had_any_is_still_told(language):
    lately = {**SAMPLE, "registration": {"offer_expires_at": "2026-12-09T01:00:00.000Z"}}

    said = words("seat_offer_reminder", language, lately)

    assert said.title and not re.search("tamu|guest", said.body)


def test_the_same_kinds_have_files_in_every_language():
    files = {one: {p.stem for p in (rendering.FOLDER / one).glob("*.txt")} for one in LANGUAGES}

    assert files["id"] == files["en"] == {*KINDS, "layout", "digest"}


def test_a_missing_translation_falls_back_to_indonesian_and_is_logged(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "id").mkdir()
    (tmp_path / "id" / "area_vacant.txt").write_text("Judul\nIsi {{ area.name }}\n")
    monkeypatch.setattr(rendering, "FOLDER", tmp_path)
    rendering._environment.cache_clear()

    said = words("area_vacant", "en", SAMPLE)

    rendering._environment.cache_clear()
    assert (said.title, said.body, said.language) == ("Judul", "Isi Kota Kediri", "id")
    assert "template missing" in capsys.readouterr().out


def test_an_unknown_kind_has_no_words():
    with pytest.raises(TemplateUnknown):
        words("nothing", "id", SAMPLE)


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Asia/Jakarta", "id", "Kamis, 10 Desember 2026 09.00 WIB"),
        ("Asia/Jakarta", "en", "Thursday, 10 December 2026 09:00 WIB"),
        ("Asia/Makassar", "id", "Kamis, 10 Desember 2026 10.00 WITA"),
        ("Asia/Jayapura", "en", "Thursday, 10 December 2026 11:00 WIT"),
        ("Asia/Kolkata", "en", "Thursday, 10 December 2026 07:30 UTC+5:30"),
        ("America/New_York", "en", "Wednesday, 9 December 2026 21:00 UTC-5"),
    ],
)
def test_times_are_printed_as_people_write_them(zone, language, said):
    assert times.moment("2026-12-10T02:00:00.000Z", zone, language) == said


def test_a_letter_is_the_notice_in_text_and_in_escaped_html():
    made = written([a_notice()])

    assert made.subject == "Kegiatan <b>"
    assert made.text.startswith("Halo Ayu,\n\nBaris satu.\n\nBaris & dua.")
    assert "Jejaring Kediri Raya" in made.text and "https://x/y" in made.text
    assert "<h2>Kegiatan &lt;b&gt;</h2>" in made.html
    assert "<p>Baris &amp; dua.</p>" in made.html


def test_a_digest_groups_by_subject_with_the_newest_first():
    made = written(
        [
            a_notice("n1", title="Pertama", about_kind="event", about_id="a"),
            a_notice("n2", title="Lain", about_kind="event", about_id="b"),
            a_notice("n3", title="Ketiga", about_kind="event", about_id="a"),
        ]
    )

    assert made.subject == "Ringkasan Jejaring: 3 pemberitahuan"
    assert re.findall(r"^\* (.+)$", made.text, re.MULTILINE) == ["Ketiga", "Pertama", "Lain"]


def test_a_kind_without_any_template_has_no_words(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(rendering, "FOLDER", tmp_path)
    rendering._environment.cache_clear()

    with pytest.raises(TemplateUnknown, match="area_vacant has no template"):
        words("area_vacant", "en", SAMPLE)

    rendering._environment.cache_clear()
    assert capsys.readouterr().out.count("template missing") == len(LANGUAGES)
