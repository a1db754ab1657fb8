"""Every sentence for people can be translated, and the English catalogue translates every one of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import time_machine
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import nodes
from sqlalchemy import Enum, String, select

import cogov
from cogov.cases.rules import CaseState, StepKind
from cogov.cases.rules.templates import templates_for
from cogov.ground import paths
from cogov.ground.db import db, session
from cogov.ground.pages import moment, words
from cogov.ground.words import say
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.commands import answer_concern, post_message, propose_solution, raise_concern
from cogov.threads.rules.messages import MessageKind
from tests.cases.scene import walked
from tests.cast import HERE, Cast
from tests.databases import new_app
from tests.decisions.conftest import START, Vote, deliberated
from tools.traditional import convert, traditional

ROOT = Path(__file__).resolve().parents[2]
CODE = Path(cogov.__file__).parent
ENGLISH = CODE / "translations" / "en" / "LC_MESSAGES"
TRADITIONAL = CODE / "translations" / "zh_Hant_TW" / "LC_MESSAGES"

HAN = re.compile(r"[\u3400-\u9fff]")
PLACES = re.compile(r"%\(\w+\)s|(?<!%)\{\w+\}")
# A call that translates, and which of its arguments are sentences.
SENTENCES = {
    "_": 1,
    "say": 1,
    "gettext": 1,
    "lazy_gettext": 1,
    "ngettext": 2,
    "lazy_ngettext": 2,
    "pgettext": 2,
    "lazy_pgettext": 2,
}

# The name of a law or one of its articles: it is cited as it is called, in every language.
CITATION = re.compile(r"第[\d、]+条|(?:条例|法)$|^《|》（\d{4}）$|）$")

NUMERALS = "一二三四五六七八九十百"

# What people never read as a sentence: by file, what its words look like, and why.
ALLOWED = {
    "cases/views/item.py": (" 月 | 日", "the day in an answer that goes out as the body writes it"),
    "decisions/rules/count/reading/sheet.py": (r"\w{2,4}|\(\?:rank.*", "columns of a sheet"),
    "decisions/rules/matters.py": (
        r"(?s).*[\\|(\[].*|某",
        "how a household, a person and a penalty are told from words",
    ),
    "decisions/rules/sums.py": ("一二三四五六七八九", "items of an article, as they are cited"),
    "decisions/rules/thresholds.py": (r"no law counts area .*", "an error of the programmer"),
    "duties/commands/imports.py": (r"\w{2,8}", "columns of a sheet"),
    "duties/rules/holidays.py": (r"\w{1,2}", "cells of a sheet, and what a worked Saturday is called on it"),
    "duties/rules/sheets.py": (r"\w{1,8}", "columns of a sheet"),
    "duties/models.py": ("按期处置率", "the figure a matter counts in, as the catalogue calls it"),
    "meetings/rules/order.py": ("议事规则十条", "what is cited, as a law is"),
    "opinion/commands/leaving.py": ("（写的人.*）", "stands where somebody's words stood, in their language"),
    "opinion/rules/quoting.py": (r"(?s)观点\\s.*|【观点 S", "how a quotation looks, and how it is found again"),
    "opinion/rules/chart/reading/rows.py": (r"\w{1,4}", "columns of a sheet"),
    "meetings/rules/covering.py": (
        " 项|【现在不公开：第 |的(标题|编号)】",
        "what stands in minutes for an item that a reader may not see now",
    ),
    "moderation/rules/covering.py": (
        "已移除|按命令移除|移除|【.*",
        "what stands where words were taken down, kept in the row",
    ),
    "moderation/rules/masking.py": (
        r"(?s)【.*】|[\u4e00-\u9fff]{31}|.*[(\[].*",
        "what is found in a text, and what stands there instead",
    ),
    "front/admin/imports.py": (r"[\w ]{1,8}", "the example line of a sheet"),
    "front/admin/people/entering.py": ("新成员", "a pseudonym, kept as it was given"),
    "front/admin/setup/grids.py": ("第.网格", "the name of a grid, kept as it was given"),
    "ground/api.py": ("cogov 共治", "the name of the platform"),
    "ground/search.py": ("\u3007.*", "the signs that are Chinese"),
    "ground/sheets.py": (r"\w{1,4}|\(\[0-9\]\{4\}\).*", "what a sheet may say for yes, no and a date"),
    "people/commands/imports.py": (r"\w{1,8}", "columns of a sheet"),
    "people/rules/closing.py": ("已注销", "a pseudonym, kept as it was given"),
    "people/rules/entering.py": (r"\w{2,5}", "what a pseudonym may not contain"),
    "people/rules/sheets.py": (r"\w{1,8}", "columns of a sheet"),
    "places/commands/imports.py": (r"[\w、]{2,9}", "columns of a sheet"),
    "places/commands/keeping.py": (" ?号楼", "what a building is called"),
    "places/commands/posts.py": (r"\w{2,5}", "what an organization is called"),
    "places/rules/divisions.py": (r"\w{1,3}", "what the list of divisions calls no city"),
    "places/rules/grid_sheet.py": (r"\w{2,4}|第 | 网格", "columns of a sheet, and the name of a grid that has none"),
    "places/rules/opening.py": (r"第 | 网格| 号楼", "what a grid and a building are called"),
    "places/rules/place_sheet.py": (r"\w{1,5}", "columns of a sheet"),
    "places/rules/roll_sheet.py": (r"\w{1,6}", "columns of a sheet"),
    "problems/commands/raising.py": ("来访居民", "a pseudonym, kept as it was given"),
    "problems/rules/danger.py": (r"了|\(吗.*", "how danger is told from words"),
    "problems/rules/reading.py": (r"\[，.*|\(吗.*", "how words are read"),
    "threads/commands/leaving.py": ("（写的人.*）", "stands where somebody's words stood, in their language"),
}
# Rooms whose words are content, or for whoever runs the platform.
ASIDE = {"demo", "cli"}
# What the field of a form for a moment holds, and what programs and spreadsheets are given.
MACHINE_DATES = {
    "front/sheet.py": "yyyy-MM-dd",
    "ground/api.py": "yyyy-MM-dd",
    "ground/moments.py": "%Y-%m-%dT%H:%M",
}
DATES = {"format_date": 1, "format_datetime": 1, "format_time": 1, "strftime": 0}
DATE_FILTERS = {"dateformat", "datetimeformat", "timeformat"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application without tables: a sentence asks no database."""
    return new_app(tmp_path_factory.mktemp("pages"))


# Templates ---------------------------------------------------------------------------------------------------------


def _templates() -> list[Path]:
    return sorted(paths.templates().rglob("*.html"))


def _called(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


def _bare_in_template(app: Flask, source: str) -> Iterator[str]:
    """Yield Chinese text of a template that no translation is asked for."""
    tree = app.jinja_env.parse(source)
    asked = {
        id(argument) for call in tree.find_all(nodes.Call) for argument in call.args[: SENTENCES.get(_called(call), 0)]
    }
    for data in tree.find_all(nodes.TemplateData):
        if HAN.search(data.data):
            yield f"{data.lineno}: {data.data.strip()[:60]}"
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and HAN.search(constant.value) and id(constant) not in asked:
            yield f"{constant.lineno}: {constant.value[:60]}"


def test_templates_ask_for_the_translation_of_all_they_say(pages: Flask):
    bare = [
        f"{file.relative_to(paths.templates())}:{fault}"
        for file in _templates()
        for fault in _bare_in_template(pages, file.read_text(encoding="utf-8"))
    ]
    assert bare == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>办完了</p>",
        '{{ pill("办完了") }}',
        '{{ _("办完了" if done else "没办完") }}',
        '<p title="{{ "办完了" }}"></p>',
    ],
)
def test_a_bare_sentence_in_a_template_would_be_found(pages: Flask, planted: str):
    assert list(_bare_in_template(pages, '{# 说明 #}{{ _("好") }}' + planted))


def _own_dates_in_template(app: Flask, source: str) -> Iterator[int]:
    tree = app.jinja_env.parse(source)
    for used in tree.find_all(nodes.Filter):
        if used.name in DATE_FILTERS and not all(isinstance(argument, nodes.Call) for argument in used.args):
            yield used.lineno
    for attribute in tree.find_all(nodes.Getattr):
        if attribute.attr == "strftime":
            yield attribute.lineno


def test_templates_write_dates_as_the_language_does(pages: Flask):
    for file in _templates():
        assert list(_own_dates_in_template(pages, file.read_text(encoding="utf-8"))) == [], file.name
    assert list(_own_dates_in_template(pages, '{{ at|dateformat("M月d日") }}{{ at.strftime("%d") }}')) == [1, 1]


# Code --------------------------------------------------------------------------------------------------------------


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(CODE.rglob("*.py")):
        name = file.relative_to(CODE).as_posix()
        if name.split("/")[0] not in ASIDE:
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def _name_of(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _spoken_for(tree: ast.Module) -> set[int]:
    """Return the constants that are translated, are docstrings, or are examples of what a program may send."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found |= {id(argument) for argument in node.args[: SENTENCES.get(_name_of(node), 0)]}
        elif isinstance(node, ast.Expr):
            found.add(id(node.value))
        elif isinstance(node, ast.Dict):
            found |= {id(value) for key, value in zip(node.keys, node.values, strict=True) if _is_example(key)}
    return found


def _is_example(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "example"


def _is_citation(text: str) -> bool:
    return CITATION.search(text) is not None and not re.search("[。，？您]", text)


def _bare_in_code(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield Chinese strings that would reach people as they are."""
    spoken = _spoken_for(tree)
    allowed = ALLOWED.get(name, ("", ""))[0]
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value)):
            continue
        if id(node) in spoken or _is_citation(node.value) or re.fullmatch(allowed, node.value):
            continue
        yield node.lineno, node.value[:60]


def test_code_says_nothing_but_what_can_be_translated():
    bare = [f"{name}:{line}: {text}" for name, tree in _sources() for line, text in _bare_in_code(name, tree)]
    assert bare == []


@pytest.mark.parametrize(
    "planted",
    [
        'flash("办完了")',
        'say("办完" + "了")',
        'gettext(f"还差 {n} 户")',
        'Refusal("no", "这一步不归您。")',
        'mark = "时"',
        'told = {"example": "办完了", "text": "办完了"}',
    ],
)
def test_a_bare_sentence_in_code_would_be_found(planted: str):
    tree = ast.parse(f'"""说明。"""\nsay("办完了")\narticle = "民法典第278条"\n{planted}\n')
    assert [line for line, _ in _bare_in_code("planted.py", tree)][:1] == [4]


def test_nothing_is_allowed_that_is_gone():
    for name, tree in _sources():
        if name in ALLOWED:
            words = [
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            assert any(re.fullmatch(ALLOWED[name][0], each) and HAN.search(each) for each in words), name
    assert {name for name, _ in _sources()} >= set(ALLOWED)


def _own_dates(name: str, tree: ast.Module) -> Iterator[int]:
    """Yield calls that write a date in a form of their own instead of the language's."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and _name_of(call) in DATES):
            continue
        for form in call.args[DATES[_name_of(call)] :][:1]:
            machine = isinstance(form, ast.Constant) and form.value == MACHINE_DATES.get(name)
            if not machine and not (isinstance(form, ast.Call) and _name_of(form) == "gettext"):
                yield call.lineno


def test_code_writes_dates_as_the_language_does():
    assert [f"{name}:{line}" for name, tree in _sources() for line in _own_dates(name, tree)] == []
    planted = ast.parse('format_date(day, "yyyy-MM-dd")\nday.strftime("%d.%m.")\nformat_date(day, gettext("MM-dd"))\n')
    assert list(_own_dates("planted.py", planted)) == [1, 2]


# The catalogue -------------------------------------------------------------------------------------------------------

Key = tuple[str, str]


def _key(context: str | None, sentence: str | tuple[str, ...] | list[str]) -> Key:
    return context or "", sentence if isinstance(sentence, str) else sentence[0]


def _sentences() -> dict[Key, str]:
    """Return every sentence that code and templates ask for, and one place where it stands."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(["say", "lazy_gettext", "lazy_pgettext:1c,2"])}
    found: dict[Key, str] = {}
    for folder in (CODE, paths.templates()):
        for name, line, sentence, _, context in extract_from_dir(
            folder, methods, options, keywords, directory_filter=lambda path: "__pycache__" not in str(path)
        ):
            found.setdefault(_key(context, sentence), f"{name}:{line}")
    return found


def _read(file: str) -> Catalog:
    with (ENGLISH / file).open("rb") as opened:
        return read_po(opened, locale="en") if file.endswith(".po") else read_mo(opened)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return _read("messages.po")


def _texts(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    return {_key(_context(message), message.id): _strings(message) for message in catalog if message.id}


def _context(message: Message) -> str:
    context: Any = message.context or ""
    # A compiled catalogue is read back with its contexts as bytes.
    return context.decode() if isinstance(context, bytes) else str(context)


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def test_the_english_catalogue_holds_every_sentence_and_no_other(english: Catalog):
    # Where this fails: `make words` brings the catalogue up to date; then translate what is empty.
    said, held = _sentences(), set(_texts(english))
    assert len(said) > 1500
    assert {key: said[key] for key in set(said) - held} == {}
    assert sorted(held - set(said)) == []


def test_every_sentence_is_translated(english: Catalog):
    assert [key for key, texts in _texts(english).items() if not all(text.strip() for text in texts)] == []
    assert [message.id for message in english if message.id and message.fuzzy] == []
    assert list(english.obsolete) == []


def test_a_translation_fills_the_same_places(english: Catalog):
    for (_, sentence), texts in _texts(english).items():
        for text in texts:
            assert set(PLACES.findall(text)) == set(PLACES.findall(sentence)), (sentence, text)


def test_a_translation_that_leads_to_a_value_leaves_a_space_before_it(english: Catalog):
    for (_, sentence), texts in _texts(english).items():
        assert all(text.endswith(": ") == sentence.endswith("：") for text in texts), sentence


def test_a_translation_holds_no_stray_sign_of_per_cent(english: Catalog):
    for (_, sentence), texts in _texts(english).items():
        values = dict.fromkeys(re.findall(r"%\((\w+)\)s", sentence), "1")
        if values:
            assert all(text % values for text in texts)


def test_english_is_english(english: Catalog):
    for key, texts in _texts(english).items():
        for text in texts:
            assert not re.search(r"[！!。，；：？、“”「」]", text), (key, text)
            assert not HAN.search(_without_citations(text)), (key, text)


def _without_citations(text: str) -> str:
    """Leave out laws under their own names, and what is written in Chinese on a sheet, in quotation marks."""
    text = re.sub(r'"[\u3400-\u9fff]{2,4}"', "", text)
    article = rf"第[\d{NUMERALS} 至、]+条(?:第[{NUMERALS}\d]+款)?(?:第.{{1,10}}?项)?|第一款第（.{{1,8}}）项"
    return re.sub(rf"《[\u3400-\u9fff]+》(?:{article})?|[\u3400-\u9fff]*(?:{article})", "", text)


def test_what_is_compiled_is_what_is_written(english: Catalog):
    assert _texts(_read("messages.mo")) == _texts(english)


# Pages in English ----------------------------------------------------------------------------------------------------


class Worded(HTMLParser):
    """What people read on a page, or have read to them; what is marked as Chinese is left out."""

    READ = ("alt", "aria-label", "placeholder", "title", "value", "content", "data-cast", "data-missing", "data-choice")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.language = ""
        self._chinese = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag == "bdi":
            self._chinese = (given.get("lang") or "").startswith("zh")
        if tag != "textarea":
            self.words += [given.get(name) or "" for name in self.READ]

    def handle_endtag(self, tag: str) -> None:
        if tag == "bdi":
            self._chinese = False

    def handle_data(self, data: str) -> None:
        if not self._chinese:
            self.words.append(data)


def _worded(page: str) -> Worded:
    read = Worded()
    read.feed(page)
    return read


def _content() -> list[str]:
    """Return what people and places have given the database: names, titles, texts; the longest first."""
    found: set[str] = set()
    for table in db.metadata.sorted_tables:
        texts = [c for c in table.columns if isinstance(c.type, String) and not isinstance(c.type, Enum)]
        for row in session().execute(select(*texts)) if texts else ():
            found |= {line.strip() for text in row for line in (text or "").splitlines() if HAN.search(line)}
    # A shipped answer goes out under the name of a public body here, in the language the body writes.
    found |= {template.title for kind in StepKind for template in templates_for(kind)}
    return sorted((each for each in found if not _is_citation(each)), key=len, reverse=True)


def _left_in_chinese(page: str, content: list[str]) -> list[str]:
    left = []
    for text in _worded(page).words:
        for piece in content:
            text = text.replace(piece, "")
        # The picture of a person or an organization is the first sign of its name.
        bare = "" if len(text.strip()) == 1 else _without_citations(text)
        if HAN.search(bare):
            left.append(text.strip())
    return left


@pytest.fixture
def vote(app: Flask, cast: Cast) -> Iterator[Vote]:
    """Return a vote of owners that is under way, with a concern, a solution and words about it."""
    with time_machine.travel(START, tick=False) as clock:
        problem = deliberated(cast, RuleCode.R1)
        post_message(cast.tenant, problem.number, kind=MessageKind.REASON, text="晚上没地方充电。")
        propose_solution(cast.owner, problem.number, title="东门充电棚", text="建二十四个桩。", cost=1_180_000)
        concern = raise_concern(cast.neighbour, problem.number, harm="离窗太近", remedy="退后八米")
        answer_concern(cast.moderator, concern.id, text="已经退后八米。")
        yield Vote(cast, clock, problem)


ENGLISH_BROWSER = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}


def _in_english(client: Any, url: str, status: int = 200) -> str:
    answer = client.get(url, headers=ENGLISH_BROWSER)
    assert answer.status_code == status, url
    page = str(answer.text)
    assert _worded(page).language == "en"
    assert _left_in_chinese(page, _content()) == [], url
    return page


@pytest.mark.parametrize("name", [None, "resident", "owner", "moderator", "dispatcher"])
def test_what_a_problem_goes_through_can_be_read_in_english(name: str | None, vote: Vote, client_of: Any):
    decision = vote.opened()
    client = client_of(name)
    assert "Problems around you" in _in_english(client, "/")
    for tab in ("", "discussion", "concerns", "solutions", "decisions", "tasks"):
        _in_english(client, f"/problems/{vote.number}?tab={tab}")
    assert "Nobody sees the choices before closing" in _in_english(client, f"/decisions/{decision.id}")
    vote.closed(decision)
    _in_english(client, f"/decisions/{decision.id}")
    for url in ("/problems", "/decisions", "/tasks", "/journal", "/modes", "/privacy", f"/places/{HERE}"):
        _in_english(client, url)


@pytest.mark.parametrize(
    ("name", "state"),
    [("inspector", "verified"), ("dispatcher", "filed"), ("official", "dispatched"),
     ("official", "handling"), ("closer", "fed_back")],
)  # fmt: skip
def test_a_desk_can_be_read_in_english(name: str, state: str, app: Flask, cast: Cast, client_of: Any):
    case = walked(cast, CaseState(state))
    client = client_of(name)
    assert "My duties" in _in_english(client, "/desk")
    _in_english(client, f"/desk?case={case.id}")
    for tab in ("", "case"):
        _in_english(client, f"/problems/2026-9001?tab={tab}")


def test_help_and_doors_can_be_read_in_english(cast: Cast, client_of: Any):
    for url in ("/help", "/help/resident", "/help/committee", "/help/official", "/help/organization"):
        _in_english(client_of(None), url)
    for url in ("/sign-in", "/sign-up", "/recovery"):
        _in_english(client_of(None), url)
    for url in ("/me", "/problems/new"):
        _in_english(client_of("owner"), url)


def test_a_refusal_can_be_read_in_english(cast: Cast, client_of: Any):
    assert "This page is for those with a certain duty" in _in_english(client_of("resident"), "/desk", 403)
    assert "Page not found" in _in_english(client_of(None), "/nowhere", 404)
    client = client_of("resident")
    client.get("/problems/new", headers=ENGLISH_BROWSER)
    answer = client.post("/problems/new", {"text": "灯"}, headers=ENGLISH_BROWSER)
    assert answer.status_code == 422
    assert "Write at least 5 characters on what it is." in answer.text
    assert _left_in_chinese(answer.text, [*_content(), "灯"]) == []


def test_a_sentence_left_in_chinese_would_be_found():
    page = '<html lang="en"><p>Problem 老槐树 <img alt="现场照片"> <bdi lang="zh">中文</bdi> 办完了</p></html>'
    assert _left_in_chinese(page, ["老槐树"]) == ["现场照片", "办完了"]


# Traditional Chinese -------------------------------------------------------------------------------------------------


def test_every_sentence_stands_in_traditional_chinese_too():
    with (ENGLISH / "messages.po").open("rb") as file:
        generated = convert(read_po(file))
    with (TRADITIONAL / "messages.po").open("rb") as file:
        kept = {_key(m.context, m.id): m.string for m in read_po(file) if m.id}
    assert kept == {_key(m.context, m.id): m.string for m in generated if m.id}
    with (TRADITIONAL / "messages.mo").open("rb") as file:
        assert {_key("", m.id) for m in read_mo(file) if m.id} == {("", sentence) for _, sentence in kept}


def test_traditional_chinese_keeps_places_for_what_is_filled_in():
    with (TRADITIONAL / "messages.po").open("rb") as file:
        for message in read_po(file):
            asked = message.id if isinstance(message.id, str) else message.id[-1]
            given = message.string if isinstance(message.string, str) else (message.string or [""])[0]
            assert sorted(PLACES.findall(given)) == sorted(PLACES.findall(asked)), asked


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("请在“我的”里切换代表的单位。", "請在「我的」裡切換代表的單位。"),
        ("支持的户数", "支持的戶數"),
        ("发布公告", "發布公告"),
    ],
)
def test_terms_are_those_of_the_field(sentence: str, shown: str):
    assert traditional(sentence) == shown


def test_a_page_can_be_read_in_traditional_chinese_and_english_is_one_tap_away(client: Any):
    page = client.get("/help", headers={"Accept-Language": "zh-TW"}).text
    assert _worded(page).language == "zh-Hant"
    assert "帮" not in page.replace("简体", "")
    assert ">简体<" in page
    assert ">English<" in page


# The choice ----------------------------------------------------------------------------------------------------------


def _language(client: Any, accepted: str = "", url: str = "/help") -> str:
    return _worded(client.get(url, headers={"Accept-Language": accepted} if accepted else {}).text).language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-Hans"),
        ("en", "en"),
        ("en-US,en;q=0.5", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("de,en;q=0.5", "en"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("en;q=0.2,zh-HK;q=0.8", "zh-Hant"),
        ("en;q=0,zh", "zh-Hans"),
        ("fr", "zh-Hans"),
        ("*", "zh-Hans"),
        ("no such thing;q=?", "zh-Hans"),
    ],
)
def test_a_page_is_in_the_language_the_browser_asks_for(client: Any, accepted: str, language: str):
    assert _language(client, accepted) == language


def test_a_choice_counts_more_than_the_browser_and_leads_back_to_the_page(client: Any):
    page = client.get("/help/resident?from=home").text
    link = unescape(re.search(r'href="(/modes\?[^"]*lang=en[^"]*)"', page).group(1))  # type: ignore[union-attr]
    answer = client.get(link)
    assert (answer.status_code, answer.location) == (303, "/help/resident?from=home")
    assert _language(client, "zh-CN") == "en"
    assert 'checked><span><bdi lang="en">English</bdi>' in client.get("/modes").text
    client.get("/modes?lang=zh")
    assert _language(client, "en") == "zh-Hans"
    client.get("/modes?lang=")
    assert _language(client, "en") == "en"


def test_no_other_language_can_be_chosen(client: Any):
    client.set_cookie("lang", "../../etc")
    assert _language(client) == "zh-Hans"
    client.get("/modes?lang=xx")
    assert client.get_cookie("lang") is None


def test_what_is_kept_by_a_cache_is_kept_by_language(client: Any):
    assert {"Cookie", "Accept-Language"} <= set(client.get("/help").vary)


def test_dates_are_written_as_the_language_does(pages: Flask):
    at = datetime(2026, 11, 18, 3, 30, tzinfo=UTC)
    shown = {}
    for accepted in ("zh", "en"):
        with pages.test_request_context(headers={"Accept-Language": accepted}):
            shown[accepted] = moment(at)
    assert shown == {"zh": "11月18日 11:30", "en": "18 Nov 11:30"}


def test_words_of_rules_and_their_parameters_are_translated_where_they_are_shown(pages: Flask):
    said = say("{what}还没有写。", what=say("顾虑"))
    with pages.test_request_context(headers={"Accept-Language": "en"}):
        assert (words(said), words(say("")), words("原话")) == ("Concerns: still empty.", "", "原话")
    with pages.test_request_context():
        assert words(said) == "顾虑还没有写。"
