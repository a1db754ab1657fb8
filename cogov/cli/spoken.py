"""Sentences of the rules in the language of this installation, for commands that ask no database."""

from __future__ import annotations

from collections.abc import Callable

import click
from babel.support import NullTranslations, Translations

from cogov.ground import paths, settings
from cogov.ground.words import Words, fill

Say = Callable[[Words], str]


def speaker() -> Say:
    """Return what turns words into sentences in the language that is set; Chinese needs no translation."""
    try:
        language = str(settings.read()["LANGUAGE"])
    except (OSError, ValueError) as error:
        raise click.ClickException(f"设置有误：{error}") from error
    into = Translations.load(paths.PACKAGE / "translations", [language])

    def said(words: Words) -> str:
        shown = tuple((name, said(value) if isinstance(value, Words) else value) for name, value in words.params)
        return fill(_translated(into, words.msgid), shown)

    return said


def _translated(into: NullTranslations, msgid: str) -> str:
    # Under the empty sentence a catalogue keeps its own heading.
    return into.gettext(msgid) if msgid else ""
