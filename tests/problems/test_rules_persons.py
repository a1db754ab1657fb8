"""Words that speak of somebody who can be told apart are held; a place is not a person."""

import pytest

from cogov.problems.rules.lexicon import shipped
from cogov.problems.rules.persons import speaks_of_a_person
from cogov.problems.rules.report import Report, TriageSettings
from cogov.problems.rules.triage import propose

OF_A_PERSON = [
    "张大爷住3单元402，欠物业费不交",
    "隔壁单元王某某晚上打老婆",
    "王大勇这个骗子是小区的败类",
    "楼上那家天天往下扔垃圾",
    "对门那家赌博到半夜",
    "402室养狗随地大小便",
    "3号楼402的租户私拉电线",
    "隔壁老王偷电",
    "李阿姨家的狗咬人，她还骂人",
    "5-2-301欠费三年",
    "陈某霸占车位不还",
    "你们这些不要脸的",
    "神经病半夜唱歌",
    "物业刘经理吃回扣",
    "楼下邻居家暴，听见孩子哭",
    "小张往楼道堆满杂物",
    "赵师傅住5单元601",
    "业委会孙主任挪用维修资金",
    "二单元501那家群租",
    "邻居偷我快递",
    "三楼那个老头酗酒闹事",
    "周建国经常在楼道打孩子",
    "这种贱人该搬走",
    "7号楼1203天天砸墙扰民",
    "对面那户虐待老人",
    "钱女士骗了大家的押金",
    "阿黄总打人",
]

OF_A_THING = [
    "3号楼2单元门口井盖没了",
    "2单元门禁坏了",
    "五单元楼道灯不亮",
    "我家201室天花板漏水",
    "我住3单元402，水管没水",
    "3号楼东侧的井盖没了，晚上差点掉下去",
    "楼道里堆满了纸箱，大家出门都要侧着走，希望商量个办法",
    "小区高空经常抛物，乱扔垃圾",
    "马路边乱停车",
    "黄色垃圾桶经常被乱扔",
    "消防通道被车堵死了",
    "想加装电梯",
    "楼上冒烟了",
    "隔壁工地晚上施工扰民",
    "老旧小区改造，大家商量",
    "三楼楼道灯坏了",
    "1200户居民停水",
    "周末广场舞太吵",
    "王大爷腿脚不方便，想请人帮着买菜",
    "楼道电动车正在冒烟",
    "南门的井盖没了",
    "小区门口有人乱堆垃圾",
    "老小区电线乱拉",
    "5栋楼下乱停车",
    "对面马路栏杆坏了",
    "2026年车位不够",
    "垃圾桶满了三天没人收",
    "6号楼1单元到3单元都停水",
    "二楼从窗户拉电线给电动车充电",
    "大家一起打扫楼道，谢谢志愿者",
    "黄阿姨家的水管漏了，想请物业来修",
]


@pytest.mark.parametrize("text", OF_A_PERSON)
def test_who_is_insulted_accused_or_named_with_a_flat_is_held_in_every_lane(text):
    assert speaks_of_a_person(text, shipped())
    assert propose(Report(text), TriageSettings()).hold
    assert propose(Report(text, burning=True), TriageSettings()).hold


@pytest.mark.parametrize("text", OF_A_THING)
def test_a_place_a_thing_or_ones_own_flat_is_public(text):
    assert not speaks_of_a_person(text, shipped())


def test_a_quarrel_of_two_is_held_whatever_its_words():
    proposal = propose(Report("押金的事想找人说和"), TriageSettings())
    assert (proposal.lane, proposal.hold) == ("M", True)


def test_spaces_and_wide_figures_hide_nobody():
    assert speaks_of_a_person("张 大 爷 住 ３ 单 元 ４０２", shipped())
