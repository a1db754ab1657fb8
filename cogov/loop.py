"""The loop in two tables: what must follow what, and what falls due when.

A row of the first table runs in the transaction that recorded the event; a row of the second runs once, in a
transaction of its own, when its clock has run out. Whoever asks "and then?" finds the answer here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask, current_app
from sqlalchemy import bindparam, select

from cogov.cases import commands as cases
from cogov.cases.events import (
    CaseAccepted,
    CaseClosed,
    CaseDispatched,
    CaseFedBack,
    CaseFiled,
    CaseHandled,
    CaseInspected,
    CaseOpened,
    CaseRefused,
    CaseReopened,
    CaseReturned,
    ReworkOrdered,
)
from cogov.cases.queries import last_case_of, open_case_of
from cogov.cases.rules import CaseState, RefusalReason
from cogov.decisions import commands as decisions
from cogov.decisions.commands.closing import due_close
from cogov.decisions.commands.paper import close_read_votes
from cogov.decisions.commands.secret_box import give_up_boxes
from cogov.decisions.commands.serving import remind_voters
from cogov.decisions.events import (
    DecisionAnnulled,
    DecisionClosed,
    NoticePublished,
    ResolutionAnswered,
    ResolutionPassed,
)
from cogov.decisions.models import Resolution
from cogov.decisions.queries import alive as decisions_alive
from cogov.decisions.queries.bulletin import batches_due
from cogov.decisions.queries.course import is_annulled, resolution_of
from cogov.decisions.queries.won import solution_of
from cogov.decisions.rules.stages import AdoptAnswer, Verdict
from cogov.duties.commands import mark_handled
from cogov.duties.models import RunningClock
from cogov.duties.queries import due_clocks, ran_out_between, running
from cogov.duties.rules.purpose import Purpose
from cogov.files.commands import delete_discarded, forget_old_drafts
from cogov.files.queries import drafts_folder, pictures_folder
from cogov.front.admin import forget_tried_sheets
from cogov.ground.clock import now
from cogov.ground.db import Id, found, session
from cogov.ground.jobs import Jobs
from cogov.ground.refusals import Refused
from cogov.ground.settings import data_dir
from cogov.ground.stock import take_stock
from cogov.ground.words import say
from cogov.journal.event import Event
from cogov.journal.reading import head_number
from cogov.journal.repeating import forget_kept_answers
from cogov.journal.sealing import seal
from cogov.journal.transaction import Reaction, Recorded, after_commit, forget_handled_requests, verb
from cogov.meetings.commands import follow_title, remind_meetings, settle_meeting_words
from cogov.meetings.commands.flagging import FLAGGED as TEXTS_OF_A_MEETING
from cogov.moderation import commands as moderation
from cogov.moderation.events import RemovalAnswered, TextKept, TextOrderedDown, TextRemoved, TextWithdrawn
from cogov.moderation.models import Review
from cogov.moderation.rules import SubjectKind
from cogov.opinion import commands as opinion
from cogov.opinion.queries import closing_due, drawing_due
from cogov.opinion.rules.quoting import may_quote
from cogov.opinion.rules.stages import QuotedIn
from cogov.people.commands import close_due, forget_stale
from cogov.people.rules import CLOCK, Actor
from cogov.problems import commands as problems
from cogov.problems.events import DeliberationConcluded, ProblemReopened, ProblemTriaged
from cogov.problems.queries import latest_triage, locked
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Stage
from cogov.tasks import commands as tasks
from cogov.tasks.events import TaskCancelled, TaskOpened, TasksCompleted
from cogov.tasks.queries import open_tasks
from cogov.tell.channels import Channel
from cogov.tell.letters import write_mail
from cogov.tell.mailing import plan_mails
from cogov.tell.notices import spread_all
from cogov.tell.outbox import SENDERS, forget_done, send_due, to_send_between
from cogov.tell.robots import hear_all
from cogov.threads import commands as threads
from cogov.threads.events import ConcernAnswered, ConcernOverruled, ConcernWithdrawn, MessagePosted
from cogov.threads.models import ConcernAnswer, Message
from cogov.threads.queries import open_concerns
from cogov.threads.queries.passages import KINDS as TEXTS_OF_A_DOSSIER
from cogov.threads.rules.minority import OutcomeKind

log = structlog.get_logger()


# What follows --------------------------------------------------------------------------------------------------


def _open_case(done: Recorded) -> None:
    """A duty of a public body goes to the official loop at once; no vote stands in its way."""
    problem_id = done.problem_id or 0
    triage = latest_triage(problem_id)
    if triage is None or triage.lane not in (Lane.A, Lane.AB) or open_case_of(problem_id) is not None:
        return
    cases.open_case(CLOCK, problem_id=problem_id, body_id=triage.organization_id, duty_item_id=triage.duty_item_id)


def _deciding(done: Recorded) -> None:
    problems.note_deciding(CLOCK, done.problem_id or 0)


def _pin_up(done: Recorded) -> None:
    """The bulletin of a vote is complete in the transaction that counts it."""
    assert isinstance(done.event, DecisionClosed)
    decisions.pin_up(CLOCK, done.event.decision)


def _opened_by_answer(done: Recorded) -> None:
    """A vote that waited for answers opens with the last of them."""
    decisions.open_waiting(CLOCK, done.problem_id or 0)


def _heard_beside(done: Recorded) -> None:
    """Who disagrees with what came out is heard beside it."""
    event, problem_id = done.event, done.problem_id or 0
    if isinstance(event, DecisionClosed):
        threads.note_outcome(CLOCK, problem_id, OutcomeKind.DECISION, event.decision)
    else:
        assert isinstance(event, DeliberationConcluded)
        threads.note_outcome(CLOCK, problem_id, OutcomeKind.CONSENSUS, event.conclusion)


def _call_pledges(done: Recorded) -> None:
    """What was promised for the solution that won is asked for now."""
    assert isinstance(done.event, ResolutionPassed)
    version_id = solution_of(done.event.resolution)
    if version_id is not None:
        threads.call_pledges(CLOCK, version_id)


def _undo(done: Recorded) -> None:
    """What was annulled has no effect: its case is given back, its tasks are called off, people deliberate again."""
    event, problem_id = done.event, done.problem_id or 0
    assert isinstance(event, DecisionAnnulled)
    resolution, words = resolution_of(event.decision), str(say("依据的决定已被撤销。"))
    case = open_case_of(problem_id) if resolution is not None else None
    of_it = case is not None and resolution is not None and case.resolution_id == resolution.id
    if case is not None and of_it and case.state in cases.UNTIL_HANDLED:
        # First the case: its refusal would have a problem that is talked about already triaged anew.
        cases.refuse_case(CLOCK, case.id, reason=RefusalReason.DECLINED, words=words)
    elif resolution is None or open_tasks(problem_id) == 0:
        _called_off(done)
    if resolution is not None:
        tasks.call_off_planned(CLOCK, resolution.id, reason=words)


def _back_to_gathering(done: Recorded) -> None:
    if getattr(done.event, "verdict", None) is not Verdict.PASSED:
        problems.note_gathering(CLOCK, done.problem_id or 0)


def _act_on(done: Recorded) -> None:
    """A passed resolution opens the tasks it planned and hands a public act to its body; with neither it is done."""
    event, problem_id = done.event, done.problem_id or 0
    assert isinstance(event, ResolutionPassed)
    problems.note_acting(CLOCK, problem_id)
    opened = tasks.open_planned(CLOCK, event.resolution)
    if event.body is not None:
        cases.open_case(CLOCK, problem_id=problem_id, body_id=event.body, resolution_id=event.resolution)
    if not opened and event.body is None:
        _ask_when_done(done)


def _declined(done: Recorded) -> None:
    """A no to the resolution ends the case that was opened for it; one that was there for a duty goes on."""
    event, problem_id = done.event, done.problem_id or 0
    assert isinstance(event, ResolutionAnswered)
    case = open_case_of(problem_id)
    if case is None or event.answer is not AdoptAnswer.DECLINED or case.resolution_id != event.resolution:
        return
    resolution = found(session().get(Resolution, event.resolution))
    if case.opened_at >= resolution.at and case.state in cases.UNTIL_HANDLED:
        cases.refuse_case(CLOCK, case.id, reason=RefusalReason.DECLINED, words=resolution.reason)


def _acting(done: Recorded) -> None:
    """Opening a task ends no deliberation: while a motion, a concern or an appeal is alive, both go on."""
    problem_id = done.problem_id or 0
    if not (decisions_alive(problem_id) or open_concerns(problem_id) or running(Purpose.APPEAL, problem_id)):
        problems.note_acting(CLOCK, problem_id)


def _case_open(done: Recorded) -> None:
    problems.note_case_open(CLOCK, done.problem_id or 0)
    _held_as_the_case(done)


def _held_as_the_case(done: Recorded) -> None:
    """Where only the office acts, the one who has the case answers for the problem; else those who deliberate do."""
    problem_id = done.problem_id or 0
    case = open_case_of(problem_id)
    if case is not None and locked(problem_id).stage in (Stage.OFFICIAL, Stage.ACTING):
        problems.note_accountable(CLOCK, problem_id, case.accountable_id)


def _called_off(done: Recorded) -> None:
    """When the last task is called off with nothing done, people deliberate again; nothing waits for nobody."""
    problem_id = done.problem_id or 0
    if open_case_of(problem_id) is None and open_tasks(problem_id) == 0:
        problems.note_gathering(CLOCK, problem_id)


def _case_closed(done: Recorded) -> None:
    problems.note_case_closed(CLOCK, done.problem_id or 0)
    _ask_when_done(done)


def _case_refused(done: Recorded) -> None:
    """A refused case goes back to triage; where the residents' side is bound already, the rest of it stands."""
    problem_id = done.problem_id or 0
    problems.return_to_triage(CLOCK, problem_id)
    case = last_case_of(problem_id)
    if case is not None and is_annulled(case.resolution_id):
        _called_off(done)
    else:
        _ask_when_done(done)


def _ask_when_done(done: Recorded) -> None:
    """Ask the raisers once nothing is open any more on either side."""
    problem_id = done.problem_id or 0
    acted = locked(problem_id).stage in (Stage.OFFICIAL, Stage.ACTING)
    if acted and open_case_of(problem_id) is None and open_tasks(problem_id) == 0:
        problems.ask_raisers(CLOCK, problem_id)


def _reopen(done: Recorded) -> None:
    case = last_case_of(done.problem_id or 0)
    if case is not None and case.state is CaseState.CLOSED:
        cases.reopen_case(CLOCK, case.id)


def _reworked(done: Recorded) -> None:
    problems.note_rework(CLOCK, done.problem_id or 0)


def _settle_text(done: Recorded) -> None:
    """What was decided about a text is done where it lies."""
    event = done.event
    assert isinstance(event, TextKept | TextRemoved | TextOrderedDown | RemovalAnswered)
    if not isinstance(event, RemovalAnswered) or event.granted:
        _SETTLE[event.subject](CLOCK, event.review)


def _settle_problem(by: Actor, review_id: int) -> None:
    """Minutes call a problem as it is called now."""
    problems.settle_problem_words(by, review_id)
    review = found(session().get(Review, review_id))
    follow_title(by, review.subject_id, review_id)


def _settle_motion(by: Actor, review_id: int) -> None:
    """Tasks that were opened from a motion say what its plan says now."""
    decisions.settle_motion_words(by, review_id)
    tasks.follow_plan(by, found(session().get(Review, review_id)).subject_id)


def _taken_back(done: Recorded) -> None:
    """What its author erased is erased in the minutes too."""
    event = done.event
    assert isinstance(event, TextWithdrawn)
    if event.subject is SubjectKind.PROBLEM:
        follow_title(CLOCK, event.subject_id, None)


_SETTLE: Mapping[SubjectKind, Callable[[Actor, int], object]] = {
    **dict.fromkeys(TEXTS_OF_A_DOSSIER, threads.settle_words),
    **dict.fromkeys(TEXTS_OF_A_MEETING, settle_meeting_words),
    SubjectKind.MESSAGE: threads.settle_message,
    SubjectKind.STATEMENT: opinion.settle_statement,
    SubjectKind.PROBLEM: _settle_problem,
    SubjectKind.VOTING_MOTION: _settle_motion,
}
"""Who settles a text of which kind."""


def _quoted(done: Recorded) -> None:
    """Whoever writes a statement is told when a body quotes it, in whatever the body answers."""
    if not isinstance(done.by, Actor) or not may_quote(done.by):
        return  # most of what is said: nothing more is read for it
    event = done.event
    match event:
        case MessagePosted():
            text, where, subject = found(session().get(Message, event.message)).text, QuotedIn.MESSAGE, event.message
        case ConcernAnswered():
            answer = session().scalars(_ANSWER, {"concern": event.concern}).one()
            text, where, subject = answer.text, QuotedIn.CONCERN_ANSWER, event.concern
        case ResolutionAnswered():
            resolution = found(session().get(Resolution, event.resolution))
            text, where, subject = resolution.reason, QuotedIn.RESOLUTION_ANSWER, resolution.id
        case _:
            return
    opinion.note_quotes(done.by, done.place_id or 0, done.problem_id or 0, text, where=where, subject_id=subject)


_ANSWER = select(ConcernAnswer).where(
    ConcernAnswer.concern_id == bindparam("concern", type_=Id), ~ConcernAnswer.overrules
)


FOLLOW: Mapping[type[Event], Sequence[Reaction]] = {
    ProblemTriaged: [_open_case],
    NoticePublished: [_deciding],
    DecisionClosed: [_pin_up, _heard_beside, _back_to_gathering],
    DeliberationConcluded: [_heard_beside],
    DecisionAnnulled: [_undo],
    ResolutionPassed: [_act_on, _call_pledges],
    ResolutionAnswered: [_declined, _quoted],
    MessagePosted: [_quoted],
    ConcernAnswered: [_quoted, _opened_by_answer],
    ConcernOverruled: [_opened_by_answer],
    ConcernWithdrawn: [_opened_by_answer],
    TaskOpened: [_acting],
    TasksCompleted: [_ask_when_done],
    TaskCancelled: [_called_off],
    CaseOpened: [_case_open],
    CaseReopened: [_case_open],
    CaseAccepted: [_held_as_the_case],
    CaseFiled: [_held_as_the_case],
    CaseDispatched: [_held_as_the_case],
    CaseReturned: [_held_as_the_case],
    CaseHandled: [_held_as_the_case],
    CaseInspected: [_held_as_the_case],
    CaseFedBack: [_held_as_the_case],
    CaseClosed: [_case_closed],
    CaseRefused: [_case_refused],
    ReworkOrdered: [_reworked, _held_as_the_case],
    ProblemReopened: [_reopen],
    TextKept: [_settle_text],
    TextRemoved: [_settle_text],
    TextOrderedDown: [_settle_text],
    RemovalAnswered: [_settle_text],
    TextWithdrawn: [_taken_back],
}
"""What must happen next, in the same transaction."""


# What falls due ------------------------------------------------------------------------------------------------

DUE: Mapping[Purpose, Callable[[Actor, int], object]] = {
    Purpose.TRIAGE: problems.due_triage,
    Purpose.APPEAL: problems.due_appeal,
    Purpose.MEDIATION: problems.due_mediation,
    Purpose.CONFIRMATION: problems.due_confirmation,
    Purpose.DELIBERATION: problems.due_deliberation,
    Purpose.CONCERN: threads.due_concern,
    Purpose.DECISION_OPEN: decisions.open_decision,
    Purpose.DECISION_CLOSE: due_close,
    Purpose.RESOLUTION_ANSWER: decisions.due_answer,
    Purpose.DECISION_EFFECT: decisions.due_effect,
    Purpose.DECISION_REVIEW: decisions.due_review,
    Purpose.CLAIM: tasks.due_claim,
    Purpose.REVIEW: moderation.due_review,
    Purpose.REMOVAL_APPEAL: moderation.due_review,
    Purpose.BLOCK_APPEAL: moderation.due_block_appeal,
    Purpose.CASE: cases.due_case,
    Purpose.CALL: cases.due_call,
    Purpose.PHASE: problems.due_phase,
}
"""What happens by the clock; each command gets the id of the clock's subject and is safe to run twice."""


def fall_due(limit: int = 100) -> int:
    """Handle the clocks that have run out; return how many. One that fails is tried again and holds up no other."""
    handled, after = 0, None
    while due := due_clocks(now(), limit, after):
        for clock in due:
            after = (clock.due_at, clock.id)
            session().expire_all()
            handled += _tried(clock.id, clock.problem_id)
    return handled


def _tried(clock_id: int, problem_id: int | None) -> int:
    try:
        return _handle(clock_id, problem_id)
    except Refused as error:
        log.warning("due_refused", clock=clock_id, code=error.refusal.code)
    except Exception:
        log.exception("due_failed", clock=clock_id)
    return 0


@verb
def _handle(clock_id: int, problem_id: int | None) -> int:
    if problem_id is not None:
        # The problem first, as every verb does: two locks taken in two orders would wait for each other.
        locked(problem_id)
    clock: RunningClock | None = mark_handled(clock_id)
    if clock is None:
        return 0
    DUE[clock.purpose](CLOCK, clock.subject_id)
    return 1


# What is done in the background --------------------------------------------------------------------------------

KEPT_TOKENS = timedelta(days=30)
KEPT_ANSWERS = timedelta(days=1)
KEPT_SENDINGS = timedelta(days=90)
KEPT_SHEETS = timedelta(days=1)


def work_once() -> int:
    """Do all that is due now: clocks that ran out, people to tell, once a day the seal and what serves nothing more."""
    done = 0
    while handled := fall_due():
        done += handled
    done += (
        close_due()
        + give_up_boxes()
        + close_read_votes()
        + remind_voters()
        + remind_meetings()
        + opinion.close_conversations()
        + _pin_batches()
        + spread_all()
        + hear_all()
    )
    forget_old_drafts(drafts_folder(data_dir(current_app)))
    done += delete_discarded(pictures_folder(data_dir(current_app)))
    _once_a_day()
    return done + _go_outside() + opinion.draw_charts()


def _pin_batches() -> int:
    """Pin up every full batch of ten of the votes that run; one that fails is tried again and holds up no other."""
    pinned = 0
    for decision_id in batches_due():
        try:
            decisions.pin_up(CLOCK, decision_id)
        except Exception:
            log.exception("not_pinned", decision=decision_id)
        else:
            pinned += 1
    return pinned


SENDERS[Channel.MAIL] = write_mail


def _go_outside() -> int:
    """Send what is due to people and robots, last of all: what is slow or fails there holds up nothing here."""
    done = 0
    for step in (plan_mails, send_due):
        try:
            done += step()
        except Exception:
            log.exception("not_sent", step=step.__name__)
    return done


def _once_a_day() -> None:
    mark = data_dir(current_app) / "daily"
    today = now().date().isoformat()
    if mark.is_file() and mark.read_text(encoding="utf-8") == today:
        return
    seal(seals_file())
    forget_stale(CLOCK, sign_in_days=int(current_app.config["SIGN_IN_DAYS"]))
    forget_handled_requests(now() - KEPT_TOKENS)
    forget_kept_answers(now() - KEPT_ANSWERS)
    forget_done(now() - KEPT_SENDINGS)
    forget_tried_sheets(now() - KEPT_SHEETS)
    take_stock()
    mark.write_text(today, encoding="utf-8")


WAITING: Sequence[Callable[[datetime, datetime], bool]] = (
    ran_out_between,
    to_send_between,
    closing_due,
    drawing_due,
)
"""What may fall due without anything being written: each says whether something did after one moment, up to another."""


OVERLAP = timedelta(seconds=5)
"""How far looks reach back: a row that is due at once is seen only when its transaction has ended."""


class News:
    """Whether something came since it was last asked: an entry, or a moment at which something falls due.

    What failed is no news: it waits for the minute's sweep, so that nothing is tried again every two seconds.
    """

    def __init__(self) -> None:
        self._head = -1
        self._at = now()

    def __call__(self) -> bool:
        """Look, and remember how far; the first look finds whatever was there before."""
        head, at = head_number(), now()
        came = head != self._head or any(due(self._at - OVERLAP, at) for due in WAITING)
        self._head, self._at = head, at
        return came


def seals_file() -> Path:
    """Return the file of published seals, outside the database."""
    return data_dir(current_app) / "checkpoints.jsonl"


def queue_of(app: Flask) -> Jobs:
    """Return the background queue of an application; after every commit it is asked to look again soon."""
    jobs = Jobs(app, work_once, News())
    after_commit(jobs.soon)
    return jobs


def run_background(app: Flask) -> Callable[[], None]:
    """Start the background work inside this process and return what stops it."""
    return queue_of(app).start()
