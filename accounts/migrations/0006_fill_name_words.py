"""The words of those who are open to directories already. In batches, each a transaction of its own; may run twice."""

from itertools import islice

from django.db import migrations

from logbook_site.foundation.links import link_key
from logbook_site.foundation.text import fold, name_words

BATCH = 1000


def fill(apps, schema_editor) -> None:
    User, NameWord = apps.get_model("accounts", "User"), apps.get_model("accounts", "NameWord")
    known = User.objects.filter(
        is_active=True, is_mediator=True, mediator_profile__visibility="directories"
    ).values_list("pk", "name", "mediator_profile__imi_profile")
    everybody = known.order_by("pk").iterator(chunk_size=BATCH)
    while people := list(islice(everybody, BATCH)):
        NameWord.objects.bulk_create(
            [
                NameWord(person_id=person, word=word, name=fold(name)[:200])
                for person, name, profile in people
                for word in (name_words(name) | {link_key(profile)}) - {""}
            ],
            ignore_conflicts=True,
        )


def empty(apps, schema_editor) -> None:
    apps.get_model("accounts", "NameWord").objects.all().delete()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0005_organisations"),
    ]

    operations = [migrations.RunPython(fill, empty)]
