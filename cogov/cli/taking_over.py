"""``cogov opinion-import``: a conversation held elsewhere, from the folder of its export into a problem here."""

from __future__ import annotations

from pathlib import Path

import click

from cogov.cli.installation import installation
from cogov.cli.naming import doer
from cogov.ground.sheets import LARGEST, refuse_large, text_of
from cogov.opinion.commands.drawing import draw_chart
from cogov.opinion.commands.importing import import_conversation
from cogov.opinion.queries.drawing import people_in
from cogov.opinion.rules.importing import COMMENTS, SUMMARY, VOTES
from cogov.opinion.rules.sight import LEAST

FOLDER = click.Path(exists=True, file_okay=False, readable=True, path_type=Path)


@click.command("opinion-import")
@click.argument("folder", type=FOLDER)
@click.option("--problem", "number", required=True, metavar="NUMBER", help="放进哪个问题的卷宗。")
@click.option("--by", "login", required=True, metavar="LOGIN", help="以哪位系统管理员的名义记录（手机号或邮箱）。")
@click.option("--question", default="", help="问的是什么；不写就用 summary.csv 里的标题。")
def opinion_import(folder: Path, number: str, login: str, question: str) -> None:
    """导入 Polis 导出的文件夹（votes.csv、comments.csv），画好图；有一行读不了就一行也不导入。"""
    with installation():
        sheets = {name: _text(folder / name) for name in (VOTES, COMMENTS, SUMMARY) if (folder / name).is_file()}
        conversation = import_conversation(doer(login), number, sheets=sheets, question=question)
        made, people = conversation.id, people_in(conversation.id)
        if people >= LEAST:
            draw_chart(made)
        click.echo(f"已导入 {people} 人的回答，地图在 /conversations/{made}/map。")


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST:
        refuse_large()
    return text_of(file.read_bytes())
