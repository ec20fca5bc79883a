"""The catalogues: exactly what parties read, all of it, with the same places for names, and compiled at the start."""

import gettext
import re
import shutil

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from accounts.tests.threads import at_once
from logbook_site import translations
from logbook_site.foundation.catalogues import PLACE, compiled

CODES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# A place for a name or a number, or a tag: each must be there as often as in English.
FIXED = re.compile(r"%\(\w+\)[sd]|</?\w+>|%")
# The word is the same in both languages.
COGNATES = {
    "fr": {"%(number)d minute", "%(number)d minutes"},
    "es": {"Error:", "No"},
}
WORDS_AT_MOST = 14


def strings_of(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids_of(message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def test_the_languages_are_those_that_were_promised() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["en", "fr", "es", "pt", "de", "ar"]
    folders = {file.parts[-3] for file in translations.LOCALE.glob(f"*/{PLACE}")}
    assert folders == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_catalogue_holds_what_parties_read_and_nothing_else(code: str) -> None:
    catalogue = translations.catalogue(code)
    told = {message.text: message.plural for message in translations.messages()}
    kept = {ids_of(message)[0]: (*ids_of(message), "")[1] for message in catalogue if message.id}
    assert kept == told
    assert not catalogue.obsolete


@pytest.mark.parametrize("code", CODES)
def test_every_message_is_translated(code: str) -> None:
    wrong = []
    for message in translations.catalogue(code):
        if not message.id:
            continue
        english, strings = ids_of(message), strings_of(message)
        forms = translations.catalogue(code).num_plurals if len(english) == 2 else 1
        same = set(strings) & set(english) - COGNATES.get(code, set())
        if message.fuzzy or len(strings) != forms or not all(map(str.strip, strings)) or same:
            wrong.append(english[0])
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_names_numbers_and_tags_stay_in_their_places(code: str) -> None:
    wrong = []
    for message in translations.catalogue(code):
        wanted = sorted(FIXED.findall(ids_of(message)[-1]))
        for string in strings_of(message) if message.id else ():
            # "One day" and "two days" may be words.
            is_word = len(ids_of(message)) == 2 and not FIXED.search(string)
            if sorted(FIXED.findall(string)) != wanted and not is_word:
                wrong.append(string)
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_sentences_end_as_they_do_in_english(code: str) -> None:
    """A label stays a label, a question a question; Arabic and French have marks of their own."""
    ends = {"؟": "?", "،": ",", "…": "…"}

    def end(text: str) -> str:
        last = ends.get(text[-1], text[-1])
        return last if last in ".?:," else ""

    pairs = [
        (ids_of(message)[0], strings_of(message)[0]) for message in translations.catalogue(code) if message.id
    ]
    # A letter in Spanish begins with a colon.
    greetings = {"Dear %(name)s,", "Good day,"}
    wrong = [(text, said) for text, said in pairs if end(text) != end(said) and text not in greetings]
    assert wrong == []


def test_gathering_again_changes_nothing(monkeypatch, tmp_path) -> None:
    folder = tmp_path / "locale"
    shutil.copytree(translations.LOCALE, folder)
    monkeypatch.setattr(translations, "LOCALE", folder)
    for code in CODES:
        translations.gather(code)
        kept = (settings.BASE_DIR / "locale" / code / PLACE).read_text()
        assert (folder / code / PLACE).read_text() == kept, "run: python manage.py gather_messages"


def test_gathering_keeps_translations_adds_what_is_new_and_drops_what_is_gone(monkeypatch, tmp_path) -> None:
    folder = tmp_path / "locale"
    shutil.copytree(translations.LOCALE, folder)
    monkeypatch.setattr(translations, "LOCALE", folder)
    first, second, *others = translations.messages()
    new = translations.Message("Something new", "", "feedback/surveys.py")
    monkeypatch.setattr(translations, "messages", lambda: [first, new, *others])
    before = translations.catalogue("ar")
    translations.gather("ar")
    after = translations.catalogue("ar")
    assert after.get(first.text).string == before.get(first.text).string
    assert after.get(new.text).string == ""
    assert after.get(second.text) is None
    assert after.plural_forms == before.plural_forms


@pytest.mark.parametrize("code", CODES)
def test_plurals_are_counted_as_django_counts_them(code: str) -> None:
    """Else Django's sentences would be right and ours wrong, or the other way round."""
    import django

    place = f"{django.__path__[0]}/conf/locale"
    theirs = gettext.translation("django", place, [code])
    ours = gettext.translation("django", settings.LOCALE_PATHS[0], [code])
    of_ours = [ours.ngettext("%(number)d day", "%(number)d days", number) for number in range(250)]
    choose = theirs.plural
    forms = strings_of(translations.catalogue(code).get("%(number)d day"))
    if len(forms) == translations.catalogue(code).num_plurals and max(map(choose, range(250))) < len(forms):
        assert of_ours == [forms[choose(number)] for number in range(250)]


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        ("ar", 1, "يوم واحد"), ("ar", 2, "يومين"), ("ar", 5, "5 أيام"), ("ar", 10, "10 أيام"),
        ("ar", 11, "11 يومًا"), ("ar", 99, "99 يومًا"), ("ar", 100, "100 يوم"), ("ar", 103, "103 أيام"),
        ("fr", 1, "1 jour"), ("fr", 2, "2 jours"), ("de", 1, "1 Tag"), ("de", 5, "5 Tage"),
        ("es", 1, "1 día"), ("es", 5, "5 días"), ("pt", 1, "1 dia"), ("pt", 5, "5 dias"),
    ],
)  # fmt: skip
def test_days_in_words(code: str, number: int, said: str) -> None:
    with translation.override(code):
        assert ngettext("%(number)d day", "%(number)d days", number) % {"number": number} == said


# --- Plain words -----------------------------------------------------------------------------------


def sentences() -> list[str]:
    """What parties read in English, one sentence each; labels and buttons are none."""
    texts = [re.sub(r"<[^>]+>", "", message.plural or message.text) for message in translations.messages()]
    parts = [part for text in texts for part in re.findall(r"[^.?!]+[.?!]+(?=\s|$)", text)]
    return [part.strip() for part in parts if len(part.split()) > 2]


def test_sentences_are_short() -> None:
    lengths = [len(sentence.split()) for sentence in sentences()]
    assert len(lengths) > 100
    assert sum(lengths) / len(lengths) <= WORDS_AT_MOST
    assert [sentence for sentence in sentences() if len(sentence.split()) > 2 * WORDS_AT_MOST] == []


# --- Compiled --------------------------------------------------------------------------------------


def written(folder) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_compiled_once_and_again_after_a_change(tmp_path) -> None:
    source, into = tmp_path / "locale", tmp_path / "var"
    shutil.copytree(translations.LOCALE, source)
    first = compiled(source, into)
    assert written(first) == {f"{code}/{PLACE.with_suffix('.mo')}" for code in CODES}
    touched = (first / "fr" / PLACE).with_suffix(".mo")
    touched.write_bytes(b"kept as it is")
    assert compiled(source, into) == first
    assert touched.read_bytes() == b"kept as it is"
    catalogue = source / "fr" / PLACE
    catalogue.write_text(catalogue.read_text().replace("Suivant", "Plus loin"))
    second = compiled(source, into)
    assert second != first
    assert gettext.translation("django", second, ["fr"]).gettext("Next") == "Plus loin"
    assert {folder.name for folder in into.iterdir()} == {first.name, second.name}


@pytest.mark.django_db(transaction=True)
def test_processes_that_start_at_once_do_not_disturb_each_other(tmp_path) -> None:
    folders = at_once(*[lambda: compiled(translations.LOCALE, tmp_path / "var") for _process in range(6)])
    assert len(set(folders)) == 1, folders
    assert [folder.name for folder in (tmp_path / "var").iterdir()] == [folders[0].name]
    assert len(written(folders[0])) == len(CODES)


def test_nothing_compiled_is_kept_with_the_code() -> None:
    assert list(translations.LOCALE.rglob("*.mo")) == []
