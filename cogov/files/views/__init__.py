"""What other rooms need of a browser's side of pictures: sending one, and those of a form."""

from cogov.files.views.album import Album, Shot, add_errors, album_of, settled
from cogov.files.views.drafting import bp
from cogov.files.views.sending import plain_picture, sent, sent_document

__all__ = ["Album", "Shot", "add_errors", "album_of", "bp", "plain_picture", "sent", "sent_document", "settled"]
