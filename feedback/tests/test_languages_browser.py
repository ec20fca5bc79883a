"""From the mail to the thanks in a real browser, once in each language; what is typed outlives a change of language."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.services import outbox
from accounts.tests.factories import make_appointment, make_mediator, make_reviewer
from feedback.models import Feedback
from feedback.tests.factories import make_request
from logbook_site.tests.hands import choose, fill, press

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
on_phone = pytest.mark.browser_context_args(**PHONE)
without_javascript = pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
# The words of the way: next, check, change, send; and the name of the language one comes from.
WORDS = {
    "en": ("Next", "Check my answers", "Send my feedback", "Thank you", "Deutsch"),
    "fr": ("Suivant", "Vérifier mes réponses", "Envoyer mon avis", "Merci", "English"),
    "es": ("Siguiente", "Revisar mis respuestas", "Enviar mi opinión", "Gracias", "English"),
    "pt": ("Seguinte", "Verificar as minhas respostas", "Enviar a minha opinião", "Agradecemos", "English"),
    "de": ("Weiter", "Meine Antworten prüfen", "Meine Rückmeldung senden", "Vielen Dank", "English"),
    "ar": ("التالي", "مراجعة إجاباتي", "إرسال رأيي", "شكرًا لكم", "English"),
}
OWN_NAME = dict(
    zip(LANGUAGES, ["English", "Français", "Español", "Português", "Deutsch", "العربيّة"], strict=True)
)


@pytest.fixture
def page(page: Page, live_server, settings) -> Page:
    settings.SITE_URL = live_server.url
    cache.clear()
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    return page


def open_mailed_link(page: Page, mailoutbox: list, language: str) -> None:
    amina = make_mediator(name="Amina Okafor")
    make_appointment(amina, make_reviewer(name="Rosa Lindqvist"))
    make_request(amina, language=language, reference="Roof and rain")
    outbox.deliver_due()
    (mail,) = mailoutbox
    page.goto(re.search(r"\S+/give-feedback/\S+", mail.body)[0])


def see_language(page: Page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")


def change_language(page: Page, language: str) -> None:
    """By a link, or on a page that answers a form by a button."""
    with page.expect_navigation():
        page.locator(".languages").get_by_text(OWN_NAME[language], exact=True).click()
    see_language(page, language)


def step(page: Page, word: str) -> None:
    page.locator(".part:visible").get_by_role("button", name=word, exact=True).click()


@on_phone
@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_mail_to_the_thanks(page: Page, mailoutbox: list, language: str) -> None:
    onwards, check, send, thanks, other = WORDS[language]
    open_mailed_link(page, mailoutbox, language)
    see_language(page, language)
    choose(page, clear="5")
    for _part in range(3):
        step(page, onwards)
    fill(page, helpful="The calm room. غرفة هادئة")
    # Away and back: nothing is lost, and the same part is open.
    away = {name: code for code, name in OWN_NAME.items()}[other]
    change_language(page, away)
    expect(page.locator("[name=helpful]")).to_have_value("The calm room. غرفة هادئة")
    change_language(page, language)
    expect(page.locator("[name=helpful]")).to_be_visible()
    expect(page.locator("[name=clear][value='5']")).to_be_checked()
    choose(page, share="yes")
    press(page, check)
    change_language(page, away)
    expect(page.locator(".said")).to_contain_text("The calm room.")
    change_language(page, language)
    press(page, send)
    see_language(page, language)
    expect(page.get_by_role("heading", level=1)).to_have_text(thanks)
    expect(page.locator(".code-large")).to_be_visible()
    piece = Feedback.objects.get()
    assert (piece.language, piece.ratings, piece.helpful) == (
        language,
        {"clear": 5},
        "The calm room. غرفة هادئة",
    )
    assert page.context.cookies() == []


@without_javascript
def test_a_form_that_came_back_keeps_everything_without_javascript(page: Page, mailoutbox: list) -> None:
    open_mailed_link(page, mailoutbox, "en")
    fill(page, helpful="The calm room.", respondent_email="paula@")
    press(page, "Check my answers")
    change_language(page, "ar")
    expect(page.locator("[name=helpful]")).to_have_value("The calm room.")
    expect(page.locator(".error-summary")).to_contain_text("أدخلوا عنوان بريد إلكتروني")
    fill(page, respondent_email="")
    choose(page, share="no")
    page.locator("[name=respondent_email]").press(
        "Enter"
    )  # checks the answers: it does not change the language
    expect(page.locator(".said")).to_be_visible()
    see_language(page, "ar")


@on_phone
def test_arabic_is_a_mirror(page: Page, mailoutbox: list) -> None:
    open_mailed_link(page, mailoutbox, "ar")

    def box(selector: str) -> dict[str, float]:
        return page.locator(selector).first.bounding_box()

    brand, button, radio = (
        box(".brand"),
        box(".part:visible [data-step='1']"),
        box(".part:visible [name=clear]"),
    )
    assert brand["x"] + brand["width"] > 360 - 30
    assert button["x"] + button["width"] > 360 - 30
    assert radio["x"] > 300
    change_language(page, "en")
    assert box(".brand")["x"] < 30


@on_phone
@pytest.mark.parametrize("language", ["de", "es"])
def test_letters_twice_as_large_fit_beside_each_other(page: Page, mailoutbox: list, language: str) -> None:
    open_mailed_link(page, mailoutbox, language)
    widths = page.evaluate(
        """() => {
          document.documentElement.style.fontSize = "200%";
          document.querySelectorAll(".part").forEach((part) => { part.hidden = false; });
          return [document.documentElement.scrollWidth, document.documentElement.clientWidth];
        }"""
    )
    assert widths[0] <= widths[1]
