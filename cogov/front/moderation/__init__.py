"""The pages and the door of moderation: a review, the author's appeal, the policy and the public ledger."""

from cogov.front.moderation.restraint import bp
from cogov.front.moderation.restraint_api import doors

__all__ = ["bp", "doors"]
