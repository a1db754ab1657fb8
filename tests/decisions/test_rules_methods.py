"""Forms of ballots and their marks: one writing, exact limits, and a sentence for whatever does not fit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov.decisions.rules.methods import (
    DECIDERS,
    BallotForm,
    DecidingCount,
    Method,
    ReasonAsked,
    parse_marks,
    read_form,
    why_not_form,
    why_not_marks,
    why_not_reason,
    write_form,
    write_marks,
)

MARKS = st.dictionaries(st.integers(1, 30), st.integers(0, 30), max_size=30)
FORMS = st.builds(
    BallotForm,
    method=st.sampled_from(Method),
    decider=st.sampled_from([None, *DecidingCount]),
    seats=st.integers(1, 9),
    budget=st.integers(0, 10**9),
    most=st.integers(0, 30),
    top=st.integers(1, 20),
    ties=st.booleans(),
    blank=st.booleans(),
    blocked_above=st.fractions(0, 1, max_denominator=100),
    reason=st.sampled_from(ReasonAsked),
    prompt=st.text(max_size=20),
)


def code(refusal):
    return refusal and refusal.code


@given(MARKS)
def test_marks_have_one_writing(marks):
    assert parse_marks(write_marks(marks)) == marks


@given(st.text(alphabet="0123:  -+a\n", max_size=14))
def test_what_is_read_is_written_the_same_way(text):
    try:
        marks = parse_marks(text)
    except ValueError:
        assert code(why_not_marks(BallotForm(Method.SCORE, blank=True), 30, text)) == "marks_unreadable"
    else:
        assert write_marks(marks) == text


@pytest.mark.parametrize("text", ["1", "1:", "0:1", "1:01", "01:1", "2:1 1:1", "1:1 1:2", "1:1  2:1", " 1:1", "１:1"])
def test_a_second_writing_of_marks_is_none(text):
    with pytest.raises(ValueError, match=r"marks|positions"):
        parse_marks(text)


@given(FORMS)
def test_a_form_has_one_writing_and_the_old_one_is_empty(form):
    assert read_form(write_form(form)) == form
    assert (write_form(form) == "") is (form == BallotForm())


@pytest.mark.parametrize("text", ['{"method":"single"}', '{ "seats":2}', '{"seats":2,"other":1}', "[]", "{}", "null"])
def test_a_second_writing_of_a_form_is_none(text):
    with pytest.raises(ValueError, match="form"):
        read_form(text)


@given(FORMS, st.integers(2, 30), st.text(alphabet="0123456789: ", max_size=20) | MARKS.map(write_marks))
def test_whatever_is_refused_has_a_sentence_and_the_rest_is_within_the_form(form, options, text):
    refusal = why_not_marks(form, options, text)
    if refusal is not None:
        assert str(refusal.message)
        assert "{" not in str(refusal.message)
        assert refusal.status == 422
        return
    marks = parse_marks(text)
    assert set(marks) <= set(range(1, options + 1))
    assert marks or form.blank
    if form.method in (Method.SINGLE, Method.CONSENT):
        assert list(marks.values()) in ([], [1])
    if form.method in (Method.RANKED, Method.STV):
        assert sorted(set(marks.values())) == list(range(1, len(set(marks.values())) + 1))
        assert form.ties or len(set(marks.values())) == len(marks)


RANKED = BallotForm(Method.RANKED, DecidingCount.SCHULZE)


@pytest.mark.parametrize(
    ("form", "text", "refused"),
    [
        (BallotForm(), "2:1", None),
        (BallotForm(), "", "option_unknown"),
        (BallotForm(), "5:1", "option_unknown"),
        (BallotForm(), "1:1 2:1", "too_many_marked"),
        (BallotForm(), "1:2", "marks_unreadable"),
        (BallotForm(Method.APPROVAL, most=2), "1:1 4:1", None),
        (BallotForm(Method.APPROVAL, most=2), "1:1 2:1 4:1", "too_many_marked"),
        (BallotForm(Method.APPROVAL, blank=True), "", None),
        (BallotForm(Method.SCORE), "1:0 2:5", None),
        (BallotForm(Method.SCORE), "1:6", "score_too_high"),
        (RANKED, "1:3 2:1 4:2", None),
        (RANKED, "1:1 2:1", "rank_twice"),
        (RANKED, "1:1 2:3", "rank_missing"),
        (RANKED, "1:2", "rank_missing"),
        (RANKED, "1:0", "rank_missing"),
        (replace(RANKED, ties=True), "1:1 2:1 3:2", None),
        (replace(RANKED, ties=True), "1:1 2:1 3:3", "rank_missing"),
        (replace(RANKED, most=1), "1:1 2:2", "too_many_marked"),
    ],
)
def test_marks_are_kept_to_the_form(form, text, refused):
    assert code(why_not_marks(form, 4, text)) == refused


BUDGET = BallotForm(Method.BUDGET, DecidingCount.EQUAL_SHARES, budget=500)


@pytest.mark.parametrize(
    ("form", "costs", "refused"),
    [
        (BallotForm(), (0, 0), None),
        (BallotForm(decider=DecidingCount.IRV), (0, 0), "decider_missing"),
        (BallotForm(seats=2), (0, 0, 0), "seats_do_not_fit"),
        (BallotForm(), (0, 100), "budget_does_not_fit"),
        (BallotForm(Method.RANKED), (0, 0), "decider_missing"),
        (BallotForm(Method.RANKED, DecidingCount.PAV), (0, 0), "decider_missing"),
        (RANKED, (0, 0), None),
        (BallotForm(Method.STV, seats=2), (0, 0, 0), None),
        (BallotForm(Method.STV, seats=3), (0, 0, 0), "seats_do_not_fit"),
        (BallotForm(Method.APPROVAL, most=4), (0, 0, 0), "most_does_not_fit"),
        (BallotForm(Method.SCORE, top=21), (0, 0), "scale_does_not_fit"),
        (BallotForm(Method.APPROVAL, top=9), (0, 0), "scale_does_not_fit"),
        (BUDGET, (300, 300), None),
        (BUDGET, (300, 200), "budget_enough"),
        (BUDGET, (300, 0), "cost_missing"),
        (replace(BUDGET, budget=0), (300, 300), "budget_missing"),
        (BallotForm(Method.CONSENT, blocked_above=Fraction(1, 10)), (0, 0), None),
        (BallotForm(blocked_above=Fraction(1, 10)), (0, 0), "blocks_do_not_fit"),
        (BallotForm(prompt="字" * 81), (0, 0), "prompt_too_long"),
    ],
)
def test_a_form_fits_its_method_and_options(form, costs, refused):
    assert code(why_not_form(form, costs, tuple(Method))) == refused


def test_the_rule_says_which_methods_may_be_used():
    refusal = why_not_form(RANKED, (0, 0), (Method.SINGLE, Method.CONSENT))
    assert code(refusal) == "method_not_allowed"
    assert refusal is not None
    assert "选一项、共识" in str(refusal.what_next)
    for method, deciders in DECIDERS.items():
        assert all(decider in DecidingCount for decider in deciders), method


@pytest.mark.parametrize(
    ("asked", "blocks", "reason", "refused"),
    [
        (ReasonAsked.NO, False, "", None),
        (ReasonAsked.NO, False, "因为", "reason_not_asked"),
        (ReasonAsked.OPTIONAL, False, "", None),
        (ReasonAsked.OPTIONAL, False, "字" * 501, "reason_too_long"),
        (ReasonAsked.REQUIRED, False, "", "reason_missing"),
        (ReasonAsked.NO, True, "", "reason_missing"),
    ],
)
def test_a_reason_is_asked_for_as_the_form_says(asked, blocks, reason, refused):
    assert code(why_not_reason(BallotForm(reason=asked), blocks, reason)) == refused
