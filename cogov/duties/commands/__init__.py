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
from cogov.duties.commands.keeping import (
    MatterFacts,
    correct_matter,
    declare_day,
    end_duty,
    enter_year,
    group_of,
    list_duty,
    map_duties,
    open_community,
    retire_matter,
    start_catalogue,
    why_not_keep_all,
)

__all__ = [
    "MatterFacts",
    "change_calendar",
    "correct_matter",
    "declare_day",
    "end_duty",
    "enter_duty",
    "enter_matter",
    "enter_year",
    "group_of",
    "hand_clock",
    "import_calendar",
    "import_days",
    "import_duties",
    "import_matters",
    "import_shipped_matters",
    "list_duty",
    "map_duties",
    "mark_handled",
    "open_community",
    "pause_clock",
    "resume_clock",
    "retire_matter",
    "start_catalogue",
    "start_clock",
    "stop_clock",
    "why_not_keep_all",
]
