"""Evidence: told by what is in the file, kept without what one does not see, for its owner alone, and gone in time."""

import io
import os
import random
import stat
import struct
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from accounts.choices import Role
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_mediator, make_person, signed_in
from cpd import services
from cpd.evidence import NAME, place_of
from cpd.models import CpdEntry
from cpd.tasks import forget_deleted_entries, forget_lost_evidence
from cpd.tests.factories import a_pdf, a_picture, make_cpd, typed
from logbook.tests.reading import plain
from logbook_site.celery import app

pytestmark = pytest.mark.django_db
ADD = "/cpd/add/"
PDF = a_pdf()


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    # Whatever is put down on its way in would be seen here.
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "temporary")
    (tmp_path / "temporary").mkdir()
    return tmp_path


@pytest.fixture
def owner(folder):
    return make_mediator()


@pytest.fixture
def client(owner):
    return signed_in(owner)


def kept(folder: Path) -> list[str]:
    """Every file below the folder."""
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def file_of(
    content: bytes, name: str = "certificate.pdf", kind: str = "application/pdf"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def upload(client: Client, content: bytes, name: str = "certificate.pdf", **fields):
    return client.post(ADD, typed(evidence=file_of(content, name), **fields))


def downloaded(client: Client, entry: CpdEntry) -> bytes:
    return b"".join(client.get(f"/cpd/{entry.pk}/evidence/").streaming_content)


# --- What is taken ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "ending", "kind"),
    [
        (PDF, "pdf", "application/pdf"),
        (a_picture("JPEG"), "jpg", "image/jpeg"),
        (a_picture("PNG"), "png", "image/png"),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "certificate.pdf",
        "photo.png",
        "x.svg",
        "../../etc/passwd",
        "a" * 300 + ".pdf",
        "é\u202e.jpg",
        "a\0b.pdf",
    ],
)
def test_it_is_told_by_what_is_in_it(
    client, folder, content: bytes, ending: str, kind: str, name: str
) -> None:
    assert upload(client, content, name).status_code == 302
    entry = CpdEntry.objects.get()
    assert NAME.fullmatch(entry.evidence_file) and entry.evidence_file.endswith(ending)
    assert kept(folder) == [entry.evidence_file]
    answer = client.get(f"/cpd/{entry.pk}/evidence/")
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="cpd-evidence-2026-03-04.{ending}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_the_file_and_its_folder_are_the_sites_alone(client, folder) -> None:
    upload(client, PDF)
    place = place_of(CpdEntry.objects.get().evidence_file)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_a_pdf_is_kept_as_it_is(client) -> None:
    upload(client, PDF)
    assert downloaded(client, CpdEntry.objects.get()) == PDF


def test_no_web_address_leads_into_the_folder(client, settings) -> None:
    upload(client, PDF)
    name = CpdEntry.objects.get().evidence_file
    for path in (
        f"/{name}",
        f"/static/{name}",
        f"/static/../evidence/{name}",
        f"/evidence/{name}",
        f"/media/{name}",
    ):
        assert client.get(path).status_code == 404
    assert settings.EVIDENCE_DIR not in (settings.STATIC_ROOT, *settings.STATIC_ROOT.parents)
    assert settings.STATIC_ROOT not in settings.EVIDENCE_DIR.parents


def with_all_that_hides_in_a_photo(form: str) -> bytes:
    """Forty by twenty, lying on its side: place, camera, comment, preview, and something behind the end."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter
    exif[0x010F] = "Canary camera"
    exif.get_ifd(0x8825)[1] = "N"
    more = {"comment": b"Canary comment"} if form == "JPEG" else {}
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        text = PngInfo()
        text.add_text("Author", "Canary author")
        text.add_itxt("XML:com.adobe.xmp", "Canary xmp")
        more = {"pnginfo": text}
    picture = a_picture(form, colour=(200, 30, 30), exif=exif, icc_profile=b"Canary profile", **more)
    return picture + b"<script>Canary end</script>"


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_is_written_anew_upright_and_without_what_one_does_not_see(client, form: str) -> None:
    photo = with_all_that_hides_in_a_photo(form)
    assert photo.count(b"Canary") >= 3
    upload(client, photo, "photo.jpg")
    got = downloaded(client, CpdEntry.objects.get())
    assert b"Canary" not in got and b"Exif" not in got and b"<script" not in got
    picture = Image.open(io.BytesIO(got))
    assert picture.format == form
    assert picture.size == (20, 40)  # upright
    assert not picture.getexif() and not {"icc_profile", "comment", "exif", "xmp", "Author"} & set(
        picture.info
    )
    red, green, blue = picture.convert("RGB").getpixel((10, 20))
    assert abs(red - 200) < 8 and abs(green - 30) < 8 and abs(blue - 30) < 8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK", "PA"])
def test_every_way_to_write_colours(client, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    picture = (
        Image.new("RGBA", (8, 8), (0, 120, 0, 128)).convert(mode)
        if mode != "I;16"
        else Image.new(mode, (8, 8), 9)
    )
    file = io.BytesIO()
    (picture.convert("RGBA") if mode == "PA" else picture).save(file, form)
    assert upload(client, file.getvalue()).status_code == 302


def test_a_photo_that_grows_a_little_is_kept(client, folder, settings) -> None:
    """Written anew it has more than a file may have that is handed in."""
    file = io.BytesIO()
    noise = Image.frombytes("L", (200, 200), random.Random(5).randbytes(40_000))
    noise.save(file, "JPEG", quality=60)
    settings.EVIDENCE_BYTES_MAX = len(file.getvalue())
    assert upload(client, file.getvalue()).status_code == 302
    assert len(downloaded(client, CpdEntry.objects.get())) > settings.EVIDENCE_BYTES_MAX


# --- What is refused -------------------------------------------------------------------------------


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


SQUEEZED = zlib.compress(bytes(30_001 * 3000), 9)
BOMB_OF_TEXT = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9))
JPEG = a_picture("JPEG", (400, 400))


def endless_pdf() -> bytes:
    return PDF.replace(b"/Count 1", b"/Count 999999")


def scanned_without_end() -> bytes:
    """36 million pixels in 5 MB, which would be decoded for five minutes."""
    file = io.BytesIO()
    Image.new("L", (6000, 6000)).save(file, "JPEG", progressive=True)
    content = file.getvalue()
    scans = [start for start in range(len(content)) if content.startswith(b"\xff\xda", start)]
    small = min((content[start:end] for start, end in pairwise(scans)), key=len)
    return content[:-2] + small * ((5 * 1024 * 1024 - len(content)) // len(small)) + content[-2:]


def growing_png() -> bytes:
    """50 kB: each line says the same of what it adds to the one above. Written anew it has 6 MB."""
    line = b"\4" + random.Random(5).randbytes(2500)  # 4: how Paeth adds them
    return png(2500, 2500, zlib.compress(line * 2500, 9))


REFUSED = {
    "html": (b"<!doctype html><script>alert(1)</script>", "something else"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "something else"),
    "gif": (a_picture("GIF"), "something else"),
    "webp": (a_picture("WEBP"), "something else"),
    "zip": (b"PK\x03\x04" + bytes(100), "something else"),
    "exe": (b"MZ" + bytes(100), "something else"),
    "space before a PDF": (b" " + PDF, "something else"),
    "zero bytes": (bytes(1000), "something else"),
    "empty": (b"", "This file is empty"),
    "too large": (b"%PDF-" + bytes(5 * 1024 * 1024), "at most 5 MB"),
    "too large for a PNG": (a_picture("PNG") + bytes(5 * 1024 * 1024), "at most 5 MB"),
    "a name for a PDF only": (b"%PDF-1.7", "cannot be read"),
    "HTML behind a PDF": (b"%PDF-<script>alert(1)</script>", "cannot be read"),
    "half a PDF": (PDF[: len(PDF) // 3], "cannot be read"),
    "a PDF without pages": (a_pdf(0), "cannot be read"),
    "a PDF of very many pages": (endless_pdf(), "too many pages"),
    "a PDF with a password": (a_pdf(user_password="secret", algorithm="AES-256"), "needs a password"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "cannot be read"),
    "beginning of a JPEG": (b"\xff\xd8\xff\xe0", "cannot be read"),
    "beginning of a PNG": (b"\x89PNG\r\n\x1a\n", "cannot be read"),
    "a picture inside out": (b"\xff\xd8\xff" + PDF, "cannot be read"),
    "30,000 × 30,000": (png(30_000, 30_000, SQUEEZED), "too large"),
    "2 × 2,000,000,000": (png(2, 2_000_000_000, SQUEEZED), "too large"),
    "just over the limit": (png(8000, 5001, SQUEEZED), "too large"),
    "no pixel": (png(0, 5, SQUEEZED), "cannot be read"),
    "83,000 scans": (scanned_without_end(), "too large"),
    "a PNG that grows": (growing_png(), "has too much in it to be kept"),
    "a text that unfolds to 80 MB": (png(5, 5, SQUEEZED, BOMB_OF_TEXT), "cannot be read"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_evidence_is_refused_and_leaves_nothing(client, folder, what: str) -> None:
    content, sentence = REFUSED[what]
    answer = upload(client, content, "certificate.pdf", takeaways="Do not lose me", provider="Nor me")
    page = assert_refused(answer, "evidence")
    assert sentence in plain(page)
    assert "Do not lose me" in page and "Nor me" in page and "Advanced course" in page
    assert kept(folder) == []
    assert not CpdEntry.objects.exists()


def test_half_a_picture_is_refused_after_a_print_too(client, folder) -> None:
    """Who makes our PDFs tells the decoders of the whole process to be lenient."""
    assert client.get("/cpd/print/").status_code == 200
    for what in ("half a JPEG", "a text that unfolds to 80 MB"):
        assert_refused(upload(client, REFUSED[what][0]), "evidence")
    assert kept(folder) == []


def test_what_is_too_large_for_a_request_is_a_413_and_leaves_nothing(client, folder) -> None:
    for size in (6 * 1024 * 1024, 50 * 1024 * 1024):
        answer = upload(client, b"%PDF-" + bytes(size))
        assert answer.status_code == 413
        assert b'class="error-number"' in answer.content
    assert kept(folder) == []


def test_two_files_are_a_413(client, folder) -> None:
    answer = client.post(ADD, typed(evidence=[file_of(PDF), file_of(PDF)]))
    assert answer.status_code == 413
    assert kept(folder) == []


def test_a_file_on_its_way_in_never_touches_the_disk(client, folder, monkeypatch) -> None:
    """Larger than what Django would keep in memory by itself."""
    seen = []
    monkeypatch.setattr(
        "cpd.forms.read_document", lambda file: seen.append((kept(folder), type(file).__name__)) or None
    )
    upload(client, a_picture("PNG") + bytes(4 * 1024 * 1024))
    assert seen == [([], "InMemoryUploadedFile")]


@pytest.mark.parametrize("settings_of", [{"EVIDENCE_BYTES_MAX": 50}, {"EVIDENCE_PIXELS_MAX": 799}])
def test_the_limits_are_settings(client, settings, settings_of: dict) -> None:
    for name, value in settings_of.items():
        setattr(settings, name, value)
    assert_refused(upload(client, a_picture("PNG", (40, 20))), "evidence")


def test_text_in_place_of_a_file(client) -> None:
    assert client.post(ADD, typed(evidence="../../etc/passwd")).status_code == 302
    assert CpdEntry.objects.get().evidence_file == ""


def test_a_refused_form_says_that_the_file_must_be_chosen_again(client, owner, folder) -> None:
    for fields in ({"hours": "1,500"}, {"title": ""}):
        page = assert_refused(upload(client, PDF, **fields), "evidence")
        assert "Choose the file once more" in page
    make_cpd(owner, title="Advanced course")
    asked = assert_refused(upload(client, PDF), "evidence")
    assert "Choose the file once more" in asked
    assert 'name="duplicate_ok" value="1"' in asked
    assert kept(folder) == []
    assert upload(client, PDF, duplicate_ok="1").status_code == 302
    assert len(kept(folder)) == 1


def test_phones_offer_the_camera(client) -> None:
    assert 'accept="application/pdf,image/jpeg,image/png"' in client.get(ADD).text
    assert 'enctype="multipart/form-data"' in client.get(ADD).text


# --- Whose it is -----------------------------------------------------------------------------------


def test_anothers_evidence_is_unknown(folder) -> None:
    entry = make_cpd(evidence=PDF)
    address = f"/cpd/{entry.pk}/evidence/"
    assert signed_in(entry.owner).get(address).status_code == 200
    people = [make_mediator(), *(make_person(role) for role in Role), make_person()]
    for person in people:
        for method in ("get", "head", "post", "put", "delete", "options"):
            answer = getattr(signed_in(person), method)(address)
            assert answer.status_code == 404
            assert b"%PDF" not in answer.content
    assert Client().get(address).url == f"/accounts/login/?next={address}"


def test_evidence_of_a_deleted_entry_is_unknown_until_it_is_back(client, owner, folder) -> None:
    entry = make_cpd(owner, evidence=PDF)
    client.post(f"/cpd/{entry.pk}/delete/")
    assert client.get(f"/cpd/{entry.pk}/evidence/").status_code == 404
    assert kept(folder) == [entry.evidence_file]
    client.post(f"/cpd/{entry.pk}/restore/")
    assert downloaded(client, entry) == PDF


def test_an_entry_without_evidence_and_a_file_that_is_gone_are_404(client, owner, folder) -> None:
    assert client.get(f"/cpd/{make_cpd(owner).pk}/evidence/").status_code == 404
    entry = make_cpd(owner, evidence=PDF)
    place_of(entry.evidence_file).unlink()
    assert client.get(f"/cpd/{entry.pk}/evidence/").status_code == 404


@pytest.mark.parametrize(
    "name", ["../secret.pdf", "/etc/passwd", "", "a.pdf", "0" * 32 + ".html", "0" * 32 + ".pdf/.."]
)
def test_only_our_own_names_lead_to_a_file(name: str, folder) -> None:
    with pytest.raises(ValueError, match="not the name of evidence"):
        place_of(name)


# --- How long it stays -----------------------------------------------------------------------------


def edit(client: Client, entry: CpdEntry, **fields):
    return client.post(f"/cpd/{entry.pk}/edit/", typed(**fields))


class TestReplacing:
    def test_a_new_file_takes_the_place_of_the_old_after_commit(
        self, client, owner, folder, django_capture_on_commit_callbacks
    ):
        entry = make_cpd(owner, evidence=PDF)
        with django_capture_on_commit_callbacks() as callbacks:
            assert edit(client, entry, evidence=file_of(a_picture("PNG"))).status_code == 302
        entry_after = CpdEntry.objects.get()
        assert kept(folder) == sorted([entry.evidence_file, entry_after.evidence_file])
        for callback in callbacks:
            callback()
        assert kept(folder) == [entry_after.evidence_file] != [entry.evidence_file]

    def test_a_change_without_a_file_keeps_the_old_one(self, client, owner, folder):
        entry = make_cpd(owner, evidence=PDF)
        assert edit(client, entry, title="New").status_code == 302
        assert CpdEntry.objects.get().evidence_file == entry.evidence_file
        assert kept(folder) == [entry.evidence_file]

    def test_a_tick_takes_it_away(self, client, owner, folder, django_capture_on_commit_callbacks):
        entry = make_cpd(owner, evidence=PDF)
        assert "without_evidence" in client.get(f"/cpd/{entry.pk}/edit/").text
        assert "without_evidence" not in client.get(ADD).text
        with django_capture_on_commit_callbacks(execute=True):
            edit(client, entry, without_evidence="yes")
        assert CpdEntry.objects.get().evidence_file == ""
        assert kept(folder) == []

    def test_a_refused_file_leaves_the_old_one(self, client, owner, folder):
        entry = make_cpd(owner, evidence=PDF)
        assert_refused(edit(client, entry, evidence=file_of(b"<html>")), "evidence")
        assert CpdEntry.objects.get().evidence_file == entry.evidence_file
        assert kept(folder) == [entry.evidence_file]

    def test_two_tabs_leave_no_file_behind(self, owner, folder, django_capture_on_commit_callbacks):
        from logbook_site.foundation.documents import Document

        entry = make_cpd(owner, evidence=PDF)
        tabs = [CpdEntry.objects.get(pk=entry.pk) for _tab in range(2)]
        for tab in tabs:
            with django_capture_on_commit_callbacks(execute=True):
                services.save_entry(entry=tab, by=owner, document=Document(PDF, "pdf"))
        assert kept(folder) == [CpdEntry.objects.get().evidence_file]


class TestForgetting:
    def test_it_goes_with_the_entry_for_good_and_not_before(
        self, owner, folder, settings, django_capture_on_commit_callbacks
    ):
        old, live = make_cpd(owner, evidence=PDF, deleted=True), make_cpd(owner, evidence=PDF)
        settings.CLOCK_OFFSET_HOURS = settings.UNDO_HOURS - 1
        young = make_cpd(owner, evidence=PDF, deleted=True)
        with django_capture_on_commit_callbacks(execute=True):
            forget_deleted_entries()
        assert kept(folder) == sorted(entry.evidence_file for entry in (old, live, young))
        settings.CLOCK_OFFSET_HOURS = settings.UNDO_HOURS + 1
        for _twice in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                forget_deleted_entries()
        assert kept(folder) == sorted(entry.evidence_file for entry in (live, young))

    def test_a_file_that_no_row_names_goes_when_it_is_old(self, owner, folder, settings):
        entry, lost, young = (make_cpd(owner, evidence=PDF) for _number in range(3))
        gone = make_cpd(owner, evidence=PDF, deleted=True)
        (settings.EVIDENCE_DIR / "note.txt").write_text("not ours")
        CpdEntry.objects.filter(pk__in=[lost.pk, young.pk]).delete()
        forget_lost_evidence()
        assert len(kept(folder)) == 5  # a row may still come
        before = young_time() - 3 * 3600
        for name in (entry.evidence_file, lost.evidence_file, gone.evidence_file):
            os.utime(place_of(name), (before, before))
        forget_lost_evidence()
        forget_lost_evidence()
        assert kept(folder) == sorted(["note.txt", *(one.evidence_file for one in (entry, young, gone))])

    def test_without_a_folder_there_is_nothing_to_do(self, folder):
        forget_lost_evidence()

    def test_the_timetable_knows_both_tasks(self):
        tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
        assert {forget_deleted_entries.name, forget_lost_evidence.name} <= tasks


def young_time() -> float:
    from logbook_site.foundation import clock

    return clock.now().timestamp()


def test_a_file_whose_row_was_never_stored_is_found_later(owner, folder, settings) -> None:
    """The transaction was rolled back after the file was written."""
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        make_cpd(owner, evidence=PDF)
        raise RuntimeError
    assert len(kept(folder)) == 1 and not CpdEntry.objects.exists()
    settings.CLOCK_OFFSET_HOURS = services.LOST_AFTER_HOURS + 1
    # The clock of the files does not move with ours: nothing is removed too early by a moved clock.
    forget_lost_evidence()
    assert len(kept(folder)) == 1
    settings.CLOCK_OFFSET_HOURS = 0
    name = kept(folder)[0]
    os.utime(place_of(name), (young_time() - 7300, young_time() - 7300))
    forget_lost_evidence()
    assert kept(folder) == []


def test_a_pdf_that_only_forbids_changes_is_taken(client) -> None:
    """Many certificates are locked so: one can read them without a password."""
    content = a_pdf(user_password="", owner_password="secret", algorithm="AES-256")
    assert upload(client, content).status_code == 302
    assert PdfReader(io.BytesIO(content)).is_encrypted
