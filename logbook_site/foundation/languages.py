"""Languages by name (ISO 639-1), in the language of the page; and in which one a party reads."""

from collections.abc import Sequence

from babel import Locale
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_from_request
from django.utils.translation import gettext as _

# Offered first: the languages of the United Nations and of most mediations.
OFTEN_USED = ["ar", "de", "en", "es", "fr", "hi", "it", "nl", "pt", "ru", "tr", "zh"]
# ISO 639-1 has codes for languages that nobody mediates in.
NOT_SPOKEN = {"ae", "cu", "eo", "ia", "ie", "io", "la", "pi", "sh", "vo"}


def language_choices(chosen: Sequence[str] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, [(code, name)]): the often used ones and the chosen ones, then all others."""
    names = {code: name for code, name in _all().items() if len(code) == 2 and code not in NOT_SPOKEN}
    in_order = sorted(names.items(), key=lambda choice: choice[1].casefold())
    first = {*OFTEN_USED, *chosen}
    return [
        (_("Often used"), [choice for choice in in_order if choice[0] in first]),
        (_("More languages"), [choice for choice in in_order if choice[0] not in first]),
    ]


def language_name(code: str) -> str:
    """The name of one language; the code itself if nobody has a name for it."""
    return _all().get(code, code)


def language_names(codes: list[str]) -> list[str]:
    """Names in alphabetical order."""
    return sorted(map(language_name, codes), key=str.casefold)


def _all() -> dict[str, str]:
    return Locale.parse((get_language() or "en").replace("-", "_")).languages


def asked_language(request: HttpRequest) -> str:
    """The language in `?lang=`; empty when there is none, or not one of ours."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def language_of(request: HttpRequest) -> str:
    """For whoever has only a link: the language of `?lang=`, else the best that their browser asks for."""
    return asked_language(request) or get_language_from_request(request)
