"""The ways by which a ballot comes in, who may take it there, and what everybody is told of it beforehand."""

from enum import StrEnum


class Channel(StrEnum):
    """How the ballot that counts came in; one head has one ballot, whichever way it came."""

    WEB = "web"
    PAPER = "paper"
    DOOR = "door"
    PROXY = "proxy"
    HELPED = "helped"
