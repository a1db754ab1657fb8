"""What a report means: its dangers, its matter, and the meanings its words carry where no matter is known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cogov.duties.rules.duty import MatterKey
from cogov.duties.rules.matters import Guidance, Matter
from cogov.problems.rules.danger import is_mentioned, numbers_to_call
from cogov.problems.rules.lexicon import Lexicon
from cogov.problems.rules.persons import speaks_of_a_person
from cogov.problems.rules.reading import sentences, weight_of
from cogov.problems.rules.report import Report, TriageSettings

SURE_WEIGHT = 4
SURE_LEAD = 1


@dataclass(frozen=True)
class Meaning:
    """A report as understood: weights are characters of the heaviest cue, 0 where nothing was said."""

    numbers: tuple[str, ...]
    danger_spoken_of: bool
    key: MatterKey | None
    guidance: Guidance | None
    sure: bool
    in_legal_channel: bool
    offends: bool
    personal: bool
    duty: int
    ownership: int
    contract: int
    commons: int
    dispute: int
    mobilise: int
    many: bool


def understand(report: Report, settings: TriageSettings) -> Meaning:
    """Return what the report means; a matter the reporter picked outranks the words, but never a danger in them."""
    lexicon, text = settings.lexicon, sentences(report.words)
    matter, guidance, sure = _matter_of(report, text, settings)

    def weight(meaning: str) -> int:
        return weight_of(lexicon.cues(meaning), text, lexicon.pattern("not_this"))

    return Meaning(
        numbers=numbers_to_call(report.words, lexicon),
        danger_spoken_of=is_mentioned(report.words, lexicon),
        key=matter.key if matter else None,
        guidance=guidance,
        sure=sure,
        in_legal_channel=report.in_litigation or weight("channels") > 0,
        offends=weight("content") > 0 or _shows_a_number_of_others(report.words, lexicon),
        # The flat often stands in the field for the place, the name in the sentence.
        personal=speaks_of_a_person(f"{report.words}\n{report.spot}", lexicon),
        duty=weight("duty"),
        ownership=weight("ownership"),
        contract=weight("contract"),
        commons=weight("commons"),
        dispute=weight("dispute"),
        mobilise=weight("mobilise"),
        many=weight("many") > 0,
    )


def _shows_a_number_of_others(words: str, lexicon: Lexicon) -> bool:
    found = lexicon.pattern("long_digits").search(words)
    return bool(found) and not lexicon.pattern("own_number").search(words)


def _matter_of(
    report: Report, text: tuple[str, ...], settings: TriageSettings
) -> tuple[Matter | None, Guidance | None, bool]:
    """Return the matter picked or recognised, its guidance here, and whether that is sure."""
    not_this = settings.lexicon.pattern("not_this")
    if report.matter is not None:
        picked = next((matter for matter in settings.matters if matter.key == report.matter), None)
        if picked is not None and picked.guidance is not None:
            return picked, _guidance_here(picked, report, text, settings), True
    best, sure = _recognised(settings.matters, text, not_this)
    if best is None:
        return None, None, False
    return best, _guidance_here(best, report, text, settings), sure and report.matter is None


def _recognised(
    matters: Iterable[Matter], text: tuple[str, ...], not_this: re.Pattern[str]
) -> tuple[Matter | None, bool]:
    """Return the matter whose cue is heaviest, and whether it is heavy and alone in its lane."""
    ranked = sorted(
        ((weight_of(matter.words, text, not_this), matter) for matter in matters if matter.guidance),
        key=lambda pair: -pair[0],
    )
    if not ranked or not ranked[0][0]:
        return None, False
    first, best = ranked[0]
    rival = max((weight for weight, other in ranked if _lane(other) != _lane(best)), default=0)
    return best, first >= SURE_WEIGHT and first - rival >= SURE_LEAD


def _lane(matter: Matter) -> str:
    return matter.guidance.lane if matter.guidance else ""


def _guidance_here(matter: Matter, report: Report, text: tuple[str, ...], settings: TriageSettings) -> Guidance | None:
    """Return the guidance for where the matter stands: by the map if known, else by the words."""
    for variant in matter.variants:
        inside = report.in_estate if report.in_estate is not None else _sounds_inside(text, settings.lexicon)
        if inside == variant.in_estate:
            return variant.guidance
    return matter.guidance


def _sounds_inside(text: tuple[str, ...], lexicon: Lexicon) -> bool:
    not_this = lexicon.pattern("not_this")
    return weight_of(lexicon.cues("city"), text, not_this) < weight_of(lexicon.cues("estate"), text, not_this)
