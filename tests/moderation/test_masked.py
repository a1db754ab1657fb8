"""What identifies somebody is masked wherever residents publish words; what duty needs to come to the door stays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cogov.decisions.commands import move_motion
from cogov.decisions.models import MotionOption, PlannedTask
from cogov.decisions.queries import masked_in
from cogov.decisions.rules.motions import TaskPlan, options_of
from cogov.ground.db import session
from cogov.moderation.rules import Mask, listed, marks_in, mask, masked_words
from cogov.people.rules import CLOCK
from cogov.problems.commands import appeal_triage, ask_raisers, confirm_problem, raise_problem, triage_problem
from cogov.problems.models import Problem
from cogov.problems.rules.acts import publishable
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.stages import ConfirmationAnswer
from cogov.tasks.commands import claim_task, hand_in_task, open_task
from cogov.tasks.models import HandIn
from tests.cast import Cast
from tests.programs import Program

LEAK = "2单元602漏水，找13812345678，身份证11010519491231002X，车沪B12345堵着门"
SHOWN = "2单元602漏水，找【已遮住电话】，身份证【已遮住证件号】，车【已遮住车牌】堵着门"
NUMBERS = (Mask.IDENTITY, Mask.PHONE, Mask.PLATE)


def test_where_somebody_has_to_come_the_door_stays() -> None:
    assert publishable(LEAK) == SHOWN
    assert publishable(SHOWN) == SHOWN
    assert mask(LEAK).text == SHOWN.replace("602", "【已遮住门牌】")


def test_authors_are_told_of_what_stands_masked_and_of_nothing_else() -> None:
    assert marks_in("路灯坏了，602漏水") == ()
    assert marks_in("打【已遮住电话】", SHOWN) == NUMBERS
    assert masked_words(()) is None
    assert str(listed((Mask.PHONE,))) == "电话"
    assert "证件号、" in str(masked_words(NUMBERS))


def raised(cast: Cast, text: str = LEAK, **told: Any) -> str:
    place: dict[str, Any] = {"community_id": cast.community_id, "grid_id": cast.grid_ids[0]}
    return raise_problem(cast.resident, text=text, **place, **told).number


def kept(number: str) -> Problem:
    return session().scalars(select(Problem).where(Problem.number == number)).one()


def test_a_problem_is_public_without_numbers_and_still_says_which_door(cast: Cast) -> None:
    problem = kept(raised(cast, title="沪B12345堵了602的门", spot="3号楼2单元602，打 138-1234-5678"))
    assert problem.text == SHOWN
    assert problem.title == "【已遮住车牌】堵了602的门"
    assert problem.spot == "3号楼2单元602，打 【已遮住电话】"


def test_a_title_made_of_the_words_is_masked_as_they_are(cast: Cast) -> None:
    assert kept(raised(cast, "打13812345678没人接。门禁坏了三天。")).title == "打【已遮住电话】没人接"


def test_what_raisers_say_later_is_masked_too(cast: Cast) -> None:
    number = raised(cast)
    triage_problem(cast.moderator, number, lane=Lane.X, reason=ReasonCode.CHANNEL, channel="法院", words="已立案")
    assert appeal_triage(cast.resident, number, words=LEAK).words == SHOWN
    other = raised(cast, "楼道堆满了纸箱，出门要侧着走")
    triage_problem(cast.moderator, other, lane=Lane.B, reason=ReasonCode.COMMONS, words="大家商量")
    ask_raisers(CLOCK, kept(other).id)
    said = confirm_problem(cast.resident, other, answer=ConfirmationAnswer.NOT_FIXED, words=LEAK)
    assert said.words == SHOWN


def test_a_motion_is_put_without_numbers_and_doors(cast: Cast, number: str) -> None:
    motion = move_motion(
        cast.owner,
        number,
        question="要不要请13812345678来修",
        text=LEAK,
        options=options_of("请沪B12345的车主挪车。", "不请。"),
        rule=RuleCode.R5,
        tasks=(TaskPlan("看2单元602", "问13812345678", 1, 7),),
    )
    assert (motion.question, motion.text) == ("要不要请【已遮住电话】来修", mask(LEAK).text)
    follows = session().scalars(select(MotionOption.consequence).where(MotionOption.motion_id == motion.id)).all()
    assert "请【已遮住车牌】的车主挪车。" in follows
    task = session().scalars(select(PlannedTask)).one()
    assert (task.title, task.text) == ("看2单元【已遮住门牌】", "问【已遮住电话】")
    assert masked_in(motion) == tuple(Mask)


def test_the_number_under_which_an_organization_is_reached_stays(cast: Cast, number: str) -> None:
    held = next(held for held in cast.moderator.standings if held.organization_id)
    asked = "同意请沪B12345来修吗？有事打13812345678"
    motion = move_motion(
        cast.moderator.under(held), number, question=asked, options=options_of("请。", "不请。"), rule=RuleCode.R5
    )
    assert motion.question == "同意请【已遮住车牌】来修吗？有事打13812345678"


def claimed(cast: Cast, number: str) -> int:
    return claim_task(cast.owner, open_task(cast.moderator, number, title="装夜灯", slots=1, days=7).id).id


def test_what_was_done_is_handed_in_without_numbers_and_doors(cast: Cast, number: str) -> None:
    assert hand_in_task(cast.owner, claimed(cast, number), words=LEAK, minutes=9).words == mask(LEAK).text


def test_the_page_says_before_and_after_what_is_masked(client_of: Any, cast: Cast) -> None:
    client = client_of("resident")
    told = {"text": LEAK, "where": f"g{cast.grid_ids[0]}", "asked": "1"}
    client.get("/problems/new")
    assert "公开前会遮住您写的证件号、电话、车牌" in client.post("/problems/new/hints", told).text
    sent = client.post("/problems/new", told)
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "遮住了里面的证件号、电话、车牌。" in page
    assert "13812345678" not in page


def test_programs_are_told_what_was_masked(program: Program, cast: Cast, number: str) -> None:
    place = {"place": "990101001001", "grid": cast.grid_ids[0]}
    status, shown = program("resident", "POST", "/problems", {"text": LEAK, **place})
    assert (status, shown["masked"], shown["text"]) == (201, ["identity", "phone", "plate"], SHOWN)
    moved = {
        "question": "要不要打13812345678",
        "rule": "R5",
        "agree": "打。",
        "disagree": "不打。",
        "abstain": "都行。",
    }
    status, shown = program("owner", "POST", f"/problems/{number}/motions", moved)
    assert (status, shown["masked"]) == (201, ["phone"])
    status, shown = program(
        "owner",
        "POST",
        f"/claims/{claimed(cast, number)}/hand-in",
        {"words": "602装好了灯，打13812345678", "minutes": 5},
    )
    assert (status, shown["masked"]) == (200, ["phone"])
    assert session().scalars(select(HandIn.words)).one() == "602装好了灯，打【已遮住电话】"
