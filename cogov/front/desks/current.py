"""The blueprint of the desks."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desks", __name__)
