"""Words of files that are masked, and files that lie sealed with the words of their message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cogov.files.queries import pictures_folder
from cogov.files.rules import TITLE_LENGTH, Rewritten, draw_anew, tame_title
from cogov.ground.settings import data_dir
from cogov.moderation.commands import decide_review
from cogov.moderation.queries import looking
from cogov.moderation.rules import FlagReason, ReviewVerdict
from cogov.threads.commands import flag_message
from cogov.threads.commands.enclosing import Enclosing, Files, tidied_files
from cogov.threads.rules.enclosing import WORDS_LENGTH
from tests.threads.test_enclosures import addresses, photograph, say


@pytest.fixture
def folder(app):
    return pictures_folder(data_dir(app))


def test_masks_make_no_words_longer_than_their_column():
    paper = Rewritten("0" * 64, b"", 1, tame_title("301室 " * 15 + ".pdf"))
    file = tidied_files(Files([Enclosing(paper, "301室 " * 40)])).enclosing[0]
    assert isinstance(file.file, Rewritten)
    assert (len(file.file.title) <= TITLE_LENGTH, len(file.words) <= WORDS_LENGTH) == (True, True)
    assert "【已遮住门牌】" in file.file.title
    assert file.file.title.endswith(".pdf")
    assert "301" not in file.file.title + file.words


def test_who_opens_a_seal_sees_the_files_with_the_words_for_a_while(cast, number, folder, client_of, monkeypatch):
    message_id = say(cast, number, draw_anew(photograph()), folder=folder)
    [address] = addresses(message_id)
    review = flag_message(cast.owner, message_id, reason=FlagReason.PRIVACY).id
    decide_review(cast.moderator, review, verdict=ReviewVerdict.REMOVE, reason=FlagReason.PRIVACY)
    moderator, office = client_of("moderator"), client_of("street_office")
    assert moderator.get(address).status_code == 404
    assert address in moderator.post(f"/moderation/{review}/look").get_data(as_text=True)
    assert moderator.get(address).status_code == 200
    # Nobody else's look opens it, and one's own not for ever.
    assert office.get(address).status_code == 404
    monkeypatch.setattr(looking, "LOOK_LASTS", timedelta(0))
    assert moderator.get(address).status_code == 404
