"""What is of one person is kept by no cache: every page and answer for somebody signed in says so."""

from __future__ import annotations

from tests.doors.forms import FORMS
from tests.doors.house import House
from tests.doors.places import address

FILES = ("picture", "static", "design")


def test_no_answer_to_somebody_signed_in_is_kept_by_a_cache(house: House) -> None:
    faults, seen = [], 0
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.rule.startswith(("/api/", "/static/")):
            continue
        url = address(house, rule, "GET")
        for name in ("resident", "administrator"):
            answer = house.get(name, url)
            kept = answer.headers.get("Cache-Control", "")
            if answer.mimetype == "text/html" and answer.status_code != 303:
                seen += 1
                faults += [] if "no-store" in kept else [f"{url} as {name}: {answer.status_code} {kept!r}"]
            elif "public" in kept and rule.endpoint.rpartition(".")[2] not in FILES:
                faults.append(f"{url} as {name}: {kept!r}")
            answer.close()
    assert faults == []
    assert seen > 80


def test_what_is_given_out_on_asking_is_not_kept_either(house: House) -> None:
    for endpoint in ("mine.export", "people.create_token", "people.start_app", "admin.look"):
        answer = house.send_form(next(form for form in FORMS if form.endpoint == endpoint))
        assert answer.status_code == 200, endpoint
        assert "no-store" in answer.headers["Cache-Control"], endpoint
        answer.close()
    answer = house.ask("resident", "GET", "/me")
    assert "no-store" in answer.headers.get("Cache-Control", ""), "what a program reads of a person"
