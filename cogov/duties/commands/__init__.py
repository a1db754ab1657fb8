"""Entering and importing matters, duty items and calendar days; starting, stopping and pausing clocks."""

from cogov.duties.commands.clocks import hand_clock, mark_handled, pause_clock, resume_clock, start_clock, stop_clock
from cogov.duties.commands.enter import change_calendar, enter_duty, enter_matter
from cogov.duties.commands.imports import (
    import_calendar,
    import_days,
    import_duties,
    import_matters,
    import_shipped_matters,
)

__all__ = [
    "change_calendar",
    "enter_duty",
    "enter_matter",
    "hand_clock",
    "import_calendar",
    "import_days",
    "import_duties",
    "import_matters",
    "import_shipped_matters",
    "mark_handled",
    "pause_clock",
    "resume_clock",
    "start_clock",
    "stop_clock",
]
