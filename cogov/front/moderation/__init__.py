"""The pages and the door of moderation: a review, the author's appeal, the policy and the public ledger."""

from cogov.front.moderation.api import doors
from cogov.front.moderation.texts import bp

__all__ = ["bp", "doors"]
