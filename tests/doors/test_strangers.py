"""Things of others: for whoever has no part in them they are not there, whichever address is tried."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cogov.ground.api import PREFIX
from cogov.ground.db import session
from cogov.people.models import SignIn
from cogov.people.queries import actor_of
from cogov.tell.notices import unread
from tests.cast import HERE
from tests.doors.forms import FORMS
from tests.doors.house import House, Kept, nothing_written, seen
from tests.doors.places import NOWHERE, hidden
from tests.doors.world import SECRET

STRANGERS = ("outsider", "complained_of", "foreign_moderator", "tenant", None)
PARTS = ("resident", "moderator", "street_office", "chair", "inspector")


def _doors(house: House) -> list[tuple[str, Rule, str, str]]:
    """Return every door for people to what is hidden; tests/doors/test_api.py walks those for programs."""
    return [
        (method, rule, *found)
        for rule in house.app.url_map.iter_rules()
        if not rule.rule.startswith(PREFIX)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if (found := hidden(house, rule, method))
    ]


def _try(house: House, name: str | None, method: str, rule: Rule, url: str) -> TestResponse:
    if method == "GET":
        return house.get(name, url)
    form = next(form for form in FORMS if form.endpoint == rule.endpoint)
    return house.send(name or "visitor", url, form.filled(house.world))


def _without(answer: TestResponse, url: str) -> str:
    """Return an answer without what the two addresses differ in themselves."""
    text = re.sub("本页于[^，]*生成", "", seen(answer.get_data(as_text=True))) + (answer.location or "")
    for part in sorted(re.findall(r"\d{4}-\d{4}|\d+", url), key=len, reverse=True):
        text = re.sub(rf"(?<=[/=F]){part}(?=[/?&#\"%<]|$)", "_", text)
    return text


@pytest.mark.parametrize("name", STRANGERS, ids=str)
def test_what_is_hidden_answers_as_if_it_did_not_exist(house: House, kept: Kept, name: str | None) -> None:
    faults, doors = [], _doors(house)
    assert len(doors) > 50
    for method, rule, url, nowhere in doors:
        with nothing_written(kept):
            there, nothing = (_try(house, name, method, rule, each) for each in (url, nowhere))
        if there.status_code != nothing.status_code or _without(there, url) != _without(nothing, nowhere):
            faults.append(f"{method} {url}: {there.status_code}, but {nothing.status_code} for what does not exist")
        if SECRET in there.get_data(as_text=True) or there.status_code in (200, 500):
            faults.append(f"{method} {url} tells something")
        there.close()
        nothing.close()
    assert faults == []


@pytest.mark.timeout(400)  # up to nine people at each door
def test_those_with_a_part_find_every_one_of_these_doors(house: House, kept: Kept) -> None:
    shut, broken = [], []
    for method, rule, url, _ in _doors(house):
        answers: list[int] = []
        for name in (*PARTS, "official", "called_official", "neighbour", "owner"):
            answer = _try(house, name, method, rule, url)
            answers.append(answer.status_code)
            answer.close()
            kept.put_back()
            if answers[-1] != 404 and answers[-1] < 500:
                break  # one who finds it is enough
        if max(answers) >= 500:
            broken.append(f"{method} {url}: {answers}")
        elif set(answers) <= {404}:
            shut.append(f"{method} {url}: {answers}")
    assert broken == []
    assert [each for each in shut if not LATER(each)] == []


LATER = re.compile(
    "/receipts/|/(certificate|certificate.pdf|token|box|secret-ballot|holding|objections/new|outcome):"
).search
"""What the hidden vote has not: it is named and runs, and nobody has voted in it (tests/decisions walks these)."""

PAGES = ("/", "/problems", "/tasks", "/tasks?show=verify", "/decisions", f"/places/{HERE}", "/journal")


@pytest.mark.parametrize("name", STRANGERS, ids=str)
def test_no_list_names_what_is_hidden(house: House, name: str | None) -> None:
    number = house.world.numbers["hidden"]
    pages = [f"{page}{'&' if '?' in page else '?'}place={HERE}" for page in PAGES]
    for url in [*pages, *([] if name is None else ["/notifications", "/me", "/problems?mine=1"])]:
        text = house.get(name, url).get_data(as_text=True)
        assert SECRET not in text, url
        assert number not in text, url


def test_a_thing_of_one_dossier_is_not_found_in_another(house: House) -> None:
    ids, numbers = house.world.ids, house.world.numbers
    for url in (
        f"/problems/{numbers['gathering']}/pictures/{ids['picture:hidden']}",
        f"/problems/{numbers['gathering']}/pictures/{ids['picture:talked']}",
        f"/cases/{ids['case:handled']}/pictures/{ids['case_picture:hidden']}",
        f"/cases/{ids['case:handled']}/pictures/{ids['picture:gathering']}",
        f"/claims/{ids['claim:handed_in']}/pictures/{ids['claim_picture:hidden']}",
        f"/decisions/{ids['decision:closed']}/receipts/{ids['head:voting']}",
    ):
        assert house.get("moderator", url).status_code == 404, url


def test_a_receipt_is_shown_to_its_voter_alone(house: House) -> None:
    house.send_form(next(form for form in FORMS if form.endpoint == "decisions.cast"))
    url = f"/decisions/{house.world.ids['decision:voting']}/receipts/{house.world.ids['head:owner']}"
    assert house.get("owner", url).status_code == 200
    for name in ("resident", "neighbour", "landlord", "moderator", "auditor", "administrator", "outsider"):
        assert house.get(name, url).status_code == 404, name


def _signed_in(house: House) -> int:
    with house.app.app_context():
        return session().scalar(select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None))) or 0


@pytest.mark.parametrize("name", ["outsider", "administrator", "street_office"])
def test_nobody_ends_a_sign_in_of_somebody_else(house: House, name: str) -> None:
    before = _signed_in(house)
    theirs, nobodys = (f"/me/sessions/{each}/revocation" for each in (house.world.ids["sign_in:resident"], NOWHERE))
    there, nothing = house.send(name, theirs, {}), house.send(name, nobodys, {})
    assert (there.status_code, _without(there, theirs)) == (404, _without(nothing, nobodys))
    assert house.get("resident", "/me").status_code == 200
    assert _signed_in(house) == before


def test_nobody_reads_notifications_away_that_are_of_somebody_else(house: House) -> None:
    with house.app.app_context():
        waiting = unread(actor_of(house.world.cast.resident.person_id or 0))
    assert waiting > 0
    house.send("neighbour", "/notifications/reading", {"up_to": "1000000"})
    with house.app.app_context():
        assert unread(actor_of(house.world.cast.resident.person_id or 0)) == waiting


@pytest.mark.parametrize("name", ["outsider", "complained_of", "volunteer", "foreign_moderator"])
def test_a_claim_is_handed_in_and_given_back_by_its_holder_alone(house: House, kept: Kept, name: str) -> None:
    for form in FORMS:
        if form.endpoint in ("tasks.hand_in", "tasks.give_back"):
            with nothing_written(kept):
                assert house.send_form(form, name).status_code == 403, form.name


PERSONAL = {
    "calendars.end_feed",
    "calendars.make_feed",
    "files.keep",
    "mail.choose",
    "mail.prove",
    "mail.remove",
    "mail.send_code",
    "people.ask_to_close",
    "people.keep_account",
    "people.consents",
    "people.create_token",
    "people.start_app",
    "people.start_passkey",
    "people.give",
    "people.password",
    "people.pseudonym",
    "people.revoke_others",
    "people.sign_out",
    "people.withdraw",
    "problems.following",
    "threads.mark_read",
    "mine.export",
    "tell.quieter",
    "tell.reading",
    "tell.set_choices",
}
"""What everybody may do for themselves: it is about nobody else and no place."""
ROBOTS = {"admin.robots", "admin.try_out", "admin.pause", "admin.resume", "admin.remove"}
RULES = {"decisions.confirm_rule", "decisions.decline_rule", "decisions.settle_authority", "decisions.end_authority"}
KEPT = {"decisions.write_template", "decisions.change_template", "decisions.retire_template"}
FLAGS = {"moderation.flag", "moderation.flag_statement", "moderation.flag_text"}
"""Whoever serves in a place may say that something there should perhaps not stand."""

ALSO = {
    "administrator": {"admin.end_home", "admin.grid", "admin.residence", "opinion.agree_rows"}
    | ROBOTS
    | RULES
    | KEPT
    | FLAGS,
    "auditor": FLAGS,
    # Where they live they have a vote of their own to give.
    "outsider": {"decisions.period_mandate"},
}
"""What is the work of somebody else in these tests, and theirs as well."""


@pytest.mark.parametrize("name", ["outsider", "foreign_moderator", "auditor", "administrator"])
def test_whoever_has_no_part_in_a_place_changes_nothing_there(house: House, kept: Kept, name: str) -> None:
    for form in FORMS:
        if form.endpoint in PERSONAL | ALSO.get(name, set()) or form.who in (
            name,
            "visitor",
            "waiting_sign_in",
            "waiting_sign_up",
            "waiting_recovery",
        ):
            continue
        before = house.number()
        # A picture of a form of one's own community is kept as one's own draft, however the form is answered.
        answer = house.send_form(form, name, **({"picture": ""} if form.endpoint == "problems.create" else {}))
        # Hints are read about one's own community, though they are asked for by a form.
        told = (200, 403) if form.endpoint == "problems.hints" else (403, 404, 409, 422)
        assert answer.status_code in told, (form.name, answer.status_code)
        assert house.number() == before, form.name
        assert not kept.written(), form.name


def test_an_unheld_mandate_speaks_for_nobody(house: House, kept: Kept) -> None:
    standing = str(house.world.cast.moderator.standings[0].id)
    for form in FORMS:
        if "acting" in form.fields:
            with nothing_written(kept):
                answer = house.send_form(form, "outsider", acting=standing)
            assert answer.status_code == 403, form.name
    assert house.send("outsider", "/me/acting", {"standing": standing}).status_code == 403
