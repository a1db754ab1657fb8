"""Loading the demo into an empty database."""

from __future__ import annotations

import random
from contextlib import ExitStack
from datetime import datetime, timedelta

from flask import Flask, current_app
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select

from cogov.demo.content import content
from cogov.demo.events import DemoBegun
from cogov.demo.marking import NotEmpty, first_entry
from cogov.demo.neighbourhood import World, enter_calendar, enter_duties, enter_places, enter_roll
from cogov.demo.people import agree_to_new_texts, choose_mail, enter_people
from cogov.demo.player import play, scenes
from cogov.demo.stage import ZONE, Stage
from cogov.demo.stories import stories
from cogov.files.queries import pictures_folder
from cogov.ground.clock import at, now
from cogov.ground.db import session
from cogov.ground.settings import data_dir
from cogov.journal.models import JournalEntry
from cogov.journal.transaction import record, transaction
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK
from cogov.people.rules.passwords import hash_password
from cogov.tell.models import Notification
from cogov.tell.notices import mark_read

SEED = 278
LEAD_IN = timedelta(days=45)
UNREAD = timedelta(hours=14)
"""How long ago the cast has looked at what they were told."""


def load(app: Flask | None = None, *, end: datetime | None = None, quiet: bool = False) -> None:
    """Load the demo, which tells of the forty days up to ``end`` (now); raise NotEmpty over anything else.

    Without ``app`` the present application context is used. ``quiet`` shows no progress.
    """
    with ExitStack() as context:
        if app is not None:
            context.enter_context(app.app_context())
        if first_entry() is not None:
            raise NotEmpty
        _tell(end or now(), quiet=quiet)


def _tell(end: datetime, *, quiet: bool) -> None:
    world = _enter_world(end)
    stage = Stage(world, end, pictures_folder(data_dir(current_app)))
    in_order = scenes(stage, stories())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, disable=quiet) as progress:
        task = progress.add_task("两个社区的四十天", total=len(in_order))
        play(stage, in_order, lambda: progress.advance(task))
    _read(world, end)
    with at(end), transaction():
        agree_to_new_texts(world)
        choose_mail(world)


def _read(world: World, end: datetime) -> None:
    """Let the cast have read what they were told of until yesterday, as people do who look in every day."""
    told = select(func.max(Notification.id)).join(JournalEntry, Notification.entry_number == JournalEntry.number)
    for person_id in world.people.values():
        mine = told.where(Notification.person_id == person_id, JournalEntry.at < end - UNREAD)
        last = session().scalar(mine)
        if last is not None:
            with at(end):
                mark_read(actor_of(person_id), last)


def _enter_world(end: datetime) -> World:
    world, dice = World(), random.Random(SEED)
    password_hash = hash_password(content("cast")["password"])
    with at(end - LEAD_IN), transaction():
        record(DemoBegun(), CLOCK)
        enter_places(world)
        enter_roll(world)
        enter_duties(world)
        enter_calendar(end.astimezone(ZONE).date())
        enter_people(world, dice, password_hash)
    return world
