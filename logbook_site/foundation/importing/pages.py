"""The pages of the import: the file, then step by step to the entries, then undo and the rows that were not taken.

`Importing` serves the pages of one plan; the apps give them their addresses. Each step is plain HTML; a step without a
question is passed over, and the steps above the page lead back to each. `imports` are the services for the rows that
stand for imports, because the cellar knows no app.
"""

from collections.abc import Callable
from types import ModuleType
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from logbook_site.foundation import clock
from logbook_site.foundation.entries import GET_OR_POST, sent, undo_time
from logbook_site.foundation.importing import kept, saving
from logbook_site.foundation.importing.choices import Choices, Kept
from logbook_site.foundation.importing.forms import ColumnsForm, DatesForm, FileForm, HeadingsForm
from logbook_site.foundation.importing.judging import ALL, NONE, SOME, judge
from logbook_site.foundation.importing.plan import Plan
from logbook_site.foundation.importing.table import STEPS, Table
from logbook_site.foundation.lists.asked import NotUnderstood
from logbook_site.foundation.lists.listing import FORMATS
from logbook_site.foundation.periods import in_words

READING = ["GET", "HEAD"]
FORMS = {"headings": HeadingsForm, "columns": ColumnsForm, "dates": DatesForm}
WORDS = {
    "file": gettext_lazy("File"),
    "headings": gettext_lazy("Headings"),
    "columns": gettext_lazy("Columns"),
    "dates": gettext_lazy("Dates"),
    "preview": gettext_lazy("Check"),
}
ROWS_SHOWN = 8  # of those that are ready, and of each group without ticks
TICKS_SHOWN = 60  # of each group, so that all of them stay far below the fields that a request may have
GROUPS_SHOWN = 10
GROUPS_AT_MOST = 100  # are decided about: more than there are causes, and nobody fills the disk with others


class Importing:
    """`adding` guards what adds; who may not add any more can still undo, and fetch what was not taken."""

    def __init__(
        self, plan: Plan, imports: ModuleType, *, own: Callable[[HttpRequest], QuerySet], adding: Callable
    ) -> None:
        self.plan, self.imports, self.own = plan, imports, own
        self.start = adding(self._start)
        self._go_on = adding(self._step)

    def _address(self, page: str) -> str:
        return f"{self.plan.kind}_import{page}"

    def _found(self, request: HttpRequest, import_id: UUID):
        return get_object_or_404(self.own(request).filter(kind=self.plan.kind), pk=import_id)

    def _page(self, request: HttpRequest, template: str, context: dict) -> HttpResponse:
        shared = {
            "plan": self.plan,
            "kept_time": in_words(settings.IMPORT_KEPT_HOURS),
            "undo_time": undo_time(),
            "start_address": self._address(""),
            "step_address": self._address("_step"),
            "undo_address": self._address("_undo"),
            "rejected_address": self._address("_rejected"),
        }
        return render(request, template, shared | context)

    # --- The file

    def _start(self, request: HttpRequest) -> HttpResponse:
        form = FileForm(sent(request), request.FILES or None)
        if request.method == "POST" and form.is_valid():
            stored = self.imports.begin_import(owner=request.user, kind=self.plan.kind)
            kept.store(stored.pk, Kept(form.sheets, Choices()).to_bytes())
            return redirect(self._address("_step"), stored.pk)
        own = self.own(request).filter(kind=self.plan.kind)
        context = {
            "form": form,
            "waiting": own.waiting().order_by("-created_at")[:3],
            "saved": own.saved().order_by("-saved_at")[:10],
            "most_megabytes": settings.IMPORT_BYTES_MAX // 1024 // 1024,
            "most_rows": settings.IMPORT_ROWS_MAX,
            "steps": self._steps(None, "file", None),
        }
        return self._page(request, "importing/file.html", context)

    # --- From the headings to the preview

    def step(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        stored = self._found(request, import_id)
        if request.method not in GET_OR_POST:
            return HttpResponseNotAllowed(GET_OR_POST)
        if stored.saved_at:
            return self._saved(request, stored)
        if job := self.imports.running_job(stored):
            return redirect("job", job.pk)
        return self._go_on(request, stored)

    def _step(self, request: HttpRequest, stored) -> HttpResponse:
        try:
            waiting = Kept.from_bytes(kept.load(stored.pk))
        except kept.Gone:
            messages.warning(request, _("What you brought is not here any more. Please bring it once more."))
            return redirect(self._address(""))
        table = Table(self.plan, waiting.sheets, waiting.choices)
        if request.method != "POST":
            asked = request.GET.get("step")
            return self._show(request, stored, waiting, asked if asked in table.steps else table.next_step())
        step = request.POST.get("step", "")
        if step in FORMS and step in table.steps:
            return self._decide(request, stored, waiting, step)
        if step in {"preview", "save"}:
            self._take_groups(request, waiting, table)
            kept.store(stored.pk, waiting.to_bytes())
            if step == "save":
                return self._save(request, stored, waiting)
        return redirect(self._address("_step"), stored.pk)

    def _decide(self, request: HttpRequest, stored, waiting: Kept, step: str) -> HttpResponse:
        form = FORMS[step](request.POST, self.plan, waiting)
        if not form.is_valid():
            return self._show(request, stored, waiting, step, form)
        form.decide()
        kept.store(stored.pk, waiting.to_bytes())
        return redirect(self._address("_step"), stored.pk)

    def _show(self, request: HttpRequest, stored, waiting: Kept, step: str, form=None) -> HttpResponse:
        if step == "preview":
            return self._preview(request, stored, waiting)
        form = form or FORMS[step](None, self.plan, waiting)
        context = {
            "stored": stored,
            "form": form,
            "remarks": form.table.sheet.remarks(),
            "rows_number": len(form.table.body),
            "steps": self._steps(stored, step, form.table),
        }
        return self._page(request, form.template, context)

    def _steps(self, stored, current: str, table: Table | None) -> list[dict]:
        """Those that there are for this file; one can go back to each, and forward to those that are answered."""
        names = ["file", *(table.steps if table else STEPS)]
        last = names.index(table.next_step()) if table else 0
        return [
            {
                "word": WORDS[name],
                "is_current": name == current,
                "is_done": number < names.index(current),
                "query": f"?step={name}" if stored and name != "file" and number <= last else "",
                "is_file": name == "file",
            }
            for number, name in enumerate(names)
        ]

    # --- Preview and saving

    def _take_groups(self, request: HttpRequest, waiting: Kept, table: Table) -> None:
        """What the person has decided about the rows to check; what is not sent stays as it was."""
        choices, numbers = waiting.choices, table.sheet.numbers
        for name, decision in request.POST.items():
            group = name.removeprefix("group-")[:40]
            is_known = group in choices.groups or len(choices.groups) < GROUPS_AT_MOST
            if name.startswith("group-") and decision in {ALL, NONE, SOME} and is_known:
                choices.groups[group] = decision
        if any(name.startswith("group-") for name in request.POST):
            ticked = {
                name.removeprefix("row-")
                for name, value in request.POST.items()
                if value and name.startswith("row-")
            }
            choices.rows = [index for index, number in enumerate(numbers) if str(number) in ticked]

    def _preview(self, request: HttpRequest, stored, waiting: Kept, problem: str = "") -> HttpResponse:
        table = Table(self.plan, waiting.sheets, waiting.choices)
        if (step := table.next_step()) != "preview":
            return self._show(request, stored, waiting, step)
        judgement = judge(table, request.user)
        labels = {name: field.label for name, field in self.plan.by_name.items()}
        context = {
            "stored": stored,
            "judgement": judgement,
            "problem": problem,
            "ready": [self.plan.brief(row.values) for row in judgement.ready[:ROWS_SHOWN]],
            "more_ready": max(0, len(judgement.ready) - ROWS_SHOWN),
            "check": [self._group(group, labels, TICKS_SHOWN) for group in judgement.check[:GROUPS_SHOWN]],
            "unusable": [
                self._group(group, labels, ROWS_SHOWN) for group in judgement.unusable[:GROUPS_SHOWN]
            ],
            "chosen_number": len(judgement.chosen()),
            "chosen": self.plan.count(len(judgement.chosen())),
            "columns": [(table.headings[column], labels[name]) for column, name in table.columns.items()],
            "left_out": [table.headings[column] for column in table.filled if column not in table.columns],
            "remarks": table.sheet.remarks(),
            "steps": self._steps(stored, "preview", table),
        }
        return self._page(request, "importing/preview.html", context)

    def _group(self, group, labels: dict, most: int) -> dict:
        return {
            "cause": group.cause,
            "label": labels.get(group.cause, ""),
            "sentence": group.sentence,
            "decision": group.decision,
            "number": len(group.rows),
            "rows": [
                {
                    "number": row.number,
                    "is_taken": row.index in group.taken,
                    "why": []
                    if group.sentence and len(row.reasons) == 1
                    else [reason.sentence for reason in row.reasons],
                    "brief": self.plan.brief(row.values) if not row.problems else [],
                    "cells": [text for text in row.texts() if text][:8],
                }
                for row in group.rows[:most]
            ],
            "more": max(0, len(group.rows) - most),
        }

    def _save(self, request: HttpRequest, stored, waiting: Kept) -> HttpResponse:
        table = Table(self.plan, waiting.sheets, waiting.choices)
        if (step := table.next_step()) != "preview":
            return self._unanswered(request, stored, waiting, step)
        if len(table.body) > settings.IMPORT_ROWS_AT_ONCE:
            return redirect("job", self.imports.begin_work(stored, work=self.plan.work).pk)
        try:
            saving.save_import(self.plan, self.imports, stored.pk)
        except saving.NothingChosen:
            sentence = _(
                "There is nothing to bring in. Choose rows under “Please check”, or bring another file."
            )
            return self._preview(request, stored, waiting, sentence)
        except kept.Gone:  # while this post waited, another one undid it all
            return redirect(self._address(""))
        return redirect(self._address("_step"), stored.pk)

    def _unanswered(self, request: HttpRequest, stored, waiting: Kept, step: str) -> HttpResponse:
        """Saving before a question that must be answered: the step that asks, with what is missing beside it."""
        empty = request.POST.copy()
        form = FORMS[step](empty, self.plan, waiting)
        form.is_valid()
        return self._show(request, stored, waiting, step, form)

    def _saved(self, request: HttpRequest, stored) -> HttpResponse:
        own = self.plan.own(request.user)
        has_rejected = kept.has_rejected(stored.pk)
        context = {
            "stored": stored,
            "count": self.plan.count(stored.number),
            "left": own.came_from(stored).count(),
            "rejected_number": len(saving.rejected_rows(stored.pk)[1]) if has_rejected else 0,
            "undo_until": stored.saved_at + clock.hours(settings.UNDO_HOURS),
            "rejected_until": stored.saved_at + clock.hours(settings.IMPORT_KEPT_HOURS),
        }
        return self._page(request, "importing/saved.html", context)

    # --- Afterwards

    def undo(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        """Asks first: what goes, and what was changed since and stays unless it is to go, too."""
        stored = self._found(request, import_id)
        if not self.own(request).saved().filter(pk=stored.pk).exists():
            raise Http404
        if request.method not in GET_OR_POST:
            return HttpResponseNotAllowed(GET_OR_POST)
        came = self.plan.own(request.user).came_from(stored)
        untouched = self.plan.own(request.user).came_from(stored, untouched_only=True).count()
        changed = came.count() - untouched
        if request.method == "POST":
            number = self.plan.undo(
                stored, changed_too=bool(request.POST.get("changed_too")), by=request.user
            )
            told = ngettext("%(number)d entry is gone.", "%(number)d entries are gone.", number) % {
                "number": number
            }
            messages.success(request, f"{_('Undone.')} {told}")
            return redirect(self.plan.back[0])
        context = {"stored": stored, "untouched": self.plan.count(untouched), "changed": changed}
        return self._page(request, "importing/undo.html", context)

    def rejected(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        """The rows that were not taken, as they stood in the file, each with its line and the reason."""
        stored = self._found(request, import_id)
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        wanted = request.GET.get("format", "csv")
        if wanted not in FORMATS:
            raise NotUnderstood([_("A download is “csv” or “xlsx”.")])
        if not self.own(request).with_rejected_rows().filter(pk=stored.pk).exists():
            raise Http404
        try:
            headings, rows = saving.rejected_rows(stored.pk)
        except kept.Gone as error:
            raise Http404 from error
        return FORMATS[wanted](f"{self.plan.kind}-not-imported.{wanted}", headings, rows)
