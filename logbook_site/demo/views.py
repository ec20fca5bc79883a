"""The mailbox that shows every mail sent, and the sign-in with one click. These addresses exist in demo mode only."""

from pathlib import Path
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from logbook_site.demo.people import PEOPLE
from logbook_site.foundation.mail import read_mail, stored_mail


class Mail(NamedTuple):
    to: str
    subject: str
    sent_at: object
    text: str


def as_mail(file: Path) -> Mail:
    parsed = read_mail(file)
    return Mail(
        to=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        sent_at=parsed["Date"].datetime,
        text=parsed.get_body(("plain", "html")).get_content(),
    )


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(stored_mail(), 50).get_page(request.GET.get("page"))
    page.object_list = [as_mail(file) for file in page]  # only these are opened
    return render(request, "demo/mailbox.html", {"page": page})


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs a demo person in, without password, second factor or limits."""
    email = request.POST.get("person", "")
    if email not in {person.email for person in PEOPLE}:
        raise Http404
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        raise Http404
    get_adapter().login(request, user)
    UserSession.objects.create_from_request(request)
    return redirect("home")
