"""Talk on pages: a change to a solution, a concern that holds up a vote, a text that is taken down."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from cogov.decisions.models import Decision, Motion
from cogov.ground.db import session
from cogov.loop import fall_due
from cogov.moderation.models import Review, WritingBlock
from cogov.tell.notices import spread_all
from cogov.threads.commands import post_message, propose_solution
from cogov.threads.models import Amendment, Concern, Solution, SolutionVersion
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.decisions.conftest import Vote, clock, vote
from tests.decisions.test_pages import CHECKED, FILLED

__all__ = ["clock", "vote"]  # fixtures


def page(client: Any, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return str(answer.get_data(as_text=True))


def sent(client: Any, url: str, said: Mapping[str, str] | None = None, status: int = 303) -> Any:
    """Post a form, each time anew."""
    answer = client.post(url, {"once": secrets.token_urlsafe(16), **(said or {})})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def refusal(client: Any, url: str, status: int, said: Mapping[str, str]) -> str:
    return str(sent(client, url, said, status).get_data(as_text=True))


def told(client: Any) -> str:
    spread_all()
    return page(client, "/notifications")


# A change to a solution -----------------------------------------------------------------------------------------------

TEXT = "沙坑四米见方，带盖，南边留八张椅子。"
BENCHES, SMALL = TEXT.replace("八张", "十张"), TEXT.replace("四米", "两米")


def test_a_change_is_taken_in_another_turned_down_and_grows_into_a_solution(
    vote: Vote, cast: Cast, client_of: Any
) -> None:
    society = cast.volunteer.under(cast.volunteer.standings[0])
    solution = propose_solution(society, vote.number, title="带盖沙坑", text=TEXT, cost=1_860_000)
    amender, author, new = client_of("tenant"), client_of("volunteer"), f"/solutions/{solution.id}/amendments"
    for text, why in ((BENCHES, "老人多，椅子不够坐。"), (SMALL, "四米太大，椅子没地方放。")):
        sent(amender, new, {"title": "带盖沙坑", "text": text, "cost": "18600", "why": why})
    taken, turned_down = session().scalars(select(Amendment.id).order_by(Amendment.id))
    assert "提了修改" in told(author)
    assert "十" in page(author, f"/amendments/{taken}")
    sent(author, f"/amendments/{taken}/acceptance")
    assert "采用了对方案 1 的修改，成为第 2 版" in told(amender)
    assert "理由" in refusal(author, f"/amendments/{turned_down}/rejection", 422, {"words": ""})
    sent(author, f"/amendments/{turned_down}/rejection", {"words": "两米四个孩子就挤不下了。"})
    answered = page(client_of(None), f"/amendments/{turned_down}")
    for words in ("没有采用", "两米四个孩子就挤不下了。", "绿苗环保社"):
        assert words in answered, words
    sent(amender, f"/amendments/{turned_down}/promotion", {"title": "小沙坑"})
    grown = session().scalars(select(Solution).order_by(Solution.id.desc())).first()
    assert grown is not None
    assert grown.number == 2
    table = page(client_of(None), f"/problems/{vote.number}/comparison")
    for words in ("第 2 版", "小沙坑", "由方案 1 的修改另立"):
        assert words in table, words
    assert "另立为方案 2：小沙坑" in page(client_of(None), f"/problems/{vote.number}")


# A concern that holds up a vote ---------------------------------------------------------------------------------------


def _version(solution_id: int, number: int) -> int:
    its = select(SolutionVersion.id).where(SolutionVersion.solution_id == solution_id)
    return session().scalars(its.where(SolutionVersion.version == number)).one()


def test_a_vote_waits_until_each_concern_is_answered_or_two_overrule_it(vote: Vote, cast: Cast, client_of: Any) -> None:
    concerns, number = f"/problems/{vote.number}/concerns", vote.number
    solution = propose_solution(cast.owner, number, title="东门建充电棚", text="24 个桩。")
    sent(
        client_of("tenant"),
        concerns,
        {"harm": "租户的车没有登记。", "remedy": "凭合同登记。", "solution": str(solution.id)},
    )
    sent(client_of("neighbour"), concerns, {"harm": "急救车夜里进不来。", "remedy": "写明谁来开闸。", "solution": ""})
    by_version, overruled = session().scalars(select(Concern.id).order_by(Concern.id))
    sent(client_of("owner"), f"/problems/{number}/motions/new", FILLED)
    motion = session().scalars(select(Motion)).one()
    moderator, notice = client_of("moderator"), f"/motions/{motion.id}/notice"
    sent(moderator, f"/motions/{motion.id}/tabling", {"item_confirmed": "1"})
    times = {"opens_at": "2027-03-20T09:00", "closes_at": "2027-03-27T20:00", **CHECKED}
    waiting = page(moderator, notice)
    for words in ("还有 2 条顾虑没有答复", f'href="/problems/{number}?tab=concerns#tab"'):
        assert words in waiting, words
    assert "还有 2 条顾虑没有答复" in refusal(moderator, notice, 409, times)

    sent(
        client_of("owner"),
        f"/solutions/{solution.id}/versions",
        {"title": "东门建充电棚", "text": "24 个桩，凭合同也能登记。"},
    )
    fixed = {"text": "写进新版了。", "version": str(_version(solution.id, 2))}
    assert f'value="{fixed["version"]}"' in page(moderator, f"/concerns/{by_version}/answer")
    sent(moderator, f"/concerns/{by_version}/answer", fixed)
    sent(client_of("chair"), f"/concerns/{overruled}/overruling", {"reason": "物业值班室遥控开闸，已有值班表。"})
    assert "还有 1 条顾虑没有答复" in page(moderator, notice)
    again = f"/concerns/{overruled}/overruling/agreement"
    refusal(client_of("chair"), again, 403, {})
    sent(client_of("street_office"), again)
    ledger = page(client_of(None), f"/problems/{number}?tab=concerns")
    for words in ("已改方案 1 第 2 版", "未采纳", "物业值班室遥控开闸", "同意的人"):
        assert words in ledger, words
    url = sent(moderator, notice, times).location
    assert "公示" in page(client_of("owner"), url)
    decision = session().scalars(select(Decision)).one()
    vote.clock.move_to(decision.opens_at)
    fall_due()
    assert "您的一票" in page(client_of("owner"), url)


# A text that is taken down --------------------------------------------------------------------------------------------

WORDS = "跳舞的都是不要脸的骗子，谁拦着我我就砸音响。"


def _flagged(vote: Vote, client_of: Any, text: str = WORDS) -> tuple[int, int]:
    message = post_message(vote.cast.tenant, vote.number, kind=MessageKind.REASON, text=text)
    sent(client_of("neighbour"), f"/messages/{message.id}/flags", {"reason": "insult", "words": "骂人"})
    return message.id, session().scalars(select(Review.id).order_by(Review.id.desc())).first() or 0


def test_who_is_paused_is_told_the_rule_and_reads_why_where_they_would_write(vote: Vote, client_of: Any) -> None:
    message_id, review_id = _flagged(vote, client_of)
    moderator, author, talk = client_of("moderator"), client_of("tenant"), f"/problems/{vote.number}?tab=discussion"
    sent(moderator, f"/moderation/{review_id}/decision", {"choice": "insult", "words": "请不要骂人。"})
    pause = {"where": "topic", "days": "3", "reason": "insult", "words": "几次骂人。"}
    sent(moderator, f"/messages/{message_id}/block", pause)
    block = session().scalars(select(WritingBlock)).one()
    assert "暂停了您的发言" in told(author)
    assert "您在这里暂停发言" in page(author, talk)
    assert 'id="composer-text"' not in page(author, talk)
    assert 'id="composer-text"' in page(client_of("neighbour"), talk)
    assert "您在这里暂停发言" in refusal(
        author, f"/problems/{vote.number}/messages", 403, {"kind": "reason", "text": "再说一句。"}
    )

    sent(author, f"/blocks/{block.id}/appeal", {"words": "我只说过一次气话。"})
    own = {"granted": "yes", "words": "算了。"}
    refusal(moderator, f"/blocks/{block.id}/appeal/answer", 403, own)
    sent(client_of("street_office"), f"/blocks/{block.id}/appeal/answer", own)
    assert 'id="composer-text"' in page(author, talk)
    ledger = page(client_of(None), "/moderation?at=" + vote.problem.number)
    assert "骂人、威胁、欺负人" in ledger


def test_a_slow_mode_says_how_long_to_wait_and_an_order_is_not_a_removal(vote: Vote, client_of: Any) -> None:
    moderator, author = client_of("moderator"), client_of("tenant")
    sent(moderator, f"/problems/{vote.number}/slow-mode", {"minutes": "10", "hours": "24", "reason": "先缓一缓。"})
    _, review_id = _flagged(vote, client_of)
    wait = refusal(author, f"/problems/{vote.number}/messages", 429, {"kind": "reason", "text": "再补一句。"})
    for words in ("每人 10 分钟发一条", "再补一句。"):
        assert words in wait, words
    by_order = {"organ": "云溪区人民法院", "basis": "（2027）云民初 3 号", "dated": "2027-02-27"}
    sent(client_of("street_office"), f"/moderation/{review_id}/order", by_order)
    talk = page(client_of(None), f"/problems/{vote.number}?tab=discussion")
    assert WORDS not in talk
    assert "云溪区人民法院" in talk
    assert "不同意，可以申诉一次" not in page(author, f"/moderation/{review_id}")
