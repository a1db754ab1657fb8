"""Thresholds and limits of a tenant, with their defaults."""

from __future__ import annotations

from enum import StrEnum


class Setting(StrEnum):
    """Thresholds and time limits that a tenant may set for a place and everything under it."""

    TRIAGE_HOURS = "triage_hours"
    EMERGENCY_TRIAGE_HOURS = "emergency_triage_hours"
    APPEAL_DAYS = "appeal_days"
    APPEAL_ANSWER_DAYS = "appeal_answer_days"
    CONCERN_ANSWER_DAYS = "concern_answer_days"
    MOTION_SUPPORTS = "motion_supports"
    OWNERS_SHARE_PERCENT = "owners_share_percent"
    VOTE_DAYS = "vote_days"
    RESOLUTION_ANSWER_DAYS = "resolution_answer_days"
    CALL_HOURS = "call_hours"
    CASE_DAYS = "case_days"
    CLAIM_DAYS = "claim_days"
    CONFIRMATION_DAYS = "confirmation_days"
    MEDIATION_DAYS = "mediation_days"
    GRID_HOUSEHOLDS_MIN = "grid_households_min"
    GRID_HOUSEHOLDS_MAX = "grid_households_max"
    STATUTORY_VOTE_AUTHORIZED = "statutory_vote_authorized"


DEFAULTS: dict[Setting, int] = {
    Setting.TRIAGE_HOURS: 24,
    Setting.EMERGENCY_TRIAGE_HOURS: 2,
    Setting.APPEAL_DAYS: 7,
    Setting.APPEAL_ANSWER_DAYS: 5,
    Setting.CONCERN_ANSWER_DAYS: 5,
    Setting.MOTION_SUPPORTS: 5,
    Setting.OWNERS_SHARE_PERCENT: 20,
    Setting.VOTE_DAYS: 7,
    Setting.RESOLUTION_ANSWER_DAYS: 10,
    Setting.CALL_HOURS: 48,
    Setting.CASE_DAYS: 7,
    Setting.CLAIM_DAYS: 14,
    Setting.CONFIRMATION_DAYS: 7,
    Setting.MEDIATION_DAYS: 30,
    Setting.GRID_HOUSEHOLDS_MIN: 20,
    Setting.GRID_HOUSEHOLDS_MAX: 600,
    Setting.STATUTORY_VOTE_AUTHORIZED: 0,
}
"""Days are working days for public bodies and calendar days for residents; hours run round the clock."""
