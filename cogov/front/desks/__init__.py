"""Two desks that look into several rooms: the committee's, and the command view."""

from cogov.front.desks.command import command as _command
from cogov.front.desks.committee import committee as _committee
from cogov.front.desks.current import bp

__all__ = ["bp"]

# The pages register themselves on the blueprint.
PAGES = (_command, _committee)
