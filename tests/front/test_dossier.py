"""The dossier: what each reader does next, what stands once, tabs and filters as plain links, all of it on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select

from cogov.front.timeline import DECISIONS, PAGE
from cogov.ground.db import session
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry
from cogov.problems.commands import (
    confirm_problem,
    follow_problem,
    quieten_problem,
    second_problem,
    triage_problem,
)
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.stages import ConfirmationAnswer
from cogov.tasks.commands import open_task
from cogov.threads.commands import answer_concern, post_message, propose_solution, raise_concern
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.journeys.walking import case_id_of, look, raise_something, settle, to_the_body

Client = Callable[[str | None], Any]
Counted = Callable[[], AbstractContextManager[Any]]
TABS = ["", "discussion", "concerns", "solutions", "decisions", "tasks", "case"]


def read(client_of: Client, who: str | None, number: str, query: str = "") -> str:
    return str(client_of(who).get(f"/problems/{number}{query}").get_data(as_text=True))


def talked_about(cast: Cast, **told: Any) -> str:
    number = raise_something(cast, **told)
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="一起商量")
    return number


def with_a_body(cast: Cast) -> str:
    number = raise_something(cast, text="二楼拉线充电", matter_id=cast.matters["C103"])
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.A,
        reason=ReasonCode.DUTY,
        body_id=cast.organizations["fire"],
        duty_item_id=cast.duty_items["C103"],
        words="消防的职责",
    )
    return number


def closed(cast: Cast) -> str:
    number = with_a_body(cast)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)
    return number


def entries(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="entry-(\d+)"', text)]


# What each reader does next -------------------------------------------------------------------------------------------


def test_the_next_act_is_the_readers_own(cast: Cast, client_of: Client) -> None:
    number = raise_something(cast)
    assert "请定由谁来办" in read(client_of, "moderator", number)
    assert "您也遇到吗" in read(client_of, "neighbour", number)
    assert "登录后附议" in read(client_of, None, number)
    raiser = read(client_of, "resident", number)
    assert "现在没有事需要您" in raiser
    assert "请定由谁来办" not in raiser


def test_who_must_handle_the_case_is_told_first_and_others_are_not(cast: Cast, client_of: Client) -> None:
    number = with_a_body(cast)
    to_the_body(cast, case_id_of(cast, number), "fire", "C103")
    assert "这件案子等您办" in read(client_of, "official", number)
    assert "这件案子等您办" not in read(client_of, "neighbour", number)


def test_only_raisers_are_asked_whether_it_is_fixed_and_need_no_words_for_yes(cast: Cast, client_of: Client) -> None:
    number = closed(cast)
    raiser = client_of("resident")
    text = raiser.get(f"/problems/{number}").get_data(as_text=True)
    assert "等您确认" in text
    assert 'value="fixed"' in text
    assert "等您确认" not in read(client_of, "neighbour", number)
    posted = raiser.post(f"/problems/{number}/confirmation", {"answer": "fixed", "once": raiser.once})
    assert posted.status_code == 303
    assert "确认修好" in read(client_of, "resident", number)


def test_no_leads_to_a_page_that_asks_for_words_and_keeps_the_answer(cast: Cast, client_of: Client) -> None:
    number = closed(cast)
    raiser = client_of("resident")
    text = raiser.get(f"/problems/{number}/confirmation?answer=not_fixed").get_data(as_text=True)
    assert "请说说哪里没修好" in text
    assert 'name="answer" value="not_fixed"' in text
    assert "<textarea" in text
    posted = raiser.post(
        f"/problems/{number}/confirmation", {"answer": "not_fixed", "words": "三楼还有一根线", "once": raiser.once}
    )
    assert posted.status_code == 303
    again = read(client_of, "resident", number)
    assert "第 2 轮" in again
    assert "三楼还有一根线" in again


def test_after_the_work_is_confirmed_nobody_is_offered_to_appeal_its_way(cast: Cast, client_of: Client) -> None:
    number = with_a_body(cast)
    assert f"/problems/{number}/appeal" in read(client_of, "resident", number)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)
    assert f"/problems/{number}/appeal" not in read(client_of, "resident", number)
    confirm_problem(cast.resident, number, answer=ConfirmationAnswer.FIXED, words="")
    text = read(client_of, "resident", number)
    assert f"/problems/{number}/appeal" not in text
    assert "这件事已经了结" in text


def test_a_moderator_is_led_to_the_concern_that_waits(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    raise_concern(cast.tenant, number, harm="救护车进不来", remedy="留四米通道")
    assert "还有 1 条顾虑没有答复" in read(client_of, "moderator", number)
    assert "还有 1 条顾虑没有答复" not in read(client_of, "resident", number)


# What stands once, and for whom ---------------------------------------------------------------------------------------


def test_the_words_of_the_raiser_stand_once(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast, text="路灯坏了。晚上一片漆黑，老人不敢出门。")
    assert read(client_of, "neighbour", number).count("晚上一片漆黑") == 1


def test_long_words_are_folded_and_kept_whole(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast, text="楼道里堆满了东西。" + "纸箱和旧家具一直堆到三楼。" * 30 + "请大家看看。")
    text = read(client_of, "neighbour", number)
    assert '<details class="told">' in text
    assert "请大家看看。" in text


def test_outside_the_place_nobody_learns_the_spot(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast, spot="三号楼东侧第二盏灯")
    inside, outside = read(client_of, "neighbour", number), read(client_of, "outsider", number)
    assert "三号楼东侧第二盏灯" in inside
    assert "三号楼东侧第二盏灯" not in outside
    assert "<path transform=" in inside.split("strip-map")[1].split("</svg>")[0]
    assert "<path transform=" not in outside.split("strip-map")[1].split("</svg>")[0]
    assert "第 1 网格" in outside
    assert "三号楼东侧第二盏灯" not in read(client_of, None, number, "?print=1")


def test_who_answers_for_it_is_named_by_the_clock_or_by_a_card_but_not_by_both(cast: Cast, client_of: Client) -> None:
    number = raise_something(cast)
    side = read(client_of, "neighbour", number)
    assert side.count('class="byline-name">测试里居委会') + side.count("现在由谁负责") == 1


def test_a_merged_problem_leads_to_the_other(cast: Cast, client_of: Client) -> None:
    first, second = raise_something(cast), raise_something(cast, by="neighbour", text="东侧井盖又没了")
    triage_problem(cast.moderator, second, lane=Lane.X, reason=ReasonCode.DUP, same_as=first, words="同一个井盖")
    text = read(client_of, "neighbour", second)
    assert f'href="/problems/{first}"' in text
    assert "后面的事都在那里" in text
    assert "已并入另一件" in text
    # Nothing was deliberated here, and nothing more can be said here.
    assert '<b class="step-label">协商</b>\n            <span class="vh">不需要</span>' in text
    assert "tab=discussion" not in text


def test_a_referred_problem_says_where_to_go(cast: Cast, client_of: Client) -> None:
    number = raise_something(cast, text="物业费的官司想请评理")
    triage_problem(
        cast.moderator, number, lane=Lane.X, reason=ReasonCode.CHANNEL, channel="区法院立案庭", words="已经起诉"
    )
    text = read(client_of, "resident", number)
    assert "请找：区法院立案庭" in text
    assert "已转其他渠道" in text


# Tabs and the timeline ------------------------------------------------------------------------------------------------


def test_tabs_are_plain_links_that_open_at_the_tabs(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    text = read(client_of, "neighbour", number)
    assert 'id="tab"' in text
    for tab in ("discussion", "concerns", "solutions", "decisions", "tasks"):
        assert f'href="/problems/{number}?tab={tab}#tab"' in text
    assert 'aria-current="page"' in text.split('id="tab"')[1]


def test_a_tab_nobody_knows_shows_what_happened(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    assert entries(read(client_of, "neighbour", number, "?tab=nothing"))
    assert entries(read(client_of, "neighbour", number, "?tab=case"))  # there is no case


def test_tabs_count_what_is_behind_them(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="一")
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="二")
    concern = raise_concern(cast.tenant, number, harm="救护车进不来", remedy="留四米通道")
    raise_concern(cast.tenant, number, harm="太贵", remedy="写明上限")
    answer_concern(cast.moderator, concern.id, text="量过了，够宽")
    text = read(client_of, "neighbour", number)
    assert '讨论 <span class="num">2</span>' in text
    assert '顾虑 <span class="num">1/2</span>' in text
    assert "1 人说过" in text  # one person, however much they said


@pytest.fixture
def busy(cast: Cast) -> str:
    number = with_a_body(cast)
    to_the_body(cast, case_id_of(cast, number), "fire", "C103")
    second_problem(cast.neighbour, number)
    for n in range(PAGE + 5):
        post_message(cast.tenant, number, kind=MessageKind.REASON, text=f"第 {n} 句话")
    return number


def kinds(numbers: list[int]) -> list[str]:
    rows = session().execute(select(JournalEntry.number, JournalEntry.kind).where(JournalEntry.number.in_(numbers)))
    return [kind for _, kind in sorted(rows)]


def test_twenty_entries_first_then_the_others_without_a_gap(cast: Cast, client_of: Client, busy: str) -> None:
    first = read(client_of, "neighbour", busy)
    assert len(entries(first)) == PAGE
    found = entries(first)
    older = re.search(r'href="([^"]+)">看更早的 (\d+) 条', first)
    assert older is not None
    promised = int(older[2])
    while older is not None:
        page = client_of("neighbour").get(older[1].replace("&amp;", "&")).get_data(as_text=True)
        found += entries(page)
        older = re.search(r'href="([^"]+)">看更早的 (\d+) 条', page)
    assert len(found) == len(set(found)) == PAGE + promised
    problem = look(cast, busy)
    public = [name for name, event in KINDS.items() if event.public]
    every = session().scalars(
        select(JournalEntry.number).where(JournalEntry.problem_id == problem.id, JournalEntry.kind.in_(public))
    )
    assert sorted(found) == sorted(every)


def test_the_filter_shows_one_side_and_stays_in_the_address(cast: Cast, client_of: Client, busy: str) -> None:
    bodies = read(client_of, "neighbour", busy, "?show=bodies")
    assert set(kinds(entries(bodies))) <= {name for name in KINDS if name.startswith("Case")}
    residents = read(client_of, "neighbour", busy, "?show=residents")
    assert set(kinds(entries(residents))) == {"MessagePosted"}
    assert "show=residents&amp;before=" in residents or "&amp;show=residents" in residents
    settled = read(client_of, "neighbour", busy, "?show=decisions")
    assert set(kinds(entries(settled))) == {"ProblemTriaged"}
    assert set(kinds(entries(settled))) <= DECISIONS
    assert len(entries(read(client_of, "neighbour", busy, "?show=gossip"))) == PAGE


def test_every_entry_has_an_address_that_shows_it_however_old(cast: Cast, client_of: Client, busy: str) -> None:
    oldest = (
        session()
        .scalars(
            select(JournalEntry.number)
            .where(JournalEntry.problem_id == look(cast, busy).id)
            .order_by(JournalEntry.number)
        )
        .first()
    )
    assert oldest not in entries(read(client_of, "neighbour", busy))
    page = read(client_of, "neighbour", busy, f"?at={oldest}")
    assert entries(page)[0] == oldest
    assert "回到最新" in page


def test_what_nobody_did_by_hand_is_said_to_follow_from_rules_or_time(cast: Cast, client_of: Client) -> None:
    number = raise_something(cast)
    text = read(client_of, "neighbour", number)
    assert "<b>按规则自动</b>" in text
    assert ">时<" not in text


def test_the_same_thing_done_in_a_row_is_said_once_but_nothing_that_was_said(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    for _ in range(3):
        open_task(cast.moderator, number, title="巡楼")
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="同一句")
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="同一句")
    text = read(client_of, "neighbour", number)
    assert text.count("同一句") == 2
    assert len(re.findall("发布任务“巡楼”", text)) == 1
    assert "接连 3 次" in text


# Discussion, concerns, solutions --------------------------------------------------------------------------------------


def test_concerns_stand_in_a_table_with_their_answers(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    solution = propose_solution(cast.owner, number, title="装路灯", text="装三盏", cost=300_000, needs_permit=True)
    concern = raise_concern(cast.tenant, number, harm="灯太亮睡不着", remedy="十点后调暗")
    version = solution.version
    assert version == 1
    answer_concern(cast.moderator, concern.id, text="加定时器")
    text = read(client_of, "neighbour", number, "?tab=concerns")
    row = text.split('id="concern-1"')[1].split("</tr>")[0]
    for words in ("灯太亮睡不着", "十点后调暗", "已答复", "加定时器"):
        assert words in row, words


def test_solutions_are_compared_by_what_is_known_of_them(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    propose_solution(cast.owner, number, title="装路灯", text="装三盏", cost=300_000, needs_permit=True)
    assert "并排比一比" not in read(client_of, "neighbour", number, "?tab=solutions")
    propose_solution(cast.tenant, number, title="装声控灯", text="装六盏", cost=None, needs_permit=False)
    text = read(client_of, "neighbour", number, "?tab=solutions")
    table = text.split("并排比一比")[1].split("</table>")[0]
    for words in ("装路灯", "3,000 元", "要批准", "装声控灯", "费用未定", "不用"):
        assert words in table, words


def test_only_forms_for_words_keep_a_draft_and_only_under_ones_own_name(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    text = read(client_of, "tenant", number, "?tab=discussion")
    assert f'data-draft="{cast.tenant.person_id}-message-{number}"' in text
    assert f'data-draft="{cast.neighbour.person_id}-message-{number}"' in read(
        client_of, "neighbour", number, "?tab=discussion"
    )
    assert "data-draft=" not in client_of("tenant").get("/me").get_data(as_text=True)
    assert "data-draft=" not in read(client_of, "tenant", number)


# Following ------------------------------------------------------------------------------------------------------------


def test_the_button_says_whether_one_follows(cast: Cast, client_of: Client) -> None:
    number = raise_something(cast)
    assert "已关注" in read(client_of, "resident", number)
    assert "已关注" not in read(client_of, "neighbour", number)
    follow_problem(cast.neighbour, number)
    assert "已关注" in read(client_of, "neighbour", number)
    quieten_problem(cast.neighbour, number)
    assert "安静关注" in read(client_of, "neighbour", number)
    assert f"/problems/{number}/following" not in read(client_of, None, number)


# On paper -------------------------------------------------------------------------------------------------------------


def test_paper_shows_every_subject_with_address_and_fingerprint(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="我家门口也黑")
    raise_concern(cast.tenant, number, harm="灯太亮睡不着", remedy="十点后调暗")
    propose_solution(cast.owner, number, title="装路灯", text="装三盏", cost=None, needs_permit=False)
    text = read(client_of, "neighbour", number, "?print=1")
    for words in (
        "我家门口也黑",
        "灯太亮睡不着",
        "装三盏",
        "走到哪一步了",
        "经过",
        f"/problems/{number}/qr.svg",
        "打印于",
    ):
        assert words in text, words
    last = (
        session()
        .execute(
            select(JournalEntry.number, JournalEntry.hash)
            .where(JournalEntry.problem_id == look(cast, number).id)
            .order_by(JournalEntry.number.desc())
            .limit(1)
        )
        .one()
    )
    assert last.hash in text
    assert f"账本第 {last.number} 号" in text


def test_paper_names_the_seals_and_the_deadlines_as_dates(cast: Cast, client_of: Client) -> None:
    number = with_a_body(cast)
    to_the_body(cast, case_id_of(cast, number), "fire", "C103")
    text = read(client_of, "neighbour", number, "?print=1")
    assert "责任章 " in text
    assert "期限：办理" in text
    assert re.search(r"云溪区消防救援大队，\d{4}年\d+月\d+日 \d\d:\d\d", text)


def test_a_hidden_dossier_is_not_printed_for_others(cast: Cast, client_of: Client) -> None:
    number = raise_something(cast, text="楼上那位总是往下扔东西", names_person=True)
    assert client_of("resident").get(f"/problems/{number}?print=1").status_code == 200
    for who in (None, "neighbour", "complained_of"):
        assert client_of(who).get(f"/problems/{number}?print=1").status_code == 404


# Weight ---------------------------------------------------------------------------------------------------------------


def test_a_long_dossier_stays_light(cast: Cast, client_of: Client) -> None:
    number = talked_about(cast)
    for n in range(PAGE + 10):
        post_message(cast.tenant, number, kind=MessageKind.REASON, text=f"第 {n} 句。" + "说来话长，慢慢说清楚。" * 30)
    for tab in ("", "concerns", "solutions", "decisions", "tasks"):
        assert len(read(client_of, "moderator", number, f"?tab={tab}").encode()) < 60_000, tab


@pytest.mark.parametrize("tab", TABS)
def test_the_dossier_asks_as_often_for_much_as_for_little(
    cast: Cast, client_of: Client, counted: Counted, tab: str
) -> None:
    number = with_a_body(cast)
    client = client_of("resident")

    def fill(times: int) -> None:
        for n in range(times):
            message = post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"{n}")
            post_message(cast.tenant, number, kind=MessageKind.REASON, text=f"{n}", reply_to=message.id)
            raise_concern(cast.tenant, number, harm=f"坏处 {n}", remedy="说清楚")
            propose_solution(cast.owner, number, title=f"办法 {n}", text="这样做", cost=None, needs_permit=False)

    fill(2)
    address = f"/problems/{number}?tab={tab}"
    client.get(address)
    with counted() as few:
        client.get(address)
    fill(6)
    with counted() as many:
        client.get(address)
    assert len(many.statements) <= len(few.statements) + 1, many.statements  # one more to count what is older
    assert len(many.statements) <= 62, many.statements
