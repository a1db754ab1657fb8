"""Choosing the matter chooses the rule, and some matters are never put to a vote."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.shipped import RULES, rule_for_item
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.problems.rules.lanes import RuleCode


class Bar(StrEnum):
    """What no vote can do, whatever its majority."""

    DUTY = "duty"
    PERSON = "person"
    PERSONAL_DATA = "personal_data"
    OUTSIDERS = "outsiders"
    UNLAWFUL = "unlawful"


@dataclass(frozen=True)
class Matter:
    """What a vote would decide.

    `item` is the item of Civil Code 278(1), None where owners' common rights are not touched; `triaged` holds the rules
    that triage named (empty: none yet); `touches` what the person who tables it declared.
    """

    item: int | None = None
    triaged: frozenset[RuleCode] = frozenset()
    touches: frozenset[Bar] = frozenset()


def why_not_use(code: RuleCode, matter: Matter, here: DecisionRule | None = None) -> Refusal | None:
    """Say why a matter cannot be voted on under a rule, with the article and the way to go instead.

    ``here`` is the rule as it holds in the place, where the place may have its own version.
    """
    for bar in Bar:
        if bar in matter.touches:
            return BARS[bar]
    return why_not_votable(code) or (
        why_not_by_triage(code, matter.triaged)
        or why_not_by_item(code, matter.item)
        or why_not_catch_all(matter.item, matter.triaged)
        or why_not_template(here or RULES[code])
    )


def why_not_votable(code: RuleCode) -> Refusal | None:
    """Refuse a way of deciding that is no vote at all."""
    return None if code in RULES else OTHER_WAYS[code]


def why_not_template(rule: DecisionRule) -> Refusal | None:
    """Refuse a rule that was shipped as a template and that nobody has confirmed for this place."""
    if not rule.template:
        return None
    return Refusal(
        code="rule_unconfirmed",
        message=say("「{rule}」是样本：法律改过，本地还没有核对确认，现在不能用", rule=Words(rule.name)),
        article=rule.source or rule.article,
        what_next=say("请街道或者管理员在“表决规则”里按现行法律改好，由第二个人确认；在这之前可以先用意向征询"),
    )


def why_not_catch_all(item: int | None, triaged: frozenset[RuleCode]) -> Refusal | None:
    """Refuse the item for all else, with its lower line, for a matter that triage found among those with the higher.

    Otherwise whoever moves would choose what the law has chosen.
    """
    if item != CATCH_ALL or RuleCode.R2 not in triaged:
        return None
    return Refusal(
        code="item_below_triage",
        message=say(
            "分流定的是民法典第278条第一款第（六）至（八）项的事，要三分之二参与、四分之三同意，不能当作第（九）项“其他重大事项”表决"
        ),
        article="民法典第278条第2款",
        what_next=say("改选第（六）至（八）项里的一项；分流不对，可以写明理由请分流人改"),
        appeal=say("对分流不服，可以申诉一次"),
    )


def why_not_unconfirmed(item: int | None, *, confirmed: bool) -> Refusal | None:
    """Ask a second person whether the item is right: the line that has to be reached hangs on it alone."""
    if item is None or confirmed:
        return None
    return Refusal(
        code="item_unconfirmed",
        message=say("还没有核对：这件事是不是民法典第278条第一款第 {item} 项", item=item),
        article="民法典第278条",
        what_next=say("核对以后勾选“我核对过”；不是这一项，请提议人改提"),
        status=422,
    )


def why_not_declared(touches: frozenset[Bar] | None) -> Refusal | None:
    """Ask for an answer to every declaration; that none applies is an answer, silence is not."""
    if touches is not None:
        return None
    return Refusal(
        code="bars_unanswered",
        message=say("还没有回答：会不会降低法定职责、针对某个人、公开个人信息、要求或允许违法的事"),
        what_next=say("都不涉及的，请选“都不涉及”"),
        status=422,
    )


_DOOR = (
    r"\d{1,3}\s*(?:号楼|栋|幢|座)\s*\d{1,2}\s*单元\s*\d{2,4}"
    r"|\d{1,3}\s*[-－—]\s*(?:\d{1,2}\s*[-－—]\s*)?\d{3,4}"
    r"|\d{3,4}\s*(?:室|住?户|业主|租户|家)"
)
_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
_PERSON = rf"{_SURNAME}[\u4e00-\u9fff]{{0,2}}(?:先生|女士|小姐|大爷|大妈|阿姨|叔叔|师傅)|{_SURNAME}某"
_SANCTION = re.compile(r"罚|赶走|赶出|驱逐|(?:公布|公开|曝光)[^，。；]{0,12}(?:姓名|名字)")
_NAMED = re.compile(f"{_DOOR}|{_PERSON}")
_SENTENCES = re.compile(r"[。；;！!？?\n]+")


def why_not_against_one(texts: Iterable[str]) -> Refusal | None:
    """Refuse what plainly names a door or a person and a sanction in one sentence.

    Subtler words are for the declarations: a rule that guesses would refuse honest ones.
    """
    for text in texts:
        for sentence in _SENTENCES.split(text):
            if _NAMED.search(sentence) and _SANCTION.search(sentence):
                return AGAINST_ONE
    return None


def why_not_by_triage(code: RuleCode, triaged: frozenset[RuleCode]) -> Refusal | None:
    """Say which way triage settled, where that way is no vote of this kind.

    Which of the two owners' rules it is hangs on the item, not on triage. Advice may be asked before a residents'
    meeting or before the manager of a public place decides, because it binds nobody there.
    """
    if not triaged or triaged & RULES_THAT_ADMIT[code]:
        return None
    if code in (RuleCode.R12, RuleCode.R14) and triaged & OWNERS_RULES:
        return COMMITTEE_BINDS_NOBODY
    votable = triaged & (RULES.keys() - OTHER_WAYS.keys())
    return triaged_otherwise(votable) if votable else OTHER_WAYS[min(triaged)]


def why_not_by_item(code: RuleCode, item: int | None) -> Refusal | None:
    """Say which rule the law attaches to the item."""
    if item is None:
        return NO_ITEM if RULES[code].items else None
    lawful = rule_for_item(item)
    if lawful.code is code:
        return None
    if not RULES[code].items:
        return Refusal(
            code="owners_decide",
            message=say(
                "这件事属于民法典第278条第一款第 {item} 项，由业主共同决定，「{rule}」不能代替",
                item=item,
                rule=Words(RULES[code].name),
            ),
            article="民法典第278条",
            what_next=say("改用「{rule}」", rule=Words(lawful.name)),
        )
    return Refusal(
        code="rule_does_not_fit",
        message=say(
            "民法典第278条第一款第 {item} 项要用「{rule}」，通过线由法律定，不能选", item=item, rule=Words(lawful.name)
        ),
        article="民法典第278条第2款",
        what_next=say("改用「{rule}」", rule=Words(lawful.name)),
    )


def triaged_otherwise(triaged: frozenset[RuleCode]) -> Refusal:
    """Refuse a rule that triage did not name."""
    names = "、".join(RULES[code].name for code in sorted(triaged))
    return Refusal(
        code="triaged_otherwise",
        message=say("分流定的是「{rules}」，不是这一种", rules=names),
        what_next=say("改用「{rules}」；分流不对，可以写明理由请分流人改", rules=names),
        appeal=say("对分流不服，可以申诉一次"),
    )


OWNERS_RULES = frozenset({RuleCode.R1, RuleCode.R2})
ADVICE = frozenset({RuleCode.R4, RuleCode.R5, RuleCode.R10})
"""Where advice may be asked: it binds nobody, so also before a residents' meeting or a manager decides."""

RULES_THAT_ADMIT: Mapping[RuleCode, frozenset[RuleCode]] = MappingProxyType(
    {
        RuleCode.R1: OWNERS_RULES,
        RuleCode.R2: OWNERS_RULES,
        RuleCode.R3: frozenset({RuleCode.R3}),
        RuleCode.R4: frozenset({RuleCode.R4}),
        RuleCode.R5: ADVICE,
        RuleCode.R11: ADVICE,
        RuleCode.R12: frozenset({RuleCode.R5, RuleCode.R9}),
        RuleCode.R13: ADVICE,
        RuleCode.R14: frozenset({RuleCode.R5, RuleCode.R9}),
    }
)

CATCH_ALL = 9
"""The item of Civil Code 278(1) for "other major matters", which the lower line decides."""

NO_ITEM = Refusal(
    code="item_missing",
    message=say("业主共同决定要先说明是民法典第278条第一款的哪一项"),
    article="民法典第278条",
    what_next=say("选一项；都不是，可以改用意向征询"),
    status=422,
)


def never(code: str, message: Words, article: str, what_next: Words) -> Refusal:
    """Refuse for good: no majority changes it, another way does."""
    return Refusal(code=code, message=message, article=article, what_next=what_next, appeal=APPEAL)


APPEAL = say("认为分流不对，可以申诉一次，写明理由由另一人复核")

BARS: Mapping[Bar, Refusal] = MappingProxyType(
    {
        Bar.DUTY: never(
            "lowers_duty",
            say("这件事里有法定职责，表决不能减轻或者免除它"),
            "民法典第286条第3款",
            say("法定职责的部分转交责任单位办理；只把可以商量的部分写成方案"),
        ),
        Bar.PERSON: never(
            "decides_person",
            say("表决不能决定某一个人的权利"),
            "民法典第280条第2款",
            say("两方之间的事可以申请人民调解；侵害权益的可以请求人民法院处理"),
        ),
        Bar.PERSONAL_DATA: never(
            "publishes_personal_data",
            say("表决不能公开别人的个人信息，公开要本人单独同意"),
            "个人信息保护法第25条",
            say("删去个人信息后再提；需要本人同意的，请本人书面同意"),
        ),
        Bar.OUTSIDERS: never(
            "binds_outsiders",
            say("方案会约束没有表决权的人，这次表决管不到他们"),
            "民法典第278条",
            say("把表决范围扩大到受约束的全体业主，或者把方案改成只涉及表决范围"),
        ),
        Bar.UNLAWFUL: never(
            "authorises_unlawful",
            say("违法的事，多数同意也不变成合法"),
            "民法典第272条、第286条",
            say("先问主管部门怎样做才合法，再写成方案"),
        ),
    }
)

DECLARED: Mapping[Bar, Words] = MappingProxyType(
    {
        Bar.DUTY: say("会降低法定职责"),
        Bar.PERSON: say("针对某个人的权利或处罚"),
        Bar.PERSONAL_DATA: say("会公开个人信息"),
        Bar.UNLAWFUL: say("要求或允许违法的事"),
    }
)
"""What whoever publishes a notice is asked; who is bound besides the electorate follows from item and scope."""

COMMITTEE_BINDS_NOBODY = Refusal(
    code="committee_binds_nobody",
    message=say("业主共同决定的事，委员会和别的单位不能代替业主决定，业主大会也不能授权它们决定"),
    article="民法典第278条；北京市物业管理条例第44条",
    what_next=say("请业主表决；委员会和单位只决定自己怎样执行"),
    appeal=say("对分流不服，可以申诉一次"),
)

AGAINST_ONE = Refusal(
    code="names_and_punishes",
    message=say("问题或者选项里写了某一户或某个人，又写了处罚，表决不能决定某一个人的权利"),
    article="民法典第280条第2款",
    what_next=say("请提议人撤回改写：写要立的规矩，不写是哪一户、哪个人"),
    status=422,
)

OTHER_WAYS: Mapping[RuleCode, Refusal] = MappingProxyType(
    {
        RuleCode.R0: never(
            "statutory_duty",
            say("这是依法履职的事，不付表决"),
            "民法典第286条第3款",
            say("由责任单位在期限内办理，进展在案卷里看得到"),
        ),
        RuleCode.R3: never(
            "unanimity",
            say("住宅改经营要有利害关系的业主一致同意，多数同意不能代替"),
            "民法典第279条；建筑物区分所有权解释第10、11条",
            say("改用「住宅改经营：本栋业主一致同意」，一户不同意就不成"),
        ),
        RuleCode.R4: never(
            "residents_meeting",
            say("约束全体居民的事由居民会议决定，这一种表决不能代替"),
            "城市居民委员会组织法（2025年修订）",
            say("可以先用意向征询听取意见，再由居民会议表决"),
        ),
        RuleCode.R6: never(
            "mediation",
            say("两方之间的争议由人民调解解决，不付表决"),
            "人民调解法",
            say("请双方申请人民调解，达成协议后各自签字"),
        ),
        RuleCode.R7: never(
            "contract",
            say("这是合同已经约定的事，照约定履行，不付表决"),
            "民法典第942条",
            say("请物业服务企业履约；不履约的由业主委员会催告"),
        ),
        RuleCode.R8: never(
            "emergency_fund",
            say("紧急维修不等表决：可以依法申请使用维修资金，事后公布"),
            "民法典第281条第2款",
            say("请业主委员会或者居委会向住建部门申请紧急使用，用后公布账目"),
        ),
        RuleCode.R9: never(
            "voluntary",
            say("自愿的事谁愿意谁认领，不付表决"),
            "民法典第5条",
            say("写成任务，公开招募认领"),
        ),
        RuleCode.R10: never(
            "place_manager",
            say("公共场所的区域、时段、音量由管理者听取意见后规定，不付表决"),
            "噪声污染防治法第64条",
            say("可以先用意向征询听取意见，结果交给场所管理者"),
        ),
    }
)
