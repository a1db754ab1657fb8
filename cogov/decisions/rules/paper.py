"""Paper ballots: who prints and enters them, when two readings agree, and why a paper does not count.

Two people read each paper on their own, and neither sees what the other has read. What both read counts; where they
differ, a third person looks and is shown that they do, and the reading that two of the three share counts. A paper of
which three people read three things is no ballot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cogov.decisions.rules.channels import ON_PAPER, Channel
from cogov.decisions.rules.receipts import ALPHABET, LENGTH
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role

COUNTERS = (Role.MODERATOR, Role.CHAIR, Role.OWNERS_COMMITTEE, Role.GRID_WORKER, Role.STREET_OFFICE)
"""Who prints paper ballots, brings them to doors, and enters them."""

READERS = 3
ENTRY_TIME = timedelta(hours=24)
"""How long a paper that was first entered before the close may wait for its second reading; the count waits for it."""

MOST_PRINTED = 5000


class SlipState(StrEnum):
    """How far a paper ballot is: printed, read once, read differently by two, counted, or rejected with the reason."""

    ISSUED = "issued"
    WAITING = "waiting"
    DIFFERS = "differs"
    COUNTED = "counted"
    REJECTED = "rejected"


class SlipFault(StrEnum):
    """Why a paper is no ballot."""

    UNSIGNED = "unsigned"
    UNCLEAR = "unclear"
    LATE = "late"
    ALREADY_CAST = "already_cast"
    LAPSED = "lapsed"


STATE_WORDS: Mapping[SlipState, Words] = {
    SlipState.ISSUED: say("已印，没有收回"),
    SlipState.WAITING: say("录了一遍，等第二个人"),
    SlipState.DIFFERS: say("两遍不一样，等第三个人"),
    SlipState.COUNTED: say("两人一致，已入票箱"),
    SlipState.REJECTED: say("不算"),
}
FAULT_WORDS: Mapping[SlipFault, Words] = {
    SlipFault.UNSIGNED: say("没有签名"),
    SlipFault.UNCLEAR: say("看不清选了什么，或者选得不合规则"),
    SlipFault.LATE: say("填写的日期不在表决期间"),
    SlipFault.ALREADY_CAST: say("这一户已经投过票，先到的算数"),
    SlipFault.LAPSED: say("截止后没有等到第二个人录入"),
}
READ_FAULTS = (SlipFault.UNSIGNED, SlipFault.UNCLEAR)
"""What a reader may say instead of marks; the others follow from dates, hours and the guard."""

OPEN_STATES = frozenset({SlipState.WAITING, SlipState.DIFFERS})


@dataclass(frozen=True)
class Reading:
    """What one person read on a paper: marks or a fault, the day it was signed, and which verified voter signed."""

    marks: str
    signed_on: date | None
    signer_id: int | None = None
    fault: SlipFault | None = None
    reason: str = ""


def agreed(readings: Sequence[Reading]) -> Reading | None:
    """Return what two people read alike."""
    return next((reading for reading, times in Counter(readings).items() if times > 1), None)


def state_after(readings: Sequence[Reading]) -> tuple[SlipState, SlipFault | None]:
    """Return how far a paper is after its readings, none of which agree so far."""
    if len(readings) >= READERS:
        return SlipState.REJECTED, SlipFault.UNCLEAR
    return (SlipState.WAITING if len(readings) == 1 else SlipState.DIFFERS), None


def fault_of_date(signed_on: date | None, opens_on: date, closes_on: date) -> SlipFault | None:
    """Return why the day on a paper makes it void: it has to lie within the vote, the day of the close included."""
    return None if signed_on is not None and opens_on <= signed_on <= closes_on else SlipFault.LATE


@dataclass(frozen=True)
class Entering:
    """One attempt to enter a paper, as the server sees it inside the transaction."""

    now: datetime
    opens_at: datetime
    closes_at: datetime
    closed: bool
    state: SlipState
    fault: SlipFault | None
    readers: tuple[int, ...]
    reader: int


def why_not_enter(entering: Entering) -> Refusal | None:
    """Say why a paper cannot be entered now, or not by this person."""
    if entering.state is SlipState.COUNTED:
        return Refusal("slip_counted", say("这张纸票已经录完，算数"), what_next=say("回执码就是纸票上的编号"))
    if entering.state is SlipState.REJECTED:
        return Refusal(
            "slip_rejected",
            say("这张纸票不算：{why}", why=FAULT_WORDS[entering.fault or SlipFault.UNCLEAR]),
            what_next=say("这一户还没有投票的，可以重新印一张"),
        )
    if entering.now < entering.opens_at:
        return Refusal(
            "not_open_yet",
            say("投票还没有开始，{time} 开始", time=entering.opens_at),
            what_next=say("现在可以先印纸票；开始以后再收、再录"),
        )
    if why_late := _why_too_late(entering):
        return why_late
    if entering.reader in entering.readers:
        return Refusal(
            "same_reader",
            say("这张纸票您已经录过一遍"),
            what_next=say("请另一个人用自己的账号录，不要互相看"),
            status=403,
        )
    return None


def _why_too_late(entering: Entering) -> Refusal | None:
    # A second reading is waited for no longer than this: what came later would count a slip whose sheet is not read.
    begun = entering.state in OPEN_STATES and entering.now < entering.closes_at + ENTRY_TIME
    if entering.closed or (entering.now >= entering.closes_at and not begun):
        return Refusal(
            "voting_closed",
            say("投票已于 {time} 截止，之前没有登记的纸票不能再录", time=entering.closes_at),
            what_next=say("请把纸票留好；有异议，可以在公示期内提出"),
        )
    return None


def why_not_count_papers(at: datetime, closes_at: datetime, waiting: int) -> Refusal | None:
    """Refuse to count while papers that came in before the close wait for their second reading, for a day at most."""
    if not waiting or at >= closes_at + ENTRY_TIME:
        return None
    return Refusal(
        "papers_waiting",
        say("还有 {n} 张截止前登记的纸票等第二个人录入", n=waiting),
        what_next=say("录完马上计票，最迟 {time}", time=closes_at + ENTRY_TIME),
    )


def not_a_counter() -> Refusal:
    """Refuse somebody whose duty paper ballots are not."""
    return Refusal(
        code="not_a_counter",
        message=say("纸票由居委会、业委会、网格员或者街道的工作人员印、收、录"),
        what_next=say("您的纸票请交给他们；撕下来的回执留好，上面的编号就是回执码"),
        status=403,
    )


def why_not_print(*, chosen: int, closed: bool) -> Refusal | None:
    """Say why no paper ballots can be printed for what was chosen."""
    if closed:
        return Refusal("voting_closed", say("投票已经截止，不再印纸票"))
    if not chosen:
        return Refusal(
            "nobody_to_print_for",
            say("选的范围里没有表决权的住户，或者他们的纸票都已印好"),
            what_next=say("请换一栋楼，或者核对房号；印好的可以再打印"),
            status=422,
        )
    return None


def no_such_door() -> Refusal:
    """Refuse a door that does not vote."""
    return Refusal(
        "no_such_door",
        say("这栋楼里没有这个有表决权的房号"),
        what_next=say("请核对楼、单元、房号"),
        status=422,
    )


def no_picture() -> Refusal:
    """Ask for a picture of the paper with its first reading: the evidence."""
    return Refusal("no_picture", say("第一遍录入要拍下这张纸票"), what_next=say("照片只有录票的人看得到"), status=422)


def why_not_say(channel: Channel, fault: SlipFault | None) -> Refusal | None:
    """Refuse a way that is none of paper, and a fault that no reader can see on it."""
    if channel in ON_PAPER and (fault is None or fault in READ_FAULTS):
        return None
    return Refusal(
        "not_of_a_paper",
        say("纸票只有交来的和上门收的；读票的人能说的只有没有签名、看不清"),
        what_next=say("请改好再录"),
        status=422,
    )


def signer_unknown() -> Refusal:
    """Refuse a signer who does not vote for the household of the paper."""
    return Refusal("signer_unknown", say("签名的人不在这一户的名单里"), what_next=say("请从名单里选"), status=422)


def why_not_look(*, state: SlipState, closed: bool, counter: bool) -> Refusal | None:
    """Say why the picture of a paper is shown to nobody now: only while it is read, and again after the count."""
    if counter and (state in OPEN_STATES or closed):
        return None
    if not counter:
        return not_a_counter()
    return Refusal(
        "picture_put_away",
        say("这张纸票已经录完，截止计票以前谁也不看"),
        what_next=say("计票以后有争议，录票的人可以再看"),
        status=403,
    )


def slip_code(written: str) -> str:
    """Return the code of a slip as it was typed or read from its square, in the writing of receipts; empty if none."""
    letters = "".join(letter for letter in written.upper() if letter.isalnum())
    if len(letters) != LENGTH or set(letters) - set(ALPHABET):
        return ""
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
