"""Six languages: which one a party gets, that it is whole, and that members read English."""

import gzip
import re
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.test.signals import template_rendered
from django.urls import get_resolver
from django.utils import translation

from accounts.middleware import PARTY_ADDRESSES
from accounts.models import MediatorProfile, User
from accounts.services import outbox
from accounts.tests.doors import seen
from accounts.tests.factories import make_appointment, make_reviewer, signed_in
from feedback.emails import kept_time
from feedback.models import Feedback
from feedback.services.secrets import sign_address
from feedback.tests.hands import LINK, typed, typed_links
from feedback.tests.links import ANSWERS, form_key_on, hidden_values, make_link, send
from feedback.tests.sentences import sentences_of
from feedback.tests.test_general import GENERAL, make_general, to
from feedback.tests.test_survey import closed_links
from logbook_site.translations import templates

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
OTHERS = LANGUAGES[1:]
NAMES_OF_LANGUAGES = ["English", "Français", "Español", "Português", "Deutsch", "العربيّة"]
PAULA = "paula@example.org"
ABUSED = {"safe": "1"}
# What stands on the pages and is nobody's sentence.
NAMES = {
    "Mediation Logbook", "IMI", "· IMI", "Mediation Logbook · IMI", "Amina Okafor", "Rosa Lindqvist", "Roof and rain",
    "Paula Party", PAULA, "paula@", "greta@example.org", "help@example.org",
    "The calm room.", "More breaks.", "I was heard.", "a\0b",
}  # fmt: skip
COGNATES = {"es": {"No"}}


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


@pytest.fixture
def amina() -> User:
    mediator = make_general("Amina Okafor")
    MediatorProfile.objects.update(country="DE")
    make_appointment(mediator, make_reviewer(name="Rosa Lindqvist"))
    return mediator


def direction(language: str) -> str:
    return "rtl" if language == "ar" else "ltr"


def assert_in(language: str, answer) -> None:
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    if answer.content:
        assert f'<html lang="{language}" dir="{direction(language)}">' in answer.text


# --- Which language --------------------------------------------------------------------------------


def party_routes() -> set[str]:
    """Every address of parties that the URL configuration knows."""

    def walk(resolver, before: str) -> list[str]:
        found = []
        for pattern in resolver.url_patterns:
            route = before + str(pattern.pattern)
            found += walk(pattern, route) if hasattr(pattern, "url_patterns") else [route]
        return found

    return {route for route in walk(get_resolver(), "") if f"/{route}".startswith(PARTY_ADDRESSES)}


def addresses(amina: User) -> dict[str, str]:
    return {
        "give-feedback/": "/give-feedback/",
        "give-feedback/thank-you/": "/give-feedback/thank-you/",
        "give-feedback/withdraw/": "/give-feedback/withdraw/",
        "give-feedback/to/<str:code>/": to(amina),
        "give-feedback/confirm/<str:token>/": "/give-feedback/confirm/never/",
        "give-feedback/<str:token>/": make_link(amina),
        "stop/<str:signed>/": f"/stop/{sign_address(PAULA)}/",
    }


def test_every_address_of_parties_is_asked_here(amina: User) -> None:
    assert {route for route in party_routes() if not route.startswith("hooks/")} == set(addresses(amina))


@pytest.mark.long
def test_the_language_of_the_address_comes_first_then_that_of_the_browser(amina: User) -> None:
    for address in [*addresses(amina).values(), "/give-feedback/a/b/", "/stop/", "/stop/x/"]:
        for language in LANGUAGES:
            browser = {"headers": {"accept-language": f"it, {language};q=0.9, en;q=0.5"}}
            assert_in(language, Client().get(address, **browser))
            other = {"headers": {"accept-language": "de" if language != "de" else "fr"}}
            assert_in(language, Client().get(f"{address}?lang={language}", **other))
            assert_in(language, Client().put(f"{address}?lang={language}"))


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("pt-BR", "pt"), ("es-419,es;q=0.9", "es"), ("de-CH", "de"), ("ar-EG, fr;q=0.1", "ar"), ("it", "en"),
        ("zh-Hans, it;q=0.9, fr;q=0.2", "fr"), ("", "en"), ("x" * 600, "en"), ("*", "en"), ("fr;q=x", "en"),
    ],
)  # fmt: skip
def test_what_browsers_ask_for(client: Client, asked: str, given: str) -> None:
    assert_in(given, client.get("/give-feedback/", headers={"accept-language": asked}))


@pytest.mark.parametrize("odd", ["", "it", "FR", "fr-FR", "fr\0", "../fr", "x" * 500, "\u202efr"])
def test_an_unknown_language_is_as_if_none_was_asked(client: Client, odd: str) -> None:
    asked = urlencode({"lang": odd})
    assert_in("de", client.get(f"/give-feedback/?{asked}", headers={"accept-language": "de"}))


def test_no_cookie_decides(amina: User) -> None:
    client = Client()
    client.cookies.load({"django_language": "fr"})
    assert_in("en", client.get("/give-feedback/"))


@pytest.mark.parametrize("language", OTHERS)
def test_closed_links_look_alike_in_each_language(amina: User, language: str) -> None:
    links = closed_links(amina)
    pages = [Client().get(f"{link}?lang={language}") for link in links]
    pages += [
        Client().post(link, ANSWERS | {"action": "send"}, headers={"accept-language": language})
        for link in links
    ]
    assert {page.status_code for page in pages} == {410}
    assert len({page.content for page in pages}) == 1
    assert_in(language, pages[0])
    assert "never-was-one" not in pages[0].text


# --- Members read English ----------------------------------------------------------------------------


@pytest.mark.long
def test_members_read_english_whatever_their_browser_asks_for(amina: User) -> None:
    """Django and allauth could answer in French: a mixture would."""
    for language in OTHERS:
        pages = []
        for asked in (language, "en"):
            client = signed_in(amina)
            client.defaults["HTTP_ACCEPT_LANGUAGE"] = asked
            client.cookies["django_language"] = asked
            stranger = Client(headers={"accept-language": asked})
            answers = [
                client.get("/?lang=" + asked),
                client.get("/logbook/"),
                client.post("/logbook/add/", {"ended_on": "x", "hours": "x"}),
                client.get("/feedback/request/"),
                client.post("/account-settings/", {"name": "x" * 200}),
                client.get("/nothing/"),
                stranger.get("/"),
                stranger.post("/accounts/login/", {"login": "x", "password": ""}),
                stranger.post("/accounts/signup/", {"email": "x", "password1": "123"}),
                stranger.post("/accounts/password/reset/", {"email": "x"}),
                stranger.generic("POST", "/accounts/login/", b"", CONTENT_LENGTH="9" * 9),
                stranger.put("/accounts/login/"),
            ]
            assert {answer.headers["Content-Language"] for answer in answers} == {"en"}
            pages.append([seen(answer).replace(f"lang={asked}", "") for answer in answers])
        assert pages[0] == pages[1]


def test_a_party_leaves_no_language_behind(amina: User) -> None:
    """Neither for the next request nor for an error that is answered before any page is asked."""
    Client().get("/give-feedback/?lang=ar")
    assert translation.get_language() == "en"
    too_large = Client().generic("POST", "/logbook/", b"", CONTENT_LENGTH="9" * 9)
    assert "That was too large" in too_large.text


# --- All of it ---------------------------------------------------------------------------------------


def party_pages(amina: User, language: str, mailoutbox: list) -> dict[str, str]:
    """Every page and mail of a party, in each of its states."""
    cache.clear()
    client = Client()
    about = f"lang={language}"
    link = make_link(amina, email=PAULA, reference="Roof and rain", language=language, remind=True)
    advocate = make_link(amina, acted_as="advocate", language=language)
    pages = {
        "survey": client.get(f"{link}?{about}"),
        "survey of an advocate": client.get(f"{advocate}?{about}"),
        "refused": client.post(
            f"{link}?{about}",
            {
                "party_role": "x", "clear": "9", "helpful": "x" * 20_001, "better": "a\0b", "action": "check",
                "respondent_email": "paula@", "respondent_name": "x" * 121,
            },
        ),
        "empty": client.post(f"{link}?{about}", {"share": "no", "respondent_email": '"a"@example.org'}),
        "checked": client.post(f"{link}?{about}", ANSWERS | ABUSED | {"action": "check", "name_in_notice": "1"}),
        "changed": client.post(f"{link}?{about}", ANSWERS | {"action": "edit"}),
        "thanks": client.get(send(f"{link}?{about}", ANSWERS | ABUSED).url),
        "not shared": client.get(send(f"{advocate}?{about}", {"process": "4", "share": "no"}).url),
        "declined": client.get(f"/give-feedback/thank-you/?declined=1&{about}"),
        "to confirm": client.get(f"/give-feedback/thank-you/?confirm=1&{about}"),
        "later": client.get(f"/give-feedback/thank-you/?{about}"),
        "used": client.get(f"{link}?{about}"),
        "withdraw": client.get(f"/give-feedback/withdraw/?{about}"),
        "no code": client.post(f"/give-feedback/withdraw/?{about}", {"action": "x"}),
        "wrong code": client.post(f"/give-feedback/withdraw/?{about}", {"action": "withdraw", "code": "X" * 9}),
        "deleted": client.get(f"/give-feedback/withdraw/?done=withdraw&{about}"),
        "unshared": client.get(f"/give-feedback/withdraw/?done=unshare&{about}"),
        "stop": client.get(f"/stop/{sign_address('other@example.org')}/?{about}"),
        "stopped": client.post(f"/stop/{sign_address('other@example.org')}/?{about}"),
        "search": client.get(f"/give-feedback/?{about}"),
        "one letter": client.get(f"/give-feedback/?q=a&{about}"),
        "found": client.get(f"/give-feedback/?q=okafor&{about}"),
        "nobody": client.get(f"/give-feedback/?q=zz&{about}"),
        "general": client.get(f"{to(amina)}?{about}"),
        "general, refused": client.post(f"{to(amina)}?{about}", {"year": "1", "action": "send"}),
        "unknown address": client.get(f"/give-feedback/a/b/?{about}"),
        "other method": client.put(f"/give-feedback/?{about}"),
        "too large": client.generic("POST", f"/give-feedback/?{about}", b"", CONTENT_LENGTH="9" * 9),
    }  # fmt: skip
    mailoutbox.clear()
    make_link(amina, email=PAULA, reference="Roof and rain", language=language)
    pages["general, sent"] = client.post(f"{to(amina)}?{about}", GENERAL | {"action": "send"}, follow=True)
    outbox.deliver_due()
    texts = {name: answer.text for name, answer in pages.items()}
    to_parties = [mail for mail in mailoutbox if mail.to in (["paula@example.org"], ["greta@example.org"])]
    for mail in to_parties:
        texts[f"mail to {mail.to[0]}"] = mail.alternatives[0].content
        texts[f"text to {mail.to[0]}"] = "\n".join(f"<p>{line}</p>" for line in mail.body.splitlines())
        texts[f"subject to {mail.to[0]}"] = f"<p>{mail.subject}</p>"
    confirmed = re.search(r"/give-feedback/confirm/[\w-]+/", to_parties[-1].body)[0]
    texts["confirm"] = client.get(f"{confirmed}?{about}").text
    client.post(f"{confirmed}?{about}")
    texts["confirmed"] = client.get(f"{confirmed}?{about}").text
    return texts


def is_a_sentence(text: str) -> bool:
    """Not a name, an address, or a code."""
    return text not in NAMES and not re.fullmatch(r"\S*(?://|@)\S*|([A-Z2-7]{4}-){4}[A-Z2-7]{4}|x+|X+", text)


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(amina: User, settings, mailoutbox, language: str) -> None:
    settings.SUPPORT_EMAIL, settings.PRIVACY_POLICY_URL = "help@example.org", "https://example.org/privacy"
    settings.COMPLAINTS_URL = settings.DIGEST_INFO_URL = "https://example.org/more"
    english = party_pages(amina, "en", mailoutbox)
    translated = party_pages(amina, language, mailoutbox)
    assert set(english) == set(translated)
    told = set().union(*map(sentences_of, english.values()))
    assert len(told) > 200
    left = {
        (name, text)
        for name, page in translated.items()
        for text in sentences_of(page) & told
        if is_a_sentence(text) and text not in COGNATES.get(language, set())
    }
    assert sorted(left) == []


def test_every_template_of_these_pages_is_translated(amina: User, mailoutbox) -> None:
    used: set[str] = set()

    def remember(sender, template, **_more) -> None:
        if str(template.origin.name).startswith(str(django_settings.BASE_DIR / "templates")):
            used.add(template.name)

    template_rendered.connect(remember)
    party_pages(amina, "fr", mailoutbox)
    template_rendered.disconnect(remember)
    told_to_members = {name for name in used if name.startswith("feedback/emails/") and "notice" in name}
    without_words = {"partials/_logo.html", "django/forms/widgets/multiple_input.html"}
    assert used - set(templates()) - told_to_members == without_words


# --- Changing it ---------------------------------------------------------------------------------------


@pytest.mark.long
def test_each_page_offers_all_languages_by_their_own_names(amina: User, mailoutbox) -> None:
    for language in ("en", "ar"):
        for name, page in party_pages(amina, language, mailoutbox).items():
            if " to " in name and name != "to confirm":
                continue
            menu = re.search(r'<nav class="languages".*?</nav>', page, re.S)
            assert menu, name
            offered = re.findall(r'lang="(\w+)"[^>]*>([^<]+)</', menu[0])
            assert offered == list(zip(LANGUAGES, NAMES_OF_LANGUAGES, strict=True)), name
            assert re.findall(r'<strong lang="(\w+)" aria-current="true">', menu[0]) == [language], name


def test_the_rest_of_the_address_stays(amina: User) -> None:
    page = Client().get(f"/give-feedback/?mediator={amina.pk}&acted_as=advocate&lang=fr").text
    assert f'href="?mediator={amina.pk}&amp;acted_as=advocate&amp;lang=de"' in page
    thanks = Client().get(send(make_link(amina)).url)
    address = re.search(r'href="(\?receipt=[^"]+lang=ar)"', thanks.text)[1].replace("&amp;", "&")
    again = Client().get(f"/give-feedback/thank-you/{address}")
    assert_in("ar", again)
    assert re.search(r'code-large"><bdi>(.+?)<', again.text)[1] in thanks.text


def test_on_the_check_page_a_button_says_the_answers_again_in_another_language(amina: User) -> None:
    link = make_link(amina)
    checked = Client().post(f"{link}?lang=en", ANSWERS | {"action": "check", "form_key": "k"})
    (button,) = re.findall(r'<button [^>]*formaction="\?lang=fr"[^>]*>', checked.text)
    assert 'form="answers"' in button
    assert 'name="action" value="check"' in button
    again = Client().post(f"{link}?lang=fr", hidden_values(checked) | {"action": "check"})
    assert_in("fr", again)
    assert hidden_values(again) == hidden_values(checked)
    assert "Est-ce correct" in again.text
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "answers", [ANSWERS | {"action": "edit"}, {"helpful": "The calm room.", "action": "check"}]
)
def test_on_a_form_that_came_back_a_button_keeps_what_was_typed(amina: User, answers: dict) -> None:
    link = make_link(amina)
    page = Client().post(f"{link}?lang=en", answers | {"form_key": "k"})
    # Enter in a field presses the first button of a form: it must not be a language.
    buttons = re.findall(r'<button [^>]*form="answers"[^>]*name="action" value="(\w+)"[^>]*>', page.text)
    assert buttons == ["check"] + ["edit"] * 5
    again = Client().post(f"{link}?lang=es", answers | {"form_key": form_key_on(page), "action": "edit"})
    assert_in("es", again)
    assert "The calm room." in again.text
    assert form_key_on(again) == "k"


def test_a_refused_code_stays_in_its_field_in_another_language_and_never_in_an_address() -> None:
    page = Client().post("/give-feedback/withdraw/?lang=en", {"code": "ABCD-WRONG", "action": "withdraw"})
    assert "ABCD-WRONG" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page.text))
    # Enter in the field presses the first button of the form: it must not be a language.
    buttons = re.findall(r'<button [^>]*form="taking-back"[^>]*name="action" value="(\w+)"[^>]*>', page.text)
    assert buttons == ["unshare"] + ["language"] * 5
    again = Client().post("/give-feedback/withdraw/?lang=ar", {"code": "ABCD-WRONG", "action": "language"})
    assert_in("ar", again)
    assert 'value="ABCD-WRONG"' in again.text
    assert "aria-invalid" not in again.text
    assert "error-summary" not in again.text
    assert 'formaction="?lang=fr"' in again.text


def test_a_right_code_does_nothing_when_only_the_language_changes(amina: User) -> None:
    thanks = Client().get(send(make_link(amina)).url)
    code = re.search(r'code-large"><bdi>(.+?)<', thanks.text)[1]
    Client().post("/give-feedback/withdraw/?lang=ar", {"code": code, "action": "language"})
    assert Feedback.objects.get().shared


def test_what_was_stopped_stays_stopped_in_another_language() -> None:
    address = f"/stop/{sign_address(PAULA)}/"
    done = Client().post(f"{address}?lang=en")
    assert 'formaction="?lang=de"' in done.text
    assert "Wir fragen Sie nicht mehr" in Client().post(f"{address}?lang=de", {"action": ""}).text


# --- Not checked yet -----------------------------------------------------------------------------------


def test_a_language_that_nobody_checked_says_so(client: Client, settings) -> None:
    settings.SUPPORT_EMAIL = "help@example.org"
    line = "Niemand, der diese Sprache spricht, hat diesen Text bisher geprüft."
    for address in (
        "/give-feedback/?lang=de",
        "/give-feedback/never/?lang=de",
        "/give-feedback/a/b/?lang=de",
    ):
        page = client.get(address).text
        assert line in page
        assert "Bitte sagen Sie uns, was nicht stimmt:" in page
        assert 'href="mailto:help@example.org"' in page.partition(line)[2]
    settings.SUPPORT_EMAIL = ""
    page = client.get("/give-feedback/?lang=de").text
    assert line in page
    assert "Bitte sagen Sie uns" not in page
    settings.LANGUAGES_CHECKED = ["en", "de"]
    assert line not in client.get("/give-feedback/?lang=de").text
    assert "Aucune personne" in client.get("/give-feedback/?lang=fr").text


def test_english_is_checked_and_members_are_not_asked(client: Client) -> None:
    for address in ("/give-feedback/", "/", "/accounts/login/"):
        page = client.get(address).text
        assert "Nobody who speaks this language" not in page
    assert 'class="languages"' not in client.get("/").text


# --- Asking in another language --------------------------------------------------------------------------

SUBJECTS = {
    "en": "Amina Okafor asks for your feedback",
    "fr": "Amina Okafor vous demande votre avis",
    "es": "Amina Okafor le pide su opinión",
    "pt": "Amina Okafor pede a sua opinião",
    "de": "Amina Okafor bittet Sie um Rückmeldung",
    "ar": "طلب من Amina Okafor لإبداء رأيكم",
}
DAYS = {
    "en": "4 March 2026", "fr": "4 mars 2026", "es": "4 de marzo de 2026", "pt": "4 de Março de 2026",
    "de": "4. März 2026", "ar": "4 مارس 2026",
}  # fmt: skip


def test_the_form_offers_six_languages_in_the_language_of_the_page(amina: User) -> None:
    page = signed_in(amina).get("/feedback/request/").text
    offered = re.search(r'<select name="language".*?</select>', page, re.S)[0]
    assert re.findall(r'<option value="(\w+)"[^>]*>([^<]+)<', offered) == [
        ("en", "English"), ("fr", "French"), ("es", "Spanish"), ("pt", "Portuguese"), ("de", "German"),
        ("ar", "Arabic"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_arrives_as_it_was_previewed_in_the_chosen_language(
    amina: User, mailoutbox, settings, language: str
) -> None:
    client = signed_in(amina)
    form = typed(("Paula Party", PAULA), language=language, ended_on="2026-03-04", reference="Roof and rain")
    preview = client.post("/feedback/request/", form | {"action": "preview"})
    assert preview.headers["Content-Language"] == "en"
    shown = re.search(r'<p class="mail mail-preview" lang="(\w+)" dir="auto">(.*?)</p>', preview.text, re.S)
    assert shown[1] == language
    assert f'<dd lang="{language}" dir="auto">{SUBJECTS[language]}</dd>' in preview.text
    assert client.post("/feedback/request/", form).status_code == 302
    outbox.deliver_due()
    (mail,) = mailoutbox
    assert mail.subject == SUBJECTS[language]
    assert mail.body.splitlines()[0] == shown[2].splitlines()[0]
    html = mail.alternatives[0].content
    for text in (mail.body, html):
        assert DAYS[language] in text
        assert f"{LINK.search(text)[0]}?lang={language}" in text
        assert f"/?lang={language}" in text.partition("/stop/")[2]
    assert f'<html lang="{language}" dir="{direction(language)}">' in html
    assert f'<div class="letter" lang="{language}" dir="{direction(language)}">' in html
    assert "<bdi>Amina Okafor</bdi>" in html
    # It opens in the language of the mail, and the answer is kept in the one it was given in.
    link = f"{LINK.search(mail.body)[0]}?lang={language}"
    assert_in(language, Client().get(link, headers={"accept-language": "it, de;q=0.5"}))
    assert send(link).url.endswith(f"&lang={language}")
    assert Feedback.objects.get().language == language


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_handed_over_links_and_their_cards_are_in_the_chosen_language(
    amina: User, settings, language: str
) -> None:
    client = signed_in(amina)
    made = client.post("/feedback/request/", typed_links(2, language=language))
    page = client.get(made.url)
    assert page.headers["Content-Language"] == "en"
    assert page.text.count(f'<p lang="{language}">') == 2
    assert page.text.count(f'<li class="card" dir="{direction(language)}">') == 2
    said = {"en": "asks for your feedback", "de": "bittet Sie um eine Rückmeldung", "ar": "لإبداء رأيكم"}
    assert page.text.count(said[language]) == 2
    token = LINK.search(page.text)[1]
    assert f"{settings.SITE_URL}/give-feedback/{token}/?lang={language}</p>" in page.text
    assert_in(language, Client().get(f"/give-feedback/{token}/?lang={language}"))


def test_the_answer_of_the_general_survey_is_confirmed_in_its_language(amina: User, mailoutbox) -> None:
    Client().post(f"{to(amina)}?lang=pt", GENERAL | {"action": "send"})
    outbox.deliver_due()
    (mail,) = mailoutbox
    assert mail.subject == "Confirme a sua opinião sobre Amina Okafor"
    address = re.search(r"/give-feedback/confirm/[\w-]+/\?lang=pt", mail.body)[0]
    assert_in("pt", Client().get(address))
    assert_in("pt", Client().get(Client().post(address).url))
    assert Feedback.objects.get().language == "pt"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (120, ["5 days", "5 jours", "5 días", "5 dias", "5 Tage", "5 أيام"]),
        (24, ["24 hours", "24 heures", "24 horas", "24 horas", "24 Stunden", "24 ساعة"]),
        (48, ["2 days", "2 jours", "2 días", "2 dias", "2 Tage", "يومين"]),
        (60, ["60 hours", "60 heures", "60 horas", "60 horas", "60 Stunden", "60 ساعة"]),
        (1, ["1 hour", "1 heure", "1 hora", "1 hora", "1 Stunde", "ساعة واحدة"]),
        (0.05, ["3 minutes", "3 minutes", "3 minutos", "3 minutos", "3 Minuten", "3 دقائق"]),
        (0.001, ["1 minute", "1 minute", "1 minuto", "1 minuto", "1 Minute", "دقيقة واحدة"]),
    ],
)
def test_how_long_is_said_in_each_language(settings, hours: float, said: list[str]) -> None:
    settings.CONTACT_KEPT_HOURS = hours
    assert [kept_time(language) for language in LANGUAGES] == said


# --- Small enough for a slow connection, in every script ---------------------------------------------------


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("acted_as", ["mediator", "advocate"])
def test_the_page_is_small(amina: User, acted_as: str, language: str) -> None:
    invited = Client().get(
        make_link(amina, acted_as=acted_as, reference="Roof and rain") + f"?lang={language}"
    )
    general = Client().get(f"{to(amina)}?lang={language}&acted_as={acted_as}")
    for page in (invited, general):
        loaded = re.findall(r'(?:href|src)="/static/([\w.]+\.(?:css|js))"', page.text)
        files = [(django_settings.BASE_DIR / "static" / name).read_bytes() for name in loaded]
        assert sorted(loaded) == ["base.css", "page.js", "survey.js"]
        assert packed(page.content) <= 6 * 1024
        assert packed(page.content) + sum(map(packed, files)) <= 12 * 1024
