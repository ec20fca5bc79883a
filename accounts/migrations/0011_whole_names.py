"""Beside each word the name with all its words. Only names with a hyphen and the like change; may run twice."""

import re

from django.db import migrations

from logbook_site.foundation.text import fold, name_words


def rewrite(apps, schema_editor) -> None:
    User, NameWord = apps.get_model("accounts", "User"), apps.get_model("accounts", "NameWord")
    people = User.objects.filter(pk__in=NameWord.objects.values("person")).values_list("pk", "name")
    for person, name in people.iterator(chunk_size=1000):
        if re.search(r"[^\w\s]|_", name):
            folded = fold(name)
            words = sorted(name_words(name) - set(folded.split()))
            NameWord.objects.filter(person_id=person).update(name=" ".join([folded, *words])[:400])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0010_saved_views")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
