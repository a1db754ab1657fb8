"""The doors: signing in and up, my own page, how pages look."""

from __future__ import annotations

from cogov.people.views import agreeing as _agreeing
from cogov.people.views import entering as _entering
from cogov.people.views import factors as _factors
from cogov.people.views import me as _me
from cogov.people.views import tokens as _tokens
from cogov.people.views.current import bp, init_people, local_path

__all__ = ["bp", "init_people", "local_path"]

# Imported for their routes, which they hang on the blueprint.
ROUTES = (_agreeing, _entering, _factors, _me, _tokens)
