"""Bad input at every address: never a fault of the server, never a long wait. `make doors` sends twenty thousand."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator

import pytest
from werkzeug.exceptions import BadRequest
from werkzeug.routing import BuildError

from cogov.ground.api import PREFIX
from tests.cast import HERE
from tests.doors.corpus import Bad, as_options, asked, many
from tests.doors.house import House, Kept
from tests.doors.places import address, built

COUNT = int(os.environ.get("DOORS", "600"))
SEED = int(os.environ.get("DOORS_SEED", "20261122"))
SLOWEST = 3.0
READERS = ("resident", "administrator", "moderator", "official", None)


def _doors(house: House) -> list[tuple[str, str]]:
    return sorted(
        (method, _url(house, rule.endpoint, method))
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        # A sign-out or a changed password would end the device that goes on sending.
        if rule.endpoint not in ("people.sign_out", "people.revoke_others", "static")
    )


def _url(house: House, endpoint: str, method: str) -> str:
    rule = next(each for each in house.app.url_map.iter_rules(endpoint) if method in (each.methods or set()))
    try:
        return address(house, rule, method)
    except BuildError:
        # An address for programs alone; what it is about need not be there.
        numbers = {"number": house.world.numbers["gathering"], "code": HERE}
        return built(house, rule, {name: numbers.get(name, 1) for name in rule.arguments}, method)


def _send(house: House, name: str | None, method: str, url: str, bad: Bad) -> Iterator[str]:
    told = f"{method} {url[:80]} as {name}, {bad.what}"
    client = house.client(name)
    options = as_options(bad, house.keys[name].token if name else "")
    if url.startswith(PREFIX) and name and "Authorization" not in options["headers"]:
        options["headers"]["Authorization"] = f"Bearer {house.tokens[name]}"
    # The time of this thread: a busy machine is no fault of the page.
    begun = time.thread_time()
    try:
        answer = client.open(asked(url, bad), method=method, **options)
    except BadRequest:
        return  # what no server lets through to the application at all
    except Exception as error:
        yield f"{told}: {type(error).__name__}: {str(error)[:160]}"
        return
    took = time.thread_time() - begun
    if answer.status_code >= 500:
        yield f"{told}: {answer.status_code}"
    if took > SLOWEST:
        yield f"{told}: {took:.1f} s"
    if answer.status_code >= 400 and not answer.data and method != "HEAD":
        yield f"{told}: {answer.status_code} without a word"
    answer.close()


@pytest.mark.timeout(max(120, COUNT // 10))
def test_no_bad_input_is_a_fault_of_ours_or_takes_long(house: House, kept: Kept) -> None:
    faults: list[str] = []
    dice, sent, begun = random.Random(SEED), 0, time.perf_counter()
    doors = _doors(house)
    dice.shuffle(doors)
    for method, url, bad in many(dice, doors, COUNT):
        faults += _send(house, dice.choice(READERS), method, url, bad)
        kept.put_back()
        sent += 1
        if COUNT > 2000 and sent % 1000 == 0:
            said = f"{sent} of {COUNT} sent in {time.perf_counter() - begun:.0f} s, {len(faults)} faults"
            sys.stderr.write(said + "\n")
    assert sent == COUNT
    assert not faults, "\n".join(faults)


def test_a_fault_would_be_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(house.app.view_functions, "front.home", fails)
    assert list(_send(house, None, "GET", "/", Bad("planted"))) != []
