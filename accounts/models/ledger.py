"""How far the ledger's mark has come, as this database knows it. See services/ledger.py."""

from django.db import models


class LedgerMark(models.Model):
    """One row. A database that knows a smaller number than the file beside the ledger was restored."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.BigIntegerField()

    class Meta:
        verbose_name = "mark of the ledger"
        verbose_name_plural = "marks of the ledger"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_mark_one_row")]

    def __str__(self) -> str:
        return str(self.number)
