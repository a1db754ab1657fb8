"""The gate before a hand-down, and the catalogue of matters."""

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest

from cogov.duties.rules.duty import (
    Level,
    ListItem,
    ListKind,
    MatterKey,
    MatterKind,
    Means,
    missing_means,
    why_not_hand_down,
    why_not_publish,
)
from cogov.duties.rules.matters import shipped

TODAY = date(2026, 11, 21)
ITEM = ListItem(1, ListKind.BASIC, Level.COMMUNITY, date(2026, 1, 1))


def refusal(item, target=Level.COMMUNITY, admitted=True, as_lead=False):
    found = why_not_hand_down(target=target, item=item, admitted=admitted, as_lead=as_lead, today=TODAY)
    return found and found.code


@pytest.mark.parametrize("target", [Level.COMMUNITY, Level.GRID])
def test_a_hand_down_that_cites_no_item_is_refused_with_its_articles(target):
    found = why_not_hand_down(target=target, item=None, admitted=True, as_lead=True, today=TODAY)
    assert found is not None
    assert "接诉即办工作条例第17条第2款" in found.article
    assert "居民委员会工作条例第27条" in found.article


def test_a_street_may_be_asked_to_verify_without_an_item():
    assert refusal(None, target=Level.STREET) is None


@pytest.mark.parametrize("target", [Level.STREET, Level.COMMUNITY, Level.GRID])
def test_a_recalled_item_goes_to_nobody_at_or_below_the_street(target):
    assert refusal(replace(ITEM, kind=ListKind.RECALLED, level=Level.DISTRICT), target=target) == "item_recalled"


def test_a_recalled_item_goes_to_the_district():
    assert refusal(replace(ITEM, kind=ListKind.RECALLED), target=Level.DISTRICT) is None


def test_an_item_of_the_community_with_admission_is_handed_down():
    assert refusal(ITEM) is None


@pytest.mark.parametrize(
    ("item", "admitted", "as_lead", "code"),
    [
        (ITEM, False, False, "hand_down_without_admission"),
        (replace(ITEM, valid_to=date(2026, 11, 20)), True, False, "item_not_theirs"),
        (replace(ITEM, valid_from=date(2026, 11, 22)), True, False, "item_not_theirs"),
        (replace(ITEM, level=Level.STREET), True, False, "item_not_theirs"),
        (replace(ITEM, kind=ListKind.ASSIST), True, True, "assist_item_as_lead"),
    ],
)
def test_an_item_that_does_not_carry_the_order_is_refused(item, admitted, as_lead, code):
    assert refusal(item, admitted=admitted, as_lead=as_lead) == code


def test_the_last_day_of_an_item_still_counts():
    assert refusal(replace(ITEM, valid_to=TODAY)) is None


def test_a_community_may_assist_with_an_assist_item():
    assert refusal(replace(ITEM, kind=ListKind.ASSIST)) is None


def test_a_duty_without_its_means_is_not_published_unless_waived():
    item = replace(ITEM, needs=frozenset({Means.POWER, Means.FUND}), has=frozenset({Means.POWER}))
    assert missing_means(item) == (Means.FUND,)
    refused = why_not_publish(item)
    assert refused is not None
    assert refused.code == "duty_without_means"
    assert why_not_publish(item, waived=[Means.FUND]) is None


def test_a_code_alone_does_not_name_a_matter():
    cover = MatterKey("CJ/T 214", MatterKind.COMPONENT, "0101")
    shed = MatterKey("CJ/T 214", MatterKind.EVENT, "0101")
    names = {matter.key: matter.name for matter in shipped()}
    assert (names[cover], names[shed]) == ("上水井盖", "私搭乱建")


def test_keys_are_unique_and_survive_being_written():
    keys = [matter.key for matter in shipped()]
    assert len(set(keys)) == len(keys)
    assert all(MatterKey.parse(str(key)) == key for key in keys)


def test_components_are_searched_within_30_metres_and_others_within_250():
    assert {(matter.key.kind == MatterKind.COMPONENT, matter.radius_m) for matter in shipped()} == {
        (True, 30),
        (False, 250),
    }


def test_every_matter_with_a_lane_says_how_it_ends_and_on_what_it_rests():
    guided = list(chain.from_iterable([matter.guidance] if matter.guidance else [] for matter in shipped()))
    assert len(guided) >= 40
    assert all(each.basis and each.close_condition and each.rules and each.reasons for each in guided)
