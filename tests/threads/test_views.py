"""The pages of a thread: forms that keep what was typed, refusals as sentences, nothing active in what is shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cogov.ground.db import session
from cogov.people.rules import Role
from cogov.problems.queries import problem_for
from cogov.threads.commands import post_message, propose_overruling, propose_solution, raise_concern
from cogov.threads.models import Concern, Message, Solution, SolutionVersion
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.messages import MessageKind

NASTY = "<img src=x onerror=alert(1)> [点我](javascript:alert(1)) 楼道太暗"


def test_a_message_is_posted_from_the_dossier_and_stands_there(cast, number, client_of):
    client = client_of("owner")
    client.get(f"/problems/{number}?tab=discussion")
    answer = client.post(f"/problems/{number}/messages", {"kind": "reason", "text": NASTY, "once": client.once})
    assert answer.status_code == 303
    page = client.get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    assert "楼道太暗" in page
    assert "住户 2" in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_a_form_with_an_error_comes_back_with_what_was_typed(cast, number, client_of):
    client = client_of("owner")
    long = "长" * 4001
    answer = client.post(f"/problems/{number}/messages", {"kind": "reason", "text": long})
    assert answer.status_code == 422
    assert long in answer.get_data(as_text=True)
    answer = client.post(f"/problems/{number}/concerns", {"harm": "整夜闪", "remedy": ""})
    assert answer.status_code == 422
    assert "整夜闪" in answer.get_data(as_text=True)
    answer = client.post(f"/problems/{number}/solutions", {"title": "装小灯", "text": "每层一盏", "cost": "一千多"})
    assert answer.status_code == 422
    assert "一千多" in answer.get_data(as_text=True)
    assert session().scalars(select(Message)).all() == []


@pytest.mark.parametrize("kind", ["", "shouting", "REASON"])
def test_a_kind_that_does_not_exist_is_refused(cast, number, client_of, kind):
    answer = client_of("owner").post(f"/problems/{number}/messages", {"kind": kind, "text": "太暗了。"})
    assert answer.status_code == 422


def test_an_outsider_reads_and_is_told_why_they_cannot_write(cast, number, client_of):
    post_message(cast.owner, number, kind=MessageKind.REASON, text="太暗了。")
    client = client_of("outsider")
    page = client.get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    assert "太暗了。" in page
    assert "这里由本社区的居民、业主、租户和管到这里的单位发言。" in page
    answer = client.post(f"/problems/{number}/messages", {"kind": "reason", "text": "我也说一句。"})
    assert answer.status_code == 403
    assert "我也说一句。" in answer.get_data(as_text=True)


def test_who_is_signed_out_reads_and_is_sent_to_sign_in_to_write(cast, number, client_of):
    client = client_of(None)
    for tab in ("discussion", "concerns", "solutions"):
        assert client.get(f"/problems/{number}?tab={tab}").status_code == 200
    assert "/sign-in" in client.get(f"/problems/{number}/concerns").location


def test_one_speaks_for_the_organization_one_chooses_and_for_no_other(cast, number, client_of):
    client = client_of("volunteer")
    mandate = cast.volunteer.standings[0].id
    client.post(f"/problems/{number}/messages", {"kind": "reason", "text": "我们来帮忙。", "acting": str(mandate)})
    message = session().scalars(select(Message)).one()
    assert message.organization_id == cast.organizations["social"]
    foreign = next(held.id for held in cast.moderator.standings if held.role is Role.MODERATOR)
    answer = client.post(f"/problems/{number}/messages", {"kind": "reason", "text": "冒名。", "acting": str(foreign)})
    assert answer.status_code == 403


def test_replies_have_a_page_of_their_own(cast, number, client_of):
    top = post_message(cast.owner, number, kind=MessageKind.REASON, text="太暗了。").id
    client = client_of("tenant")
    assert client.get(f"/messages/{top}/replies").status_code == 200
    form = {"kind": "question", "text": "晚上几点？", "once": client.once}
    answer = client.post(f"/messages/{top}/replies", form)
    assert answer.status_code == 303
    assert "晚上几点？" in client.get(answer.location).get_data(as_text=True)
    assert client.post(f"/messages/{top}/replies", form).status_code == 409


def test_a_concern_is_raised_answered_with_a_version_and_shown(cast, number, client_of):
    client = client_of("tenant")
    client.get(f"/problems/{number}/concerns")
    client.post(f"/problems/{number}/concerns", {"harm": "整夜闪。", "remedy": "常亮。", "once": client.once})
    concern = session().scalars(select(Concern)).one()
    propose_solution(cast.owner, number, title="常亮小灯", text="每层一盏。")
    version = session().scalars(select(SolutionVersion.id)).one()
    official = client_of("moderator")
    assert "常亮小灯" in official.get(f"/concerns/{concern.id}/answer").get_data(as_text=True)
    answer = official.post(
        f"/concerns/{concern.id}/answer", {"text": "已改方案。", "version": str(version), "once": official.once}
    )
    assert answer.status_code == 303
    page = client.get(f"/problems/{number}?tab=concerns").get_data(as_text=True)
    assert "已改方案 1" in page
    assert "1/1" in page


def test_the_answer_form_takes_no_version_that_was_not_offered(cast, number, client_of):
    concern = raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。").id
    answer = client_of("moderator").post(f"/concerns/{concern}/answer", {"text": "见方案。", "version": "99"})
    assert answer.status_code == 422


def test_two_people_overrule_and_both_names_stand_there(cast, number, client_of):
    concern = raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。").id
    chair = client_of("chair")
    chair.get(f"/concerns/{concern}/overruling")
    chair.post(f"/concerns/{concern}/overruling", {"reason": "试装一周，没有人觉得闪。", "once": chair.once})
    street = client_of("street_office")
    assert "同意不采纳" in street.get(f"/problems/{number}?tab=concerns").get_data(as_text=True)
    assert street.post(f"/concerns/{concern}/overruling/agreement").status_code == 303
    page = street.get(f"/problems/{number}?tab=concerns").get_data(as_text=True)
    assert all(words in page for words in ("试装一周", "经办chair", "经办street_office", "未采纳"))


def test_acts_stand_only_before_those_who_may_do_them(cast, number, client_of):
    concern = raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。").id
    propose_overruling(cast.chair, concern, reason="没有依据。")
    shown = {
        name: client_of(name).get(f"/problems/{number}?tab=concerns").get_data(as_text=True)
        for name in ("tenant", "owner", "moderator")
    }
    for name, acts in (("tenant", ["withdrawal"]), ("owner", []), ("moderator", ["answer", "overruling/agreement"])):
        for act in ("answer", "overruling/agreement", "withdrawal"):
            assert (f"/concerns/{concern}/{act}" in shown[name]) is (act in acts), (name, act)
    assert client_of("owner").get(f"/concerns/{concern}/answer").status_code == 403
    assert client_of("owner").post(f"/concerns/{concern}/withdrawal").status_code == 403
    client_of("tenant").post(f"/concerns/{concern}/withdrawal")
    session().rollback()
    assert session().get_one(Concern, concern).state is ConcernState.WITHDRAWN


@pytest.mark.parametrize(("typed", "fen"), [("1200", 120_000), ("1,200.5", 120_050), ("１２．３４", 1_234), ("", None)])
def test_money_is_typed_in_yuan_and_kept_in_fen(cast, number, client_of, typed, fen):
    answer = client_of("owner").post(
        f"/problems/{number}/solutions", {"title": "装小灯", "text": "每层一盏", "cost": typed, "needs_permit": "y"}
    )
    assert answer.status_code == 303
    version = session().scalars(select(SolutionVersion)).one()
    assert (version.cost, version.needs_permit) == (fen, True)


def test_a_solution_is_revised_from_what_it_says_now(cast, number, client_of):
    solution = propose_solution(cast.owner, number, title="装小灯", text="每层一盏", cost=120_050).id
    client = client_of("owner")
    page = client.get(f"/solutions/{solution}/versions").get_data(as_text=True)
    assert 'value="1200.50"' in page
    data = {"title": "装小灯", "text": "每层两盏", "cost": "2400", "once": client.once}
    assert client.post(f"/solutions/{solution}/versions", data).status_code == 303
    assert "第 2 版" in client.get(f"/problems/{number}?tab=solutions").get_data(as_text=True)
    assert client_of("neighbour").post(f"/solutions/{solution}/versions", data).status_code == 403
    session().rollback()
    assert session().get_one(Solution, solution).version == 2


@pytest.mark.parametrize(
    "url", ["/messages/9/replies", "/concerns/9/answer", "/solutions/9/versions", "/messages/0/replies"]
)
def test_what_is_not_there_is_not_found(cast, client_of, url):
    assert client_of("owner").get(url).status_code == 404
    assert client_of("owner").get(url.replace("9", "9223372036854775808")).status_code == 404


def test_the_timeline_says_what_happened_in_sentences(cast, number, client_of):
    post_message(cast.owner, number, kind=MessageKind.REASON, text="太暗了。")
    raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。")
    propose_overruling(cast.chair, 1, reason="没有依据。")
    propose_solution(cast.owner, number, title="装小灯", text="每层一盏")
    page = client_of("outsider").get(f"/problems/{number}").get_data(as_text=True)
    for words in ("发言", "提出了顾虑 1", "提出不采纳顾虑 1，等第二个人同意", "提出方案 1：装小灯"):
        assert words in page
    assert problem_for(cast.owner, number).number == number
