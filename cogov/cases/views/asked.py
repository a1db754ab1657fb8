"""What a body is asked besides cases, as the desk shows it: a concern, or a resolution that names the body."""

from __future__ import annotations

from typing import Any

from flask import url_for

from cogov.cases.views.shown import due_shown
from cogov.decisions.forms.course import AdoptForm
from cogov.decisions.queries import resolution_for, shown_resolution
from cogov.ground.pages import dossier_url, words
from cogov.people.rules import Actor
from cogov.threads.forms.concerns import AnswerForm
from cogov.threads.queries import concern_for, dossier_of, solutions, voices
from cogov.threads.queries.concerns import shown_concerns


def concern_item(by: Actor, concern_id: int, then: str) -> dict[str, Any]:
    """Return a concern with the form that answers it."""
    concern, problem = concern_for(by, concern_id)
    dossier = dossier_of(problem)
    (shown,) = shown_concerns(by, problem.id, dossier, [concern])
    form = AnswerForm(formdata=None)
    form.speak_as(voices(by, dossier.code))
    form.offer(solutions(problem.id))
    refusal = shown.why_not_answer
    return {
        "kind": "concern",
        "concern": shown,
        "problem": problem,
        "dossier_url": dossier_url(problem.number, tab="concerns", _anchor=f"concern-{concern.number}"),
        "due": due_shown(shown.due_at),
        "form": None if refusal else form,
        "form_url": url_for("threads.answer_concern", concern_id=concern.id, then=then),
        "refusal": refusal,
        "agree_url": ""
        if shown.why_not_agree
        else url_for("threads.agree_overruling", concern_id=concern.id, then=then),
        "overrule_url": "" if shown.why_not_overrule else url_for("threads.new_overruling", concern_id=concern.id),
    }


def resolution_item(by: Actor, resolution_id: int, then: str) -> dict[str, Any]:
    """Return a resolution with the form that answers it."""
    resolution, problem = resolution_for(by, resolution_id)
    shown = shown_resolution(by, resolution)
    return {
        "kind": "resolution",
        "resolution": shown,
        "problem": problem,
        "dossier_url": dossier_url(problem.number, tab="decisions"),
        "due": due_shown(shown.due_at),
        "form": None if shown.why_not_answer else AdoptForm(formdata=None),
        "form_url": url_for("decisions.adopt", resolution_id=resolution.id, then=then),
        "refusal": shown.why_not_answer,
        "force": words(shown.force_words),
    }
