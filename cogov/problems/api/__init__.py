"""Problems for programs: raising, reading, seconding, triage, appeal, and the raisers' word."""

# In the order in which the document lists them.
# isort: off
from cogov.problems.api import reading, raising, triaging, covering, following

# isort: on
from cogov.problems.api.current import doors

__all__ = ["covering", "doors", "following", "raising", "reading", "triaging"]
