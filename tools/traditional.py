"""Write the Traditional Chinese catalogue from the sentences themselves; OpenCC converts, a few terms are ours.

Usage: python tools/traditional.py FROM.po TO.po (`make words` does it).
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from opencc import OpenCC

LOCALE = "zh_Hant_TW"

TERMS = {
    "“": "「",
    "”": "」",
    "‘": "『",
    "’": "』",
    "釋出": "發布",
    "支援": "支持",  # whom one stands behind, not what one helps out
    "程式": "程序",  # of law
    "質量": "品質",
}
"""What the converter takes for a word of computing, and the signs of quotation."""

_converter = OpenCC("s2twp")


def traditional(sentence: str) -> str:
    """Return a sentence in Traditional characters and the terms used with them."""
    converted = str(_converter.convert(sentence))
    for found, ours in TERMS.items():
        converted = converted.replace(found, ours)
    return converted


def convert(source: Catalog) -> Catalog:
    """Return a catalogue with the sentences of another one, each in Traditional Chinese."""
    catalogue = Catalog(
        locale=LOCALE,
        project=source.project,
        version=source.version,
        creation_date=source.creation_date,
        revision_date=source.revision_date,
        last_translator=source.last_translator,
        language_team=LOCALE,
        msgid_bugs_address="cogov",
        header_comment="# Generated from the sentences themselves: `make words`.",
        fuzzy=False,
    )
    for message in source:
        if not message.id:
            continue
        one = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        string: str | tuple[str, ...] = traditional(one)
        if isinstance(message.id, (tuple, list)):
            string = (traditional(message.id[-1]),)  # Chinese has one form for any number
        catalogue.add(message.id, string, context=message.context, flags=message.flags)
    return catalogue


def main(source: str, target: str) -> None:
    """Read a catalogue that holds every sentence, and write the Traditional one beside it."""
    with Path(source).open("rb") as file:
        catalogue = convert(read_po(file))
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    with Path(target).open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, sort_output=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
