"""The words by which directories find a mediator."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import NameWordQuerySet


class NameWord(models.Model):
    """One folded word of the name of a mediator who is open to directories, or the key of their IMI profile.

    Whoever is private has none: searching for them is, for the database too, like searching for nobody.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="name_words", db_index=False
    )
    # In the order of code points: else no index serves the beginning of a word.
    word = models.TextField(db_collation="C")
    # The whole name, folded, and its words: orders those who share a word, and answers for the other words of a search.
    name = models.TextField(db_collation="C")

    objects = NameWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of a name")
        verbose_name_plural = _("words of names")
        constraints = [
            models.UniqueConstraint(fields=["person", "word"], name="name_word_once"),
        ]
        indexes = [models.Index(fields=["word", "name", "person"], name="name_word_beginning")]

    def __str__(self) -> str:
        return str(self.person_id)
