"""The pages of professional development, as a browser meets them."""

import pytest

from accounts.tests.factories import make_mediator, signed_in
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd, typed

ADD = "/cpd/add/"


@pytest.fixture
def owner(db):
    return make_mediator()


@pytest.fixture
def client(owner):
    return signed_in(owner)


class TestSmoke:
    def test_all(self, client, owner):
        answer = client.post(ADD, typed(points="1,5", takeaways="Hm"), follow=True)
        assert "Saved: Advanced course, 3 h 30 min, 1.5 points." in answer.text, answer.context["form"].errors
        entry = make_cpd(owner, evidence=a_pdf(), provider="X", points=2)
        for path in [
            "",
            "add/",
            "deleted/",
            "export/",
            "print/",
            f"{entry.pk}/",
            f"{entry.pk}/edit/",
            f"{entry.pk}/delete/",
            f"{entry.pk}/evidence/",
            "?kind=training&q=x&sort=points",
        ]:
            assert client.get(f"/cpd/{path}").status_code == 200, path
        assert client.get("/logbook/").status_code == 200
        assert client.get("/logbook/print/").status_code == 200
        assert client.get("/").status_code == 200
        assert CpdEntry.objects.count() == 2
