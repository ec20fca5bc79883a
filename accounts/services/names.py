"""The words by which directories find mediators, kept in step with names, roles and consent."""

from accounts.models import MediatorProfile, NameWord, User
from logbook_site.foundation.links import link_key
from logbook_site.foundation.text import fold, name_words

# An index holds 2,700 bytes, and a letter is four at most. No name that somebody bears comes near.
NAME_LETTERS = 400


def keep_name_words(person: User) -> None:
    """Write the words of `person` as the rows say now: none unless they are open to directories.

    Call it in the transaction of whatever changed the name, the IMI profile, the role, being active, leaving or
    the visibility.
    """
    # Two changes at once: the second waits, and then reads what the first one wrote.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    stored = User.objects.open_to_directories().filter(pk=person.pk).first()
    words = NameWord.objects.filter(person=person)
    if stored is None:
        words.delete()
        return
    wanted, name = words_of(stored.name, stored.mediator_profile), name_in_words(stored.name)
    present = set(words.filter(name=name).values_list("word", flat=True))
    if present != wanted or not wanted:
        words.exclude(name=name, word__in=wanted).delete()
        new = [NameWord(person=person, word=word, name=name) for word in wanted - present]
        NameWord.objects.bulk_create(new)


def words_of(name: str, profile: MediatorProfile) -> set[str]:
    """What a mediator is found by: the words of the name, and the key of the IMI profile."""
    key = link_key(profile.imi_profile)
    return name_words(name) | ({key} if key else set())


def name_in_words(name: str) -> str:
    """`name` folded, then its words that do not stand in it so: “jean-luc lee jean jeanluc luc”.

    Orders those who share a word, and says whether another word is in the name without a second look.
    """
    folded = fold(name)
    written = folded.split()
    return " ".join([folded, *sorted(name_words(name) - set(written))])[:NAME_LETTERS]
