"""What several walks share: the desk's way with a case, by its page."""

from __future__ import annotations

from pathlib import Path

from tests.browser.conftest import People
from tests.browser.person import Person


def does(person: Person, case: str, act: str, label: str = "", words: str = "") -> Person:
    """Do one act to the case: choose it where there is a choice, write what it asks for, press its button."""
    person.goes_to(case)
    if person.page.locator("#act .chips").count():
        person.follows(act, "#act .chips")
    if label:
        person.writes(label, words, "#act")
    return person.shows(act).presses(act, "#act")


def case_of(reader: Person, dossier: str) -> str:
    """Find the page of the case from the dossier."""
    reader.goes_to(dossier).reads("这件案子等您办").follows("去办理")
    return reader.page.url.split("#")[0]


def to_the_body(people: People, case: str) -> None:
    worker, inspector, dispatcher, official = (
        people(n) for n in ("grid_worker", "inspector", "dispatcher", "official")
    )
    does(worker, case, "核实属实", "现场看到什么", "去看过，三根线从二楼拉下来。").reads("问题章已盖")
    does(inspector, case, "受理").reads("已受理，等立案")
    does(inspector, case, "立案").reads("已立案，等指挥中心派遣")
    dispatcher.goes_to(case).picks("承办单位", "云溪区消防救援大队").picks("清单事项", "T-C103").shows("dispatch")
    dispatcher.presses("派遣", "#act").reads("指挥章已盖")
    does(official, case, "签收").reads("责任章已盖")


NOT_THEIRS = "下一步：结案。这一步由监督中心的结案员办。"


def settled(people: People, case: str, result: str, *, photo: Path, refused: str = NOT_THEIRS) -> None:
    """Handle and show it on a photo, inspect, feed back and close; the inspector is told why not by them."""
    official, inspector, closer = people("official"), people("inspector"), people("closer")
    official.goes_to(case).follows("报处置结果", "#act .chips").writes("处置结果", result, "#act")
    official.adds("处置后照片", photo).shows("报处置结果").presses("报处置结果", "#act").reads("处置结果已报")
    official.finds_no_button("核查通过")
    does(inspector, case, "核查通过", "现场核查的情况", "到场看过，线已经拆了。").reads("核查通过，等反馈")
    does(inspector, case, "反馈结果", "告诉提出问题的人什么", "线已经拆了，请看看是不是好了。").reads("反馈章已盖")
    inspector.goes_to(case).shows("may-not-close").reads(refused).cannot_press("结案")
    official.goes_to(case).reads(NOT_THEIRS).cannot_press("结案")
    does(closer, case, "结案").reads("已结案")
