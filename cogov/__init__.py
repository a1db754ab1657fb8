"""cogov (共治): a neighbourhood governs itself together with its government.

The whole assembly stands on this page: which rooms there are, what follows what, what the frame shows.
"""

from __future__ import annotations

from collections.abc import Mapping

from cogov.ground import loading  # isort: skip - before everything that it makes quick

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from cogov import loop
from cogov.announcements import queries as announcements
from cogov.announcements.api import doors as announcements_doors
from cogov.announcements.views import bp as announcements_pages
from cogov.cases import queries as cases
from cogov.cases.api import doors as cases_doors
from cogov.cases.queries.titles import called as cases_called
from cogov.cases.views import bp as cases_pages
from cogov.decisions import queries as decisions
from cogov.decisions.api import doors as decisions_doors
from cogov.decisions.commands.leaving import forget_person as leave_decisions
from cogov.decisions.queries.titles import called as motions_called
from cogov.decisions.views import bp as decisions_pages
from cogov.duties import queries as duties
from cogov.duties.api import doors as duties_doors
from cogov.files import queries as files
from cogov.files.api import doors as files_doors
from cogov.files.views import bp as files_pages
from cogov.front.admin import bp as admin_pages
from cogov.front.admin.api import doors as register_doors
from cogov.front.api import doors as journal_doors
from cogov.front.design import bp as design_pages
from cogov.front.desks import bp as desks_pages
from cogov.front.export import copies_from
from cogov.front.frame import fill_frame
from cogov.front.guides import bp as guides_pages
from cogov.front.mine import bp as mine_pages
from cogov.front.moderation import bp as moderation_pages
from cogov.front.moderation import doors as moderation_doors
from cogov.front.search import watch_texts
from cogov.front.views import bp as front_pages
from cogov.front.ways import fill_ways
from cogov.ground import paths, settings
from cogov.ground.api import init_api, keep_answers_with
from cogov.ground.application import Application, Languages
from cogov.ground.db import init_db
from cogov.ground.health import bp as health_pages
from cogov.ground.logs import init_logs
from cogov.ground.migrating import init_migrations
from cogov.ground.pages import chosen_locale, init_pages
from cogov.ground.refusals import Refusal
from cogov.ground.sockets import init_sockets
from cogov.ground.weights import init_weights
from cogov.journal import transaction
from cogov.journal.door import init_door
from cogov.journal.kept import init_kept
from cogov.journal.reading import details_from
from cogov.journal.repeating import answered_once, is_answered
from cogov.meetings import queries as meetings
from cogov.meetings.api import doors as meetings_doors
from cogov.meetings.commands.leaving import forget_person as leave_meetings
from cogov.meetings.queries.outcomes import outcomes_called
from cogov.meetings.rules.kinds import FollowUp
from cogov.meetings.views import bp as meetings_pages
from cogov.moderation import queries as moderation
from cogov.moderation.commands import forget_person as leave_moderation
from cogov.opinion import queries as opinion
from cogov.opinion.api import doors as opinion_doors
from cogov.opinion.commands.leaving import forget_person as leave_opinion
from cogov.opinion.queries.reading import count_concerns
from cogov.opinion.views import bp as opinion_pages
from cogov.people import queries as people
from cogov.people.api import doors as people_doors
from cogov.people.commands import erase_with, mail_codes_with
from cogov.people.queries import ask_second_factor, offer_places, tell_homes
from cogov.people.views import init_people
from cogov.places import queries as places
from cogov.places.api import doors as places_doors
from cogov.places.commands import settle_before_moving
from cogov.places.commands.leaving import forget_person as leave_places
from cogov.problems import queries as problems
from cogov.problems.api import doors as problems_doors
from cogov.problems.commands.leaving import forget_person as leave_problems
from cogov.problems.rules.acts import concern_open, motion_alive
from cogov.problems.rules.wanted import Mark
from cogov.problems.views import bp as problems_pages
from cogov.robots import queries as robots
from cogov.tasks import queries as tasks
from cogov.tasks.api import doors as tasks_doors
from cogov.tasks.queries.titles import called as tasks_called
from cogov.tasks.views import bp as tasks_pages
from cogov.tell import choices as told
from cogov.tell.api import doors as tell_doors
from cogov.tell.code_mail import mail_code
from cogov.tell.leaving import forget_person as leave_news
from cogov.tell.live.watched import HANDLERS
from cogov.tell.views import bp as tell_pages
from cogov.tell.views import calendar_pages, fill_bell, mail_pages
from cogov.threads import queries as threads
from cogov.threads.api import doors as threads_doors
from cogov.threads.commands.leaving import forget_person as leave_threads
from cogov.threads.views import bp as threads_pages

__version__ = "0.1.0"

PAGES = (
    health_pages,
    files_pages,
    problems_pages,
    threads_pages,
    opinion_pages,
    announcements_pages,
    meetings_pages,
    decisions_pages,
    tasks_pages,
    cases_pages,
    tell_pages,
    mail_pages,
    calendar_pages,
    front_pages,
    mine_pages,
    guides_pages,
    admin_pages,
    design_pages,
    desks_pages,
    moderation_pages,
)
COPIES = {
    "people": people.export_for,
    "places": places.export_for,
    "files": files.export_for,
    "duties": duties.export_for,
    "robots": robots.export_for,
    "moderation": moderation.export_for,
    "problems": problems.export_for,
    "threads": threads.export_for,
    "opinion": opinion.export_for,
    "announcements": announcements.export_for,
    "meetings": meetings.export_for,
    "decisions": decisions.export_for,
    "tasks": tasks.export_for,
    "cases": cases.export_for,
    "tell": told.export_for,
}
"""What each room gives of itself when somebody asks for everything that is kept about them."""
LEAVING = {
    "places": leave_places,
    "problems": leave_problems,
    "moderation": leave_moderation,
    "threads": leave_threads,
    "meetings": leave_meetings,
    "opinion": leave_opinion,
    "decisions": leave_decisions,
    "tell": leave_news,
}
"""How each room forgets a person whose account is closed."""
DOORS = (
    people_doors,
    places_doors,
    duties_doors,
    files_doors,
    problems_doors,
    threads_doors,
    opinion_doors,
    moderation_doors,
    decisions_doors,
    tasks_doors,
    cases_doors,
    journal_doors,
    announcements_doors,
    meetings_doors,
    tell_doors,
    register_doors,
)
"""The doors for programs, in the order of the loop: what one needs to know first, then step by step."""
ROOMS = {
    "people": people,
    "duties": duties,
    "robots": robots,
    "moderation": moderation,
    "problems": problems,
    "threads": threads,
    "opinion": opinion,
    "announcements": announcements,
    "meetings": meetings,
    "decisions": decisions,
    "tasks": tasks,
    "cases": cases,
}

loading.over()


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """Return the application with its rooms, for serving, the command line and tests."""
    app = Application("cogov", template_folder=str(paths.templates()))
    settings.load(app, overrides)
    app.config["DEMO"] = False
    init_db(app)
    Languages(app, locale_selector=chosen_locale)
    init_migrations(app)
    init_pages(app)
    init_weights(app)
    init_kept(app)
    init_logs(app)
    init_people(app)
    offer_places(places.community_choices, places.place_names)
    tell_homes(places.homes_of)
    count_concerns(threads.open_concerns)
    mail_codes_with(mail_code)
    ask_second_factor(places.second_factor_asked)
    copies_from(COPIES)
    announcements.meetings_from(meetings.meeting_called_by)
    outcomes_called({FollowUp.TASK: tasks_called, FollowUp.VOTE: motions_called, FollowUp.CASE: cases_called})
    for pages in PAGES:
        app.register_blueprint(pages)
    init_api(app, DOORS)
    keep_answers_with(answered_once, is_answered)
    init_door(app)
    init_sockets(app, HANDLERS)
    for name, room in ROOMS.items():
        details_from(name, room.details)
    watch_texts()
    fill_frame()
    fill_bell()
    fill_ways()
    transaction.follow(loop.FOLLOW)
    problems.mark_with(Mark.HANDS, tasks.lacking_hands)
    erase_with(LEAVING, (tasks.claim_in_hand,))
    settle_before_moving((tasks.claim_in_hand,))
    for gate in (_concern_open, _motion_alive):
        problems.forbid_conclusion(gate)
    if proxies := int(app.config["PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies, proxies)  # type: ignore[method-assign]
    return app


def _concern_open(problem_id: int) -> Refusal | None:
    return concern_open() if threads.open_concerns(problem_id) else None


def _motion_alive(problem_id: int) -> Refusal | None:
    return motion_alive() if decisions.alive(problem_id) else None
