"""Professional development by hand, in a real browser: drafts beside a file, the second list, no script."""

import io
import re

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import make_mediator
from cpd.evidence import place_of
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd
from logbook.tests.factories import make_entry
from logbook_site.tests.hands import choose, fill, follow, go, press, sign_in, unfold

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet-harbour-lamp-7"
ORIENTATION = 0x0112  # in EXIF
CERTIFICATE = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}


@pytest.fixture
def mediator() -> User:
    cache.clear()
    return make_mediator(email="mira@example.org", name="Mira Sato", password=PASSWORD)


@pytest.fixture
def page(page: Page, live_server, mediator: User) -> Page:
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page.goto(live_server.url)
    sign_in(page, mediator.email, PASSWORD)
    return page


def begin(page: Page) -> None:
    fill(page, title="Evening lecture", points="1,5", takeaways="Ask the quiet one first.")
    choose(page, kind="other")
    page.locator("[name=evidence]").set_input_files(CERTIFICATE)


@pytest.mark.browser_context_args(**PHONE)
def test_a_draft_keeps_the_words_not_the_file(page: Page, mediator: User) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    follow(page, "Add CPD Entry")
    begin(page)
    go(page, "/")
    follow(page, "Continue the CPD entry you began")
    expect(page.get_by_text("What you typed last time is here again.")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Evening lecture")
    expect(page.locator("[name=takeaways]")).to_have_value("Ask the quiet one first.")
    assert page.locator("[name=evidence]").evaluate("field => field.files.length") == 0
    begin(page)
    press(page, "Save this entry")
    expect(page.locator(".messages")).to_contain_text("Saved: Evening lecture, 1.5 points.")
    assert page.evaluate("Object.keys(localStorage)") == ["signed-in"]
    assert errors == []
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the PDF file").click()
    assert re.fullmatch(r"cpd-evidence-\d{4}-\d\d-\d\d\.pdf", coming.value.suggested_filename)
    assert coming.value.path().read_bytes() == CERTIFICATE["buffer"]


@pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
def test_without_javascript(page: Page, mediator: User) -> None:
    follow(page, "Add CPD Entry")
    begin(page)
    press(page, "Save this entry")
    expect(page.locator(".messages")).to_contain_text("Saved: Evening lecture, 1.5 points.")
    assert CpdEntry.objects.get(owner=mediator).evidence_file


def a_photo(*, upright: bool = True) -> dict:
    """12 MP, as grainy as a camera's at night. Not upright: what says how the phone was held is in it."""
    exif = Image.Exif()
    exif[ORIENTATION] = 1 if upright else 6
    file = io.BytesIO()
    Image.effect_noise((4000, 3000), 70).convert("RGB").save(file, "JPEG", quality=92, exif=exif)
    assert file.tell() > 7_000_000
    return {"name": "IMG_0042.jpeg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def size_of_evidence(mediator: User) -> tuple[int, int]:
    with Image.open(place_of(CpdEntry.objects.get(owner=mediator).evidence_file)) as picture:
        return picture.size


@pytest.mark.browser_context_args(**PHONE)
def test_a_large_photo_is_made_smaller_on_the_phone(page: Page, mediator: User) -> None:
    follow(page, "Add CPD Entry")
    begin(page)
    page.locator("[name=evidence]").set_input_files(a_photo(upright=False))
    expect(page.get_by_text("The photo was large. It is smaller now:")).to_be_visible()
    name, size = page.locator("[name=evidence]").evaluate("box => [box.files[0].name, box.files[0].size]")
    assert name == "IMG_0042.jpg"
    assert size < 5 * 1024 * 1024
    press(page, "Save this entry")
    expect(page.locator(".messages")).to_contain_text("Saved: Evening lecture")
    assert size_of_evidence(mediator) == (1800, 2400)


@pytest.mark.browser_context_args(**PHONE)
def test_saving_at_once_waits_for_the_photo(page: Page, mediator: User) -> None:
    follow(page, "Add CPD Entry")
    begin(page)
    page.locator("[name=evidence]").set_input_files(a_photo())
    press(page, "Save this entry")
    expect(page.locator(".messages")).to_contain_text("Saved: Evening lecture")
    assert size_of_evidence(mediator) == (2400, 1800)


@pytest.mark.browser_context_args(**PHONE)
def test_a_small_photo_and_what_is_no_photo_go_as_they_are(page: Page) -> None:
    follow(page, "Add CPD Entry")
    box, words = page.locator("[name=evidence]"), page.locator("[data-photo]")
    file = io.BytesIO()
    Image.effect_noise((400, 300), 70).save(file, "PNG")
    for given in [
        {"name": "small.png", "mimeType": "image/png", "buffer": file.getvalue()},
        {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + bytes(6_000_000)},
        {"name": "large.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + bytes(6_000_000)},
    ]:
        box.set_input_files(given)
        page.wait_for_timeout(500)
        name, size = box.evaluate("box => [box.files[0].name, box.files[0].size]")
        assert (name, size) == (given["name"], len(given["buffer"]))
        expect(words).to_be_empty()


@pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
def test_without_javascript_a_large_photo_is_refused_with_what_to_do(page: Page, mediator: User) -> None:
    follow(page, "Add CPD Entry")
    begin(page)
    photo = a_photo()
    page.locator("[name=evidence]").set_input_files(
        photo | {"buffer": photo["buffer"][: 5 * 1024 * 1024 + 1]}
    )
    press(page, "Save this entry")
    expect(page.locator("#id_evidence_error")).to_contain_text("take the photo in a smaller size")
    expect(page.locator("[name=title]")).to_have_value("Evening lecture")
    page.locator("[name=evidence]").set_input_files(photo)
    press(page, "Save this entry")
    expect(page.get_by_role("heading", level=1)).to_have_text("That was too large")
    expect(page.get_by_text("a file can have 5 MB. Make it smaller and send it again.")).to_be_visible()


@pytest.mark.browser_context_args(**PHONE)
def test_the_camera_is_offered_beside_gallery_and_files(page: Page) -> None:
    follow(page, "Add CPD Entry")
    box = page.locator("[name=evidence]")
    expect(box).to_have_attribute("accept", "application/pdf,image/jpeg,image/png")
    assert box.get_attribute("capture") is None


def test_the_two_lists_of_the_page(page: Page, mediator: User) -> None:
    for number in range(3):
        make_entry(mediator, title=f"Case {number}", role=["lead", "co"][number % 2])
        make_cpd(mediator, title=f"Course {number}", kind=["training", "other"][number % 2])
    go(page, "/logbook/")
    second = page.locator("#cpd")

    def titles() -> tuple[list[str], list[str]]:
        every = page.locator("tbody .col-title").all_inner_texts()
        return [one for one in every if "Case" in one], [one for one in every if "Course" in one]

    unfold(page, "Filter and sort")  # the first one
    choose(page, role="lead", sort="title")
    press(page, "Show these")
    second.locator("details.filters > summary").click()
    second.locator("label:has([name=cpd-kind][value=training])").click()
    second.locator("[name=cpd-sort]").select_option("title")
    with page.expect_navigation():
        second.get_by_role("button", name="Show these").click()
    assert titles() == (["Case 0", "Case 2"], ["Course 0", "Course 2"])
    assert page.url.endswith("#cpd")
    with page.expect_navigation():
        second.get_by_role("link", name="Title", exact=True).click()
    assert titles() == (["Case 0", "Case 2"], ["Course 2", "Course 0"])
    page.locator(".chips a", has_text="Role").click()
    expect(page.locator("tbody .col-title", has_text="Case")).to_have_count(3)
    assert titles()[1] == ["Course 2", "Course 0"]
