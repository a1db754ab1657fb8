"""Keeping robots, and speaking to them."""

from __future__ import annotations

from cogov.robots.commands.keeping import NewRobot, add_robot, pause_robot, remove_robot, resume_robot
from cogov.robots.commands.speaking import Spoken, note_outcome, say_to, spoken_to, try_robot

__all__ = [
    "NewRobot",
    "Spoken",
    "add_robot",
    "note_outcome",
    "pause_robot",
    "remove_robot",
    "resume_robot",
    "say_to",
    "spoken_to",
    "try_robot",
]
