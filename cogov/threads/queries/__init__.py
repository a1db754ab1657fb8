"""What pages and other rooms read of threads; loading is the permission."""

from cogov.threads.queries.bylines import Byline, Faces, faces
from cogov.threads.queries.concerns import ConcernShown, concern_for, concerns, held, open_concerns
from cogov.threads.queries.enclosures import EnclosureShown, enclosure_for, enclosures_of, readable_enclosures
from cogov.threads.queries.entries import details
from cogov.threads.queries.exporting import export_for
from cogov.threads.queries.loading import dossier_of, message_for, solution_for
from cogov.threads.queries.messages import MessageShown, messages, replies
from cogov.threads.queries.panels import ThreadPanel, counts, panel, voices
from cogov.threads.queries.solutions import (
    SolutionShown,
    SolutionText,
    latest_version,
    solution_version,
    solution_versions,
    solutions,
)
from cogov.threads.queries.texts import MessageText, changes_in, text_of_version, texts_of
from cogov.threads.queries.waiting import asked_to_answer, needs
from cogov.threads.queries.windows import Window, window

__all__ = [
    "Byline",
    "ConcernShown",
    "EnclosureShown",
    "Faces",
    "MessageShown",
    "MessageText",
    "SolutionShown",
    "SolutionText",
    "ThreadPanel",
    "Window",
    "asked_to_answer",
    "changes_in",
    "concern_for",
    "concerns",
    "counts",
    "details",
    "dossier_of",
    "enclosure_for",
    "enclosures_of",
    "export_for",
    "faces",
    "held",
    "latest_version",
    "message_for",
    "messages",
    "needs",
    "open_concerns",
    "panel",
    "readable_enclosures",
    "replies",
    "solution_for",
    "solution_version",
    "solution_versions",
    "solutions",
    "text_of_version",
    "texts_of",
    "voices",
    "window",
]
