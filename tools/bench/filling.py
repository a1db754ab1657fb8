"""A community with years behind it: problems with their raisers, seconds, messages, clocks, entries and search tokens.

Everything is put straight into tables, in the shape commands leave behind: counters agree with rows, everything open
has a clock and somebody to answer for it, and the journal is chained. `cogov check` and `journal verify` say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import time_machine
from sqlalchemy import select, text, update

from cogov.cases.rules import CaseState
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.front.search import astray
from cogov.ground.clock import now
from cogov.ground.db import Model, db, session
from cogov.ground.search import SearchText, text_id, tokens
from cogov.ground.stock import take_stock
from cogov.journal.chain import GENESIS, link
from cogov.journal.event import Code, Event, canonical, commit_to
from cogov.journal.models import JournalEntry, JournalHead
from cogov.journal.sealing import seal
from cogov.journal.transaction import transaction
from cogov.loop import seals_file
from cogov.places.models import Residence
from cogov.problems.events import ProblemEnded, ProblemRaised, ProblemSeconded
from cogov.problems.models import DossierName, NumberCounter, Problem, Raiser, Second, Triage
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Ending, Official, Stage, TriageState
from cogov.threads.events import MessagePosted
from cogov.threads.models import Message
from cogov.threads.rules.messages import MessageKind
from tests.cases.scene import Walk, a_case, a_problem
from tools.stand.town import Row, Town, go_on_counting, next_id, put
from tools.stand.votes import deliberated

LATEST = timedelta(days=1)
YEARS = timedelta(days=1000)
ENDED_WITHIN = timedelta(days=41)
DUE_IN = timedelta(days=60)
"""What is open is not late: the background work has nothing to do while pages are measured."""

PART = 2_000
CASES = 40
SALT = "0" * 32

WHERE = ("东门", "西门", "三号楼楼道", "地下车库", "中心花园", "六号楼天台", "快递柜旁", "健身角", "北围墙", "垃圾房")
WHAT = (
    "路灯不亮",
    "飞线充电",
    "井盖松动",
    "堆放杂物",
    "漏水",
    "电梯异响",
    "违停",
    "噪声扰民",
    "绿化枯死",
    "消防门锁闭",
)
SINCE = ("已经一个多月", "从上周开始", "每到下雨天", "晚上九点以后", "反复了三次", "修过又坏")
WISH = (
    "希望有人来看看。",
    "请尽快处理。",
    "大家一起想个办法。",
    "老人孩子不安全。",
    "物业说要等。",
    "愿意一起出钱。",
)
SAID = ("我家也遇到了", "昨天去看过", "可以先拍照留证", "建议开个短会", "去年修过一次", "我认识会修的师傅")


def sentence(index: int) -> tuple[str, str]:
    """Return the title and the text of a problem, varied so that words are as common as they are in life."""
    where, what = WHERE[index % 10], WHAT[index // 10 % 10]
    since, wish = SINCE[index // 100 % 6], WISH[index // 600 % 6]
    return f"{where}{what}", f"{where}{what}，{since}，编号牌 {index % 997}。{wish}"


@dataclass
class Long:
    """Threads that are long, by how many messages they have."""

    numbers: dict[int, str] = field(default_factory=dict)


@dataclass
class Journal:
    """The end of the chain, to which entries are linked as commands would."""

    number: int
    hash: str
    rows: list[Row] = field(default_factory=list)

    def add(self, event: Event, actor_id: int | None, problem: Row, subject: tuple[str, int], at: datetime) -> None:
        """Link an entry to the chain; people were told of it long ago."""
        self.number += 1
        row: Row = {
            "number": self.number,
            "kind": type(event).__name__,
            "actor_id": actor_id,
            "organization_id": None,
            "place_id": problem["community_id"],
            "problem_id": problem["id"],
            "subject_kind": subject[0],
            "subject_id": subject[1],
            "facts": canonical(event.facts()),
            "at": at,
        }
        # What is linked is read by name; to make a hundred thousand problems' entries of models takes minutes.
        self.hash = link(self.hash, cast("JournalEntry", SimpleNamespace(**row)))
        self.rows.append({**row, "hash": self.hash, "told_at": at})


class Filling:
    """Problems on their way into the tables of a town."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.tables: dict[type[Model], list[Row]] = defaultdict(list)
        head = session().scalars(select(JournalHead)).one_or_none()
        self.journal = Journal(head.number, head.hash) if head else Journal(0, GENESIS)
        self.units = dict(session().execute(select(Residence.person_id, Residence.unit_id)).all())
        self.message_id, self.second_id = next_id(Message.id), next_id(Second.id)
        self.proposal = session().scalars(select(Triage.proposal).limit(1)).one()
        self.began = now() - YEARS

    def problem(self, problem_id: int, number: str, index: int, share: float) -> None:
        """Add one problem with all that hangs on it; ``share`` says how far on in the years it was raised."""
        at = self.began + share * (YEARS - LATEST)
        cast, persons = self.town.cast, self.town.persons
        people = [persons[(index * 7 + step) % len(persons)] for step in (0, 1, 2)]
        title, words = sentence(index)
        row: Row = {
            "id": problem_id,
            "number": number,
            "community_id": cast.community_id,
            "grid_id": cast.grid_ids[index % 2],
            "title": title,
            "text": words,
            "spot": "",
            "salt": SALT,
            "raiser_id": people[0],
            "raised_at": at,
            "changed_at": at,
            "names_person": False,
            "emergency": False,
            "hidden": False,
            "official": Official.NONE,
            "ending_words": "",
            "accountable_id": cast.organizations["committee"],
            "seconds": 2,
            "households": 3,
            "round": 1,
            "rework": 0,
            "matter_id": cast.matters["C103"] if index % 10 == 1 else None,
            **_standing(index, at),
        }
        self.tables[Problem].append(row)
        here = {"problem_id": problem_id}
        self.tables[Raiser].append(
            {**here, "person_id": people[0], "unit_id": self.units[people[0]], "since": row["raised_at"]}
        )
        raised = ProblemRaised(Code(number), row["grid_id"], False, commit_to(SALT, title, words))
        self.journal.add(raised, people[0], row, ("problem", problem_id), at)
        self._seconds(row, people[1:], at)
        self._names(problem_id, people)
        for step, person_id in enumerate(people[1:], start=1):
            self.message(row, person_id, f"{SAID[(index + step) % 6]}，{title}的事。", at + step * timedelta(minutes=7))
        self._state(row, at)

    def _seconds(self, row: Row, people: Sequence[int], at: datetime) -> None:
        for person_id in people:
            where = {"problem_id": row["id"], "person_id": person_id, "unit_id": self.units[person_id]}
            self.tables[Second].append({"id": self.second_id, **where, "at": at})
            self.journal.add(ProblemSeconded(self.second_id), person_id, row, ("problem", row["id"]), at)
            self.second_id += 1

    def _names(self, problem_id: int, people: Sequence[int]) -> None:
        self.tables[DossierName] += [
            {"problem_id": problem_id, "person_id": person_id, "ordinal": ordinal}
            for ordinal, person_id in enumerate(people, start=1)
        ]

    def message(self, row: Row, person_id: int, words: str, at: datetime) -> None:
        """Add a message to a problem's thread."""
        said = {"kind": MessageKind.REASON, "text": words, "salt": SALT, "at": at}
        self.tables[Message].append({"id": self.message_id, "problem_id": row["id"], "person_id": person_id, **said})
        posted = MessagePosted(self.message_id, None, MessageKind.REASON, commit_to(SALT, words))
        self.journal.add(posted, person_id, row, ("message", self.message_id), at)
        self.message_id += 1

    def _state(self, row: Row, at: datetime) -> None:
        """Give what is open its clock and what is raised its proposal; say of what has ended how it did."""
        if row["stage"] is Stage.ENDED:
            ended = ProblemEnded(row["ending"], None)
            self.journal.add(ended, None, row, ("problem", row["id"]), row["ended_at"])
            return
        raised = row["stage"] is Stage.RAISED
        self.tables[RunningClock].append(
            {
                "purpose": Purpose.TRIAGE if raised else Purpose.DELIBERATION,
                "subject_id": row["id"],
                "place_id": row["community_id"],
                "problem_id": row["id"],
                "organization_id": row["accountable_id"],
                "basis": "",
                "started_at": at,
                "due_at": now() + DUE_IN,
            }
        )
        if raised:
            proposed = {"turn": 1, "state": TriageState.PROPOSED, "proposed_lane": Lane.B, "proposal": self.proposal}
            empty = {"rule": "", "channel": "", "words": "", "salt": SALT, "changed": False, "after_refusal": False}
            self.tables[Triage].append({"problem_id": row["id"], **proposed, "proposed_at": at, **empty})

    def put(self) -> None:
        """Put what was gathered into the tables, those that are pointed at first."""
        for model in (Problem, Raiser, Second, DossierName, Triage, RunningClock, Message):
            put(model, self.tables.pop(model, []))
        put(JournalEntry, self.journal.rows)
        self.journal.rows.clear()

    def close(self) -> None:
        """Let the chain and the sequences go on from here."""
        self.put()
        session().execute(update(JournalHead).values(number=self.journal.number, hash=self.journal.hash))
        go_on_counting(Problem, Second, Message)


def _standing(index: int, at: datetime) -> Row:
    """Return how far a problem is: most are over, some are talked about, some wait for triage."""
    open_: Row = {"ending": None, "ended_at": None}
    if index % 20 < 2:
        return {"stage": Stage.RAISED, "lane": None, **open_}
    if index % 20 < 5:
        return {"stage": Stage.GATHERING, "lane": Lane.B, **open_}
    ending = Ending.FIXED if index % 20 < 17 else Ending.UNCONFIRMED
    return {"stage": Stage.ENDED, "lane": Lane.B, "ending": ending, "ended_at": at + timedelta(days=10 + index % 30)}


def fill(town: Town, problems: int, threads: Sequence[int], tick: Callable[[int], None]) -> Long:
    """Fill a town's tables, in the context of its application; ``tick`` hears how many problems were put in."""
    long = Long()
    _cases(town)
    for messages in threads:
        long.numbers[messages] = deliberated(town.cast, f"{messages} 条发言的一件事")
    with transaction():
        filling = Filling(town)
        counter = select(NumberCounter.year, NumberCounter.last).where(NumberCounter.series == "problem")
        year, last = session().execute(counter.order_by(NumberCounter.year.desc())).first() or (now().year, 0)
        first = next_id(Problem.id)
        for index in range(problems):
            number = f"{year}-{last + index + 1:04d}"
            filling.problem(first + index, number, index, index / problems)
            if index % PART == PART - 1:
                filling.put()
                _seal(filling.began + (index / problems) * (YEARS - LATEST))
                tick(PART)
        session().execute(
            update(NumberCounter)
            .where(NumberCounter.series == "problem", NumberCounter.year == year)
            .values(last=last + problems)
        )
        for messages, number in long.numbers.items():
            _talk(filling, number, messages)
        filling.close()
    _make_found()
    _seal(now())
    take_stock()
    if db.engine.dialect.name == "postgresql":
        # As autovacuum does in its own time.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return long


def _seal(at: datetime) -> None:
    """Seal what was put in, as the background does each day; what was raised by then has ended some weeks later."""
    with time_machine.travel(min(at + ENDED_WITHIN, now()), tick=False):
        seal(seals_file())


def _cases(town: Town) -> None:
    """Lay cases on the desks, by the commands of those who work there."""
    walk = Walk(town.cast)
    problems = [a_problem(town.cast, f"2025-{index:04d}", title=sentence(index)[0]) for index in range(1, CASES + 1)]
    with transaction():
        session().add(NumberCounter(series="problem", year=2025, last=CASES))
        for index, problem in enumerate(problems):
            case = a_case(town.cast, problem)
            for step in (walk.verify, walk.accept, walk.file, walk.dispatch):
                step(case.id)
            if index % 2:
                walk.acknowledge(case.id)
            assert case.state in (CaseState.DISPATCHED, CaseState.HANDLING)


def _talk(filling: Filling, number: str, messages: int) -> None:
    problem = session().scalars(select(Problem).where(Problem.number == number)).one()
    row = {"id": problem.id, "community_id": problem.community_id}
    persons = filling.town.persons
    speakers = persons[: min(len(persons), 200)]
    filling.tables[DossierName] += [
        {"problem_id": problem.id, "person_id": person_id, "ordinal": ordinal}
        for ordinal, person_id in enumerate(speakers, start=2)
    ]
    for index in range(messages):
        at = now() - LATEST + index * timedelta(seconds=5)
        filling.message(row, speakers[index % len(speakers)], f"{SAID[index % 6]}，第 {index} 条。", at)


def _make_found() -> None:
    """Make every text found by what it says."""
    with transaction():
        for part in _parts(astray()):
            put(SearchText, part)


def _parts(texts: Iterator[tuple[str, int, int | None, str]]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for kind, subject_id, problem_id, words in list(texts):
        row = {"kind": kind, "subject_id": subject_id, "problem_id": problem_id, "tokens": tokens(words)}
        part.append({"id": text_id(kind, subject_id), **row})
        if len(part) == PART:
            yield part
            part = []
    yield part
