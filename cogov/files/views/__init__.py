"""What other rooms need of a browser's side of pictures: sending one, and those of a form."""

from cogov.files.views.album import Album, Shot, add_errors, open_album
from cogov.files.views.drafting import bp
from cogov.files.views.sending import plain_picture, sent

__all__ = ["Album", "Shot", "add_errors", "bp", "open_album", "plain_picture", "sent"]
