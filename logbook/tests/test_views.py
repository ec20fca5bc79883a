"""The pages of the Logbook, as a browser meets them."""

import html
import re
import time
import uuid
from datetime import date
from threading import Event

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from accounts.models import FormKey
from accounts.tests.factories import PASSWORD, make_mediator, signed_in
from accounts.tests.threads import at_once
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry, typed
from logbook.tests.reading import count_line, csv_rows, plain, table_of, titles_of

ADD = "/logbook/add/"


@pytest.fixture
def owner(db):
    return make_mediator()


@pytest.fixture
def client(owner):
    return signed_in(owner)


def words(response) -> str:
    return plain(response.text.partition("<main")[2])


def value_of(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page)[1])


class TestList:
    def test_an_empty_logbook_says_how_to_start(self, client):
        page = client.get("/logbook/").text
        assert "Start with your last mediation" in page
        assert "<table" not in page

    def test_filters_that_match_nothing_say_so(self, client, owner):
        make_entry(owner)
        page = client.get("/logbook/?role=observer").text
        assert "Nothing matches these filters." in page
        assert count_line(page) == "0 mediations"
        assert "Start with your last mediation" not in page

    def test_a_row_says_what_the_heading_promises(self, client, owner):
        entry = make_entry(
            owner, title="Roof <b> & rain", country="NZ", role="co", medium="face_to_face", minutes=95
        )
        page = client.get("/logbook/").text
        row = ["4 March 2026", "Roof <b> & rain", "Co-mediator", "Face to face", "New Zealand", "1 h 35 min"]
        assert table_of(page) == [row]
        assert f'href="/logbook/{entry.pk}/"' in page
        assert f'href="/logbook/{entry.pk}/edit/"' in page

    def test_it_leads_to_all_that_one_does_with_a_logbook_and_with_cpd(self, client, owner):
        make_entry(owner)
        main = client.get("/logbook/").text.partition("<main")[2].partition("</main>")[0]
        links = set(re.findall(r'href="(/[^"]*)"', main))
        of_a_row = {link for link in links if re.search(r"[0-9a-f-]{36}", link)}
        assert links - of_a_row == {
            *(ADD, f"{ADD}?like=last", "/logbook/print/?", "/logbook/deleted/", "/logbook/import/"),
            *("/logbook/", "/cpd/add/", "/cpd/", "/cpd/import/"),  # the first clears the filters
        }
        assert re.findall(r'<form class="export-panel" method="get" action="([^"]*)"', main) == [
            "/logbook/export/"
        ]

    def test_bars_and_their_tables_say_the_same(self, client, owner):
        make_entry(owner, minutes=90, ended_on=date(2025, 5, 5))
        make_entry(owner, minutes=30, role="co")
        make_entry(owner, minutes=999, role="observer", setting="simulated", ended_on=date(2019, 1, 1))
        page = client.get("/logbook/").text
        described = re.findall(r"<desc>(.*?)</desc>", page)
        assert described == [
            "Lead mediator: 1 h 30 min; Co-mediator: 30 min",
            "2026: 30 min; 2025: 1 h 30 min",
        ]
        tables = [plain(one) for one in re.findall(r"<table aria-label.*?</table>", page, re.S)]
        assert tables == [
            "Role Hours Lead mediator 1 h 30 min Co-mediator 30 min",
            "Year Hours 2026 30 min 2025 1 h 30 min",
        ]

    def test_simulated_and_preparation_stand_apart(self, client, owner):
        make_entry(owner, minutes=90, preparation_minutes=20)
        make_entry(owner, minutes=60, setting="simulated")
        page = client.get("/logbook/").text
        assert count_line(page) == "1 mediation, 1 h 30 min (1.50 h)"
        assert "Preparation: 20 min." in plain(page)
        assert "1 simulated mediation, 1 h, not counted above." in plain(page)
        assert len(table_of(page)) == 2

    def test_deleted_entries_are_in_nothing(self, client, owner):
        make_entry(owner, title="Kept")
        before = [
            client.get(f"/logbook/?{query}").text for query in ("", "q=matter", "year=2019", "country=JP")
        ]
        make_entry(
            owner, title="Gone matter", ended_on=date(2019, 1, 1), country="JP", minutes=777, role="other",
            preparation_minutes=77, deleted=True,
        )  # fmt: skip
        make_entry(owner, title="Gone play", setting="simulated", deleted=True)
        after = [
            client.get(f"/logbook/?{query}").text for query in ("", "q=matter", "year=2019", "country=JP")
        ]
        assert list(map(without_keys, after)) == list(map(without_keys, before))
        assert [row["Reference"] for row in csv_rows(client.get("/logbook/export/"))] == ["Kept"]

    def test_head_is_served(self, client, owner):
        make_entry(owner)
        for name in ("", "add/", "deleted/", "export/", "print/"):
            answer = client.head(f"/logbook/{name}")
            assert (answer.status_code, answer.content if not answer.streaming else b"") == (200, b""), name


def without_keys(page: str) -> str:
    """A page without what is new each time it is made."""
    return re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page)


class TestAdd:
    def test_five_fields_make_an_entry(self, client, owner):
        answer = client.post(ADD, typed(hours="3,5"), follow=True)
        entry = LogbookEntry.objects.get()
        assert answer.redirect_chain == [(f"/logbook/{entry.pk}/", 302)]
        assert "Saved: Roof and rain, 3 h 30 min." in words(answer)
        assert (entry.owner, entry.minutes, entry.folded.strip()) == (owner, 210, "roof and rain")

    def test_the_first_form_offers_today_and_nothing_else(self, client, owner):
        page = client.get(ADD).text
        from logbook_site.foundation.clock import local_today

        assert value_of(page, "ended_on") == local_today().isoformat()
        assert "checked" not in page.replace("hours_checked", "")
        assert '<details class="fold card">' in page

    def test_what_was_used_last_is_offered(self, client, owner):
        make_entry(
            owner, role="co", medium="hybrid", country="NZ", language="fr", title="Old one", minutes=77
        )
        make_entry(role="observer", medium="online", country="FR")
        page = client.get(ADD).text
        assert re.search(r'name="role" value="co"[^>]*checked', page)
        assert re.search(r'name="medium" value="hybrid"[^>]*checked', page)
        assert re.search(r'value="NZ" selected', page)
        assert re.search(r'value="fr" selected', page)
        assert "Old one" not in page

    def test_another_like_this_copies_all_but_the_day_and_what_was_learned(self, client, owner):
        entry = make_entry(
            owner, title="Series", role="co", medium="hybrid", country="NZ", minutes=95, preparation_minutes=30,
            subject="Noise", parties=4, did_well="Canary song", started_on=date(2026, 3, 1),
        )  # fmt: skip
        page = client.get(f"{ADD}?like={entry.pk}").text
        fields = ["title", "hours", "preparation_hours", "subject", "parties"]
        assert [value_of(page, name) for name in fields] == ["Series", "1:35", "0:30", "Noise", "4"]
        assert "Canary" not in page
        assert "2026-03-01" not in page
        assert "2026-03-04" not in page

    @pytest.mark.parametrize(
        "like", ["", "x", "\0", "' OR 1=1", "{stranger}", "{deleted}", "{unknown}", "9" * 300]
    )
    def test_like_something_that_is_not_there(self, client, owner, like: str):
        ids = {
            "stranger": make_entry(title="Foreign", subject="Canary").pk,
            "deleted": make_entry(owner, title="Gone", subject="Canary", deleted=True).pk,
            "unknown": uuid.uuid4(),
        }
        answer = client.get(ADD, {"like": like.format(**ids)})
        assert answer.status_code == 200
        assert not {"Foreign", "Gone", "Canary"} & set(re.findall(r"\w+", answer.text))

    def test_a_refused_form_is_shown_again_with_what_was_typed(self, client):
        answer = client.post(ADD, typed(hours="1,500", did_well="Do not lose me", subject="Nor <me>"))
        assert answer.status_code == 200
        assert "Is it 1.5 hours or 1500 hours?" in words(answer)
        assert 'href="#id_hours"' in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert (value_of(answer.text, "hours"), value_of(answer.text, "title")) == ("1,500", "Roof and rain")
        assert "Do not lose me" in answer.text
        assert value_of(answer.text, "subject") == "Nor <me>"
        assert '<details class="fold card" open>' in answer.text
        assert not LogbookEntry.objects.exists()

    def test_an_empty_post_names_the_five_fields(self, client):
        page = client.post(ADD, {})
        assert page.status_code == 200
        assert "aria-invalid" in page.text
        for sentence in (
            "Enter the day",
            "Choose your role.",
            "Choose how you met.",
            "Enter a reference",
            "how long",
        ):
            assert sentence in words(page)

    def test_a_question_is_asked_once_and_answered_by_the_next_post(self, client):
        asked = client.post(ADD, typed(hours="30"))
        assert asked.status_code == 200
        assert "30 h is more than 24 hours for each day. Is that right?" in words(asked)
        assert not LogbookEntry.objects.exists()
        hidden = dict(
            re.findall(r'<input type="hidden" name="(hours_checked|duplicate_ok)" value="(1)">', asked.text)
        )
        assert hidden == {"hours_checked": "1"}
        assert client.post(ADD, typed(hours="30") | hidden).status_code == 302
        assert LogbookEntry.objects.get().minutes == 1800

    def test_a_possible_duplicate_is_shown(self, client, owner):
        make_entry(owner, title="Roof and rain")
        make_entry(title="Roof and rain", minutes=66)
        asked = client.post(ADD, typed())
        assert "You have an entry of that day with the same reference." in words(asked)
        assert "Roof and rain , 4 March 2026, 3 h" in words(asked)
        assert "1 h 6 min" not in asked.text
        assert client.post(ADD, typed(duplicate_ok="1")).status_code == 302
        assert LogbookEntry.objects.filter(owner=owner).count() == 2

    def test_more_than_a_form_can_hold_is_a_413(self, client):
        assert client.post(ADD, typed(did_well="x" * 1_100_000)).status_code == 413
        assert client.post(ADD, typed(**{f"x{number}": "" for number in range(1000)})).status_code == 413

    def test_bytes_that_are_no_text_are_no_error(self, client):
        body = b"title=\xff\xfe\xed\xa0\x80&hours=\xff&ended_on=\x00&role=%00&medium=%ff&parties=%ff&did_well=%ed%a0%80"
        answer = client.post(ADD, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
        assert not LogbookEntry.objects.exists()


class TestTheSameFormTwice:
    def test_a_double_click_saves_once(self, client):
        answers = [client.post(ADD, typed(form_key="one", title=title)) for title in ("First", "Second")]
        entry = LogbookEntry.objects.get()
        assert [answer.url for answer in answers] == [f"/logbook/{entry.pk}/"] * 2
        assert entry.title == "First"

    def test_a_question_does_not_use_the_key_up(self, client):
        assert client.post(ADD, typed(form_key="one", hours="30")).status_code == 200
        assert client.post(ADD, typed(form_key="one", hours="30", hours_checked="1")).status_code == 302
        assert LogbookEntry.objects.count() == 1

    def test_a_second_delete_and_restore_have_the_first_answer(self, client, owner):
        entry = make_entry(owner)
        for name, url in [("delete", "/logbook/"), ("restore", f"/logbook/{entry.pk}/")]:
            for _time in range(2):
                answer = client.post(f"/logbook/{entry.pk}/{name}/", {"form_key": f"k-{name}"})
                assert (answer.status_code, answer.url) == (302, url)
        assert LogbookEntry.objects.live().get() == entry


@pytest.mark.django_db(transaction=True)
def test_eight_posts_at_once_make_one_entry_and_have_one_answer() -> None:
    owner = make_mediator()
    cookies = signed_in(owner).cookies

    def press(number: int):
        browser = Client()
        browser.cookies = cookies
        return browser.post(ADD, typed(form_key="one", title=f"Window {number}"))

    answers = at_once(*[lambda number=number: press(number) for number in range(8)])
    entry = LogbookEntry.objects.get()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/logbook/{entry.pk}/")] * 8


def test_what_was_saved_elsewhere_is_not_written_over_unseen(client: Client, owner) -> None:
    """The page was open on the phone; at the desk, learnings were written and saved."""
    entry = make_entry(owner, title="Roof")
    edit = f"/logbook/{entry.pk}/edit/"
    opened = re.search(r'name="opened_at" value="(.*?)"', client.get(edit).text)[1]
    assert client.post(edit, typed(title="Roof", learnings="Long", opened_at=opened)).status_code == 302
    older = typed(title="Roof and rain", opened_at=opened)
    asked = client.post(edit, older)
    assert asked.status_code == 409
    for words in ("saved elsewhere since you opened it", 'value="Roof and rain"', 'href="../"', opened):
        assert words in asked.text
    entry.refresh_from_db()
    assert (entry.title, entry.learnings) == ("Roof", "Long")
    answer = {"overwrite_ok": re.search(r'name="overwrite_ok" value="(.*?)"', asked.text)[1]}
    third = typed(title="Roof", learnings="Longer", opened_at=answer["overwrite_ok"])
    assert client.post(edit, third).status_code == 302
    again = client.post(edit, older | answer)  # the answer was about the second version
    assert again.status_code == 409
    answer = {"overwrite_ok": re.search(r'name="overwrite_ok" value="(.*?)"', again.text)[1]}
    assert client.post(edit, older | answer).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.learnings) == ("Roof and rain", "")


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_goes_for_good_while_it_is_saved_is_not_there() -> None:
    """Its import is undone in another tab."""
    owner = make_mediator()
    entry, client, is_going = make_entry(owner), signed_in(owner), Event()
    edit = f"/logbook/{entry.pk}/edit/"

    @transaction.atomic
    def erase() -> None:
        LogbookEntry.objects.all().delete()
        is_going.set()
        time.sleep(0.4)  # what is posted meanwhile waits

    def post() -> int:
        is_going.wait(timeout=20)
        return client.post(edit, typed(title="Window")).status_code

    client.get(edit)  # what the first page loads takes longer than that moment
    assert at_once(erase, post) == [None, 404]


class TestAnEndedSession:
    @pytest.mark.parametrize("name", ["add", "edit", "delete", "restore"])
    def test_a_post_goes_to_the_login_and_changes_nothing(self, client, owner, name: str):
        entry = make_entry(owner, title="As it was", did_well="Kept")
        before = list(LogbookEntry.objects.values())
        address = ADD if name == "add" else f"/logbook/{entry.pk}/{name}/"
        Session.objects.all().delete()
        answer = client.post(address, typed(form_key="one", did_well="Typed for long"))
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={address}")
        assert list(LogbookEntry.objects.values()) == before
        assert not FormKey.objects.exists()

    def test_after_the_login_the_same_form_is_saved(self, db):
        owner = make_mediator(password=PASSWORD)
        client = signed_in(owner)
        Session.objects.all().delete()
        sent = client.post(ADD, typed(form_key="one"))
        back = client.post(sent.url, {"login": owner.email, "password": PASSWORD, "next": ADD})
        assert back.url == ADD
        assert client.get(ADD).status_code == 200
        assert client.post(ADD, typed(form_key="one")).status_code == 302
        assert LogbookEntry.objects.get().owner == owner


class TestEntry:
    def test_shows_everything_in_words(self, client, owner):
        entry = make_entry(
            owner, title="<Roof>", started_on=date(2026, 3, 1), minutes=95, preparation_minutes=30, role="co",
            medium="hybrid", subject="Noise", country="NZ", language="fr", parties=3, outcome="partly",
            provider="Harbour", setting="simulated", paid="pro_bono", full_scale="yes", did_well="<i>One</i>",
            challenges="Two", learnings="Three",
        )  # fmt: skip
        shown = words(client.get(f"/logbook/{entry.pk}/"))
        for part in [
            "<Roof>", "Start 1 March 2026", "End 4 March 2026", "Hours 1 h 35 min", "Preparation 30 min",
            "Role Co-mediator", "Medium Hybrid", "Subject Noise", "Country New Zealand", "Language French",
            "Parties 3", "Outcome Partly settled", "Provider Harbour", "Real or simulated Simulated",
            "Paid or pro bono Pro bono", "All phases Yes", "What I did well <i>One</i>",
            "What I found challenging Two", "What I will try next time Three",
        ]:  # fmt: skip
            assert part in shown

    def test_leaves_out_what_is_empty(self, client, owner):
        shown = words(client.get(f"/logbook/{make_entry(owner).pk}/"))
        assert "Nothing yet. A sentence is enough." in shown
        for label in ("Start", "Preparation", "Subject", "Country", "Parties", "Outcome"):
            assert f"{label} " not in shown

    @pytest.mark.parametrize("address", ["not-a-uuid", "1", "00000000", "%00", "../add", "é" * 36, "0" * 32])
    def test_what_is_no_id_is_unknown(self, client, address: str):
        for tail in ("", "edit/", "delete/", "restore/"):
            assert client.get(f"/logbook/{address}/{tail}").status_code == 404
            assert client.post(f"/logbook/{address}/{tail}").status_code == 404


class TestEdit:
    def test_changes_and_says_so(self, client, owner):
        entry = make_entry(owner, title="Before", did_well="Old", country="NZ")
        answer = client.post(f"/logbook/{entry.pk}/edit/", typed(title="After", did_well="New"), follow=True)
        assert "Saved: After, 3 h 30 min." in words(answer)
        entry = LogbookEntry.objects.get()
        assert (entry.title, entry.did_well, entry.folded.strip(), entry.owner) == (
            "After",
            "New",
            "after",
            owner,
        )

    def test_a_form_sent_back_as_it_came_changes_nothing(self, client, owner):
        entry = make_entry(
            owner, started_on=date(2026, 3, 1), minutes=95, preparation_minutes=30, country="NZ", language="fr",
            parties=3, outcome="partly", setting="simulated", paid="paid", full_scale="no", did_well="One\n\nTwo",
        )  # fmt: skip
        form = client.get(f"/logbook/{entry.pk}/edit/").context["form"]
        sent = {
            name: form[name].value() or ""
            for name in form.fields
            if name not in {"hours_checked", "duplicate_ok"}
        }
        sent |= {"hours": "1:35", "preparation_hours": "0:30", "did_well": "One\r\n\r\nTwo"}
        before = LogbookEntry.objects.values().get()
        assert client.post(f"/logbook/{entry.pk}/edit/", sent).status_code == 302
        after = LogbookEntry.objects.get()
        changing = {"changed_at", "did_well_sealed"}  # sealed anew
        for name in before.keys() - changing:
            assert getattr(after, name) == before[name], name
        assert after.did_well == "One\n\nTwo"

    def test_a_refused_change_is_not_stored(self, client, owner):
        entry = make_entry(owner, title="Before", did_well="Old")
        answer = client.post(f"/logbook/{entry.pk}/edit/", typed(title="After", did_well="New", hours="soon"))
        assert answer.status_code == 200
        assert "After" in answer.text
        entry.refresh_from_db()
        assert (entry.title, entry.did_well) == ("Before", "Old")

    def test_a_deleted_entry_is_gone_until_it_is_back(self, client, owner):
        entry = make_entry(owner, deleted=True)
        for name in ("", "edit/", "delete/"):
            assert client.get(f"/logbook/{entry.pk}/{name}").status_code == 404
            assert client.post(f"/logbook/{entry.pk}/{name}", typed()).status_code == 404


class TestDeleteAndRestore:
    def test_asks_first(self, client, owner):
        entry = make_entry(owner, title="Roof")
        asked = words(client.get(f"/logbook/{entry.pk}/delete/"))
        assert "Roof , 4 March 2026, 3 h" in asked
        assert "For 30 days you can bring it back" in asked
        assert LogbookEntry.objects.live().exists()

    def test_delete_and_undo(self, client, owner):
        entry = make_entry(owner, title="Roof", did_well="We paused.")
        gone = client.post(f"/logbook/{entry.pk}/delete/", follow=True)
        assert gone.redirect_chain == [("/logbook/", 302)]
        assert "Deleted. You can bring it back" in words(gone)
        assert titles_of(gone.text) == []
        assert "Roof 4 March 2026, 3 h" in words(client.get("/logbook/deleted/"))
        back = client.post(f"/logbook/{entry.pk}/restore/", follow=True)
        assert back.redirect_chain == [(f"/logbook/{entry.pk}/", 302)]
        assert "Back in your logbook: Roof." in words(back)
        assert "We paused." in back.text
        assert titles_of(client.get("/logbook/").text) == ["Roof"]
        assert "Nothing was deleted." in words(client.get("/logbook/deleted/"))

    def test_restoring_a_live_one_is_harmless(self, client, owner):
        entry = make_entry(owner)
        assert client.post(f"/logbook/{entry.pk}/restore/").status_code == 302
        assert LogbookEntry.objects.live().get() == entry

    def test_a_look_does_not_delete_or_restore(self, client, owner):
        live, gone = make_entry(owner), make_entry(owner, deleted=True)
        for method in (client.get, client.head):
            assert method(f"/logbook/{live.pk}/delete/").status_code == 200
            assert method(f"/logbook/{gone.pk}/restore/").status_code == 405
        assert set(LogbookEntry.objects.live()) == {live}

    @pytest.mark.parametrize(
        ("hours", "words_of"), [(720, "30 days"), (24, "1 day"), (36, "1 day"), (6, "6 h"), (0.1, "6 min")]
    )
    def test_the_time_to_undo_is_that_of_the_setting(self, client, owner, settings, hours, words_of):
        settings.UNDO_HOURS = hours
        entry = make_entry(owner)
        assert f"For {words_of} you can" in words(client.get(f"/logbook/{entry.pk}/delete/"))
        assert f"They stay here for {words_of}, then" in words(client.get("/logbook/deleted/"))

    def test_when_the_time_is_over_it_is_unknown(self, client, owner, settings):
        from logbook.tasks import forget_deleted_entries

        entry = make_entry(owner, deleted=True)
        settings.CLOCK_OFFSET_HOURS = settings.UNDO_HOURS - 1
        forget_deleted_entries()
        client = signed_in(owner)
        assert client.post(f"/logbook/{entry.pk}/restore/").status_code == 302
        client.post(f"/logbook/{entry.pk}/delete/")
        settings.CLOCK_OFFSET_HOURS += settings.UNDO_HOURS + 1
        forget_deleted_entries()
        assert signed_in(owner).post(f"/logbook/{entry.pk}/restore/").status_code == 404
