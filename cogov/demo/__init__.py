"""An invented neighbourhood that shows the whole loop, made by the commands people use and by nothing else.

Who only serves asks whether it is there; what tells its story is loaded by whoever loads it.
"""

from datetime import datetime

from flask import Flask

from cogov.demo.accounts import accounts
from cogov.demo.marking import NotEmpty, is_demo
from cogov.ground.loading import later

__all__ = ["NotEmpty", "accounts", "is_demo", "load"]

_story = later("cogov.demo.loading")


def load(app: Flask | None = None, *, end: datetime | None = None, quiet: bool = False) -> None:
    """Load the demo into an empty database (``cogov.demo.loading``)."""
    _story.load(app, end=end, quiet=quiet)
