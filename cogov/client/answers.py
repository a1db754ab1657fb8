"""What the API answers with, and what is sent within a request; written by tools/client.py."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class AnnouncementsAnnouncement(TypedDict):
    """An announcement in its latest version."""

    id: int
    kind: Literal["notice", "outage", "meeting", "disclosure", "result"]
    title: str
    text: str
    place: str
    organization: str
    by: str
    pinned: bool
    version: int
    published_at: str
    corrected_at: str | None
    until: str
    meeting_at: str | None
    meeting_spot: str
    problem: str
    withdrawn_at: str | None
    withdrawal: str
    over: bool


class AnnouncementsAnnouncements(TypedDict):
    """A part of the list."""

    items: list[AnnouncementsAnnouncement]
    next: str


class BylineList(TypedDict):
    """Base schema class with which to define schemas.

    Example usage:

    .. code-block:: python

        import datetime as dt
        from dataclasses import dataclass

        from marshmallow import Schema, fields


        @dataclass
        class Album:
            title: str
            release_date: dt.date


        class AlbumSchema(Schema):
            title = fields.Str()
            release_date = fields.Date()


        album = Album("Beggars Banquet", dt.date(1968, 12, 6))
        schema = AlbumSchema()
        data = schema.dump(album)
        data  # {'release_date': '1968-12-06', 'title': 'Beggars Banquet'}

    :param only: Whitelist of the declared fields to select when
        instantiating the Schema. If None, all fields are used. Nested fields
        can be represented with dot delimiters.
    :param exclude: Blacklist of the declared fields to exclude
        when instantiating the Schema. If a field appears in both `only` and
        `exclude`, it is not used. Nested fields can be represented with dot
        delimiters.
    :param many: Should be set to `True` if ``obj`` is a collection
        so that the object will be serialized to a list.
    :param load_only: Fields to skip during serialization (write-only fields)
    :param dump_only: Fields to skip during deserialization (read-only fields)
    :param partial: Whether to ignore missing fields and not require
        any fields declared. Propagates down to ``Nested`` fields as well. If
        its value is an iterable, only missing fields listed in that iterable
        will be ignored. Use dot delimiters to specify nested fields.
    :param unknown: Whether to exclude, include, or raise an error for unknown
        fields in the data. Use `EXCLUDE`, `INCLUDE` or `RAISE`.

    .. versionchanged:: 3.0.0
        Remove ``prefix`` parameter.

    .. versionchanged:: 4.0.0
        Remove ``context`` parameter."""

    items: list[ThreadsByline]
    next: str


class CasesCall(TypedDict):
    """A body that was called to act together."""

    id: int
    organization: str
    organization_id: int
    ask: str
    due_at: str
    state: Literal["called", "answered", "released"]
    late: bool
    answer: str


class CasesCase(TypedDict):
    """A case with its stamps, steps and calls, and what you may do to it."""

    id: int
    number: str
    problem: str
    state: Literal[
        "reported",
        "verified",
        "accepted",
        "filed",
        "dispatched",
        "handling",
        "handled",
        "inspected",
        "fed_back",
        "closed",
        "refused",
    ]
    state_words: str
    round: int
    emergency: bool
    holder: str
    body: str | None
    opened_at: str
    due_at: str | None
    late: bool
    stamps: list[CasesStamp]
    steps: list[CasesStep]
    calls: list[CasesCall]
    missing: list[Refusal]
    offers: list[CasesOffer]


class CasesOffer(TypedDict):
    """A step that is yours: now, or why not yet."""

    kind: Literal[
        "open",
        "verify",
        "accept",
        "refuse",
        "file",
        "dispatch",
        "acknowledge",
        "return",
        "call",
        "no_call",
        "answer_call",
        "handle",
        "pass",
        "rework",
        "feed_back",
        "close",
        "reopen",
    ]
    label: str
    acting: int
    refusal: Refusal | None
    missing: list[Refusal]


class CasesRow(TypedDict):
    """A line of the desk: what waits, and until when."""

    kind: str
    subject: int
    case: int | None
    number: str
    problem: str
    title: str
    state: Literal[
        "reported",
        "verified",
        "accepted",
        "filed",
        "dispatched",
        "handling",
        "handled",
        "inspected",
        "fed_back",
        "closed",
        "refused",
        None,
    ]
    due_at: str
    late: bool
    paused: bool
    emergency: bool


class CasesRows(TypedDict):
    """A part of the desk."""

    items: list[CasesRow]
    next: str


class CasesStamp(TypedDict):
    """One of the five stamps: problem, command, duty, joint, feedback."""

    kind: Literal["problem", "command", "duty", "joint", "feedback"]
    label: str
    state: str
    who: str
    at: str | None


class CasesStep(TypedDict):
    """What was done, for whom, when, on what basis."""

    kind: Literal[
        "open",
        "verify",
        "accept",
        "refuse",
        "file",
        "dispatch",
        "acknowledge",
        "return",
        "call",
        "no_call",
        "answer_call",
        "handle",
        "pass",
        "rework",
        "feed_back",
        "close",
        "reopen",
    ]
    act: str
    round: int
    person: str
    organization: str
    to: str
    at: str
    basis: str
    words: str


class ConcernList(TypedDict):
    """Base schema class with which to define schemas.

    Example usage:

    .. code-block:: python

        import datetime as dt
        from dataclasses import dataclass

        from marshmallow import Schema, fields


        @dataclass
        class Album:
            title: str
            release_date: dt.date


        class AlbumSchema(Schema):
            title = fields.Str()
            release_date = fields.Date()


        album = Album("Beggars Banquet", dt.date(1968, 12, 6))
        schema = AlbumSchema()
        data = schema.dump(album)
        data  # {'release_date': '1968-12-06', 'title': 'Beggars Banquet'}

    :param only: Whitelist of the declared fields to select when
        instantiating the Schema. If None, all fields are used. Nested fields
        can be represented with dot delimiters.
    :param exclude: Blacklist of the declared fields to exclude
        when instantiating the Schema. If a field appears in both `only` and
        `exclude`, it is not used. Nested fields can be represented with dot
        delimiters.
    :param many: Should be set to `True` if ``obj`` is a collection
        so that the object will be serialized to a list.
    :param load_only: Fields to skip during serialization (write-only fields)
    :param dump_only: Fields to skip during deserialization (read-only fields)
    :param partial: Whether to ignore missing fields and not require
        any fields declared. Propagates down to ``Nested`` fields as well. If
        its value is an iterable, only missing fields listed in that iterable
        will be ignored. Use dot delimiters to specify nested fields.
    :param unknown: Whether to exclude, include, or raise an error for unknown
        fields in the data. Use `EXCLUDE`, `INCLUDE` or `RAISE`.

    .. versionchanged:: 3.0.0
        Remove ``prefix`` parameter.

    .. versionchanged:: 4.0.0
        Remove ``context`` parameter."""

    items: list[ThreadsConcern]
    next: str


class DecisionsAuthority(TypedDict):
    """A paper by which a place may take statutory votes."""

    id: int
    title: str
    issuer: str
    dated: str
    given_at: str
    settled_at: str | None
    agreed: bool
    ended_at: str | None


class DecisionsBox(TypedDict):
    """The box of a secret vote: what a program needs to vote; what was in it, once it is open."""

    secrecy: Literal["named", "secret", "checkable"]
    binding: str
    modulus: str
    holders: list[DecisionsHolder]
    open_until: str
    opened_at: str | None
    tokens: int | None
    spoiled: int | None
    receipts: list[str]
    ballots: list[DecisionsOpened]


class DecisionsBulletin(TypedDict):
    """The public bulletin of a named vote."""

    election: str
    heads: list[DecisionsPinned]
    leaves: list[str]


class DecisionsBundle(TypedDict):
    """A file to be checked by `recount.py`."""

    text: str


class DecisionsCandidate(TypedDict):
    """Somebody who holds a mandate of an organization of the person of the token."""

    id: int
    name: str


class DecisionsClassRow(TypedDict):
    """Who took part in one building, or in one staircase of it; no figure where it would give somebody away."""

    building: str
    staircase: str | None
    units: int
    voted: int | None


class DecisionsCourse(TypedDict):
    """What was asked for, objected and said of a vote."""

    acts: list[DecisionsCourseAct]
    objections: list[DecisionsObjection]
    objections_until: str | None
    annulled_at: str | None
    statement: str
    stated_at: str | None
    review_on: str | None
    refusals: dict[str, Refusal | None]


class DecisionsCourseAct(TypedDict):
    """Another hour to close, or an annulment, asked for by one person and signed by another."""

    id: int
    kind: Literal["shorten", "extend", "annul", "override"]
    reason: str
    closes_at: str | None
    annuller: Literal["court", "street_office", None]
    document: str
    dated: str | None
    asked_for: str
    asked_at: str
    until: str
    settled_at: str | None
    agreed: bool | None


class DecisionsDecision(TypedDict):
    """A decision: its rule, options and electorate; turnout while it runs, the result after the close."""

    id: int
    problem: str
    question: str
    phase: Literal["coming", "open", "counting", "closed"]
    opens_at: str
    closes_at: str
    announced_for: str | None
    waits_for: int
    rule: DecisionsRule
    form: DecisionsForm
    options: list[DecisionsOption]
    electorate: DecisionsTurnout
    running: DecisionsRunning | None
    result: DecisionsResult | None
    mine: list[DecisionsHead]
    refusal: Refusal | None


class DecisionsDropped(TypedDict):
    """The receipt of a sealed ballot; it shows no choice."""

    receipt: str


class DecisionsForm(TypedDict):
    """How the ballot is put, as it was frozen."""

    method: Literal["single", "approval", "score", "ranked", "stv", "consent", "budget", "committee"]
    decider: Literal["schulze", "ranked_pairs", "irv", "borda", "equal-shares", "greedy", "pav", "phragmen", None]
    seats: int
    budget: int
    most: int
    top: int
    ties: bool
    blank: bool
    hidden: bool
    blocked_above: str
    reason: Literal["no", "optional", "required"]
    prompt: str


class DecisionsFormBody(TypedDict):
    """How the ballot is put; what a method does not have is left out."""

    method: Literal["single", "approval", "score", "ranked", "stv", "consent", "budget", "committee"]
    decider: NotRequired[
        Literal["schulze", "ranked_pairs", "irv", "borda", "equal-shares", "greedy", "pav", "phragmen", None]
    ]
    seats: NotRequired[int]
    budget: NotRequired[int]
    most: NotRequired[int]
    top: NotRequired[int]
    ties: NotRequired[bool]
    blank: NotRequired[bool]
    hidden: NotRequired[bool]
    blocked_above: NotRequired[int]
    reason: NotRequired[Literal["no", "optional", "required"]]
    prompt: NotRequired[str]


class DecisionsHead(TypedDict):
    """One voice of the person of the token; the receipt shows no choice."""

    head: int
    doors: list[str]
    area: int
    share: str | None
    ground: Literal["listed", "presumed", "proven", "delegate"]
    organization: str
    cast_at: str | None
    receipt: str
    refusal: Refusal | None


class DecisionsHelp(TypedDict):
    """A helped ballot; it shows no choice."""

    code: str
    doors: list[str]
    until: str
    settled_at: str | None
    agreed: bool | None
    receipt: str


class DecisionsHolder(TypedDict):
    """One of the three who hold the box."""

    position: int
    name: str
    organization: str
    ready: bool
    key: str


class DecisionsInterest(TypedDict):
    """An application, as its applicant and those who decide see it."""

    id: int
    unit: int
    door: str
    applicant: str
    text: str
    at: str
    state: Literal["waiting", "admitted", "declined", "withdrawn"]
    answer: str
    settled_at: str | None
    is_mine: bool


class DecisionsInterests(TypedDict):
    """Who may be admitted to a motion, and why the person of the token may not apply."""

    admitted: int
    units: list[DecisionsOwnUnit]
    refusal: Refusal | None
    applications: list[DecisionsInterest]


class DecisionsLineBody(TypedDict):
    """A line to be reached, or to be passed where it is not `inclusive`."""

    share: str
    inclusive: NotRequired[bool]
    base: NotRequired[Literal["electorate", "participants"]]


class DecisionsMandate(TypedDict):
    """Who casts for whom, as those two and, on paper, those who keep the papers see it."""

    id: int
    decision_id: int | None
    question: str
    until: str | None
    given_at: str
    principal: str
    door: str
    proxy: str
    is_mine: bool
    i_carry: bool
    on_paper: bool
    confirmed: bool
    holds: bool
    ended: Literal["revoked", "laid_down", "voted", "declined", None]
    ended_at: str | None


class DecisionsMisfit(TypedDict):
    """Units whose co-owners' shares cannot be counted."""

    code: str
    message: str
    units: int
    doors: list[str]


class DecisionsMotion(TypedDict):
    """A motion, and whether it can be announced."""

    id: int
    question: str
    text: str
    state: Literal["moved", "tabled", "noticed", "withdrawn"]
    rule: DecisionsRule
    form: DecisionsForm
    options: list[DecisionsMovedOption]
    supports: int
    supports_needed: int
    decision: int | None
    refusals: dict[str, Refusal | None]


class DecisionsMoved(TypedDict):
    """A motion as it was moved, and what of its words was masked before anybody read them."""

    id: int
    question: str
    text: str
    state: Literal["moved", "tabled", "noticed", "withdrawn"]
    rule: DecisionsRule
    form: DecisionsForm
    options: list[DecisionsMovedOption]
    supports: int
    supports_needed: int
    decision: int | None
    refusals: dict[str, Refusal | None]
    masked: list[Literal["identity", "phone", "plate", "room"]]


class DecisionsMovedOption(TypedDict):
    """An option of a motion."""

    position: int
    key: str
    label: str
    consequence: str
    cost: int


class DecisionsObjection(TypedDict):
    """An objection to a result, without who made it, and its answer."""

    id: int
    text: str
    at: str
    answer: str
    answered_for: str
    answered_at: str | None
    mine: bool


class DecisionsOpened(TypedDict):
    """What was on one ballot."""

    tracker: str
    marks: str


class DecisionsOption(TypedDict):
    """An option with its consequence; its figures are there after the close."""

    id: int
    position: int
    key: str
    label: str
    consequence: str
    cost: int
    heads: int | None
    area: int | None


class DecisionsOptionBody(TypedDict):
    """An option: what it is called, what follows when it is chosen, what it costs."""

    label: str
    consequence: str
    cost: NotRequired[int]


class DecisionsOwnUnit(TypedDict):
    """A unit of the person of the token in another building."""

    id: int
    door: str


class DecisionsPaperRow(TypedDict):
    """A paper ballot as those see it who enter papers; it shows no choice."""

    code: str
    doors: list[str]
    state: Literal["issued", "waiting", "differs", "counted", "rejected"]
    fault: Literal["unsigned", "unclear", "late", "already_cast", "lapsed", None]
    channel: Literal["web", "paper", "door", "proxy", "helped"]
    readings: int
    read_by_me: bool


class DecisionsPapers(TypedDict):
    """The papers of a vote: how many of each state, those that wait for a reader, those that do not count and why."""

    counts: dict[str, int]
    waiting: list[DecisionsPaperRow]
    rejected: list[DecisionsPaperRow]


class DecisionsPinned(TypedDict):
    """A state of the bulletin that was pinned up."""

    size: int
    root: str
    code: str
    at: str


class DecisionsPlaceRule(TypedDict):
    """A rule as it holds in a place; a template has to be confirmed there first."""

    code: Literal["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14"]
    version: int
    name: str
    article: str
    sentences: list[str]
    notice_days: int
    secrecy: str
    force: str
    seconders: str
    publication_days: int
    methods: list[Literal["single", "approval", "score", "ranked", "stv", "consent", "budget", "committee"]]
    secrecies: list[Literal["named", "secret", "checkable"]]
    scope: Literal["community", "building", "staircase", None]
    parking: Literal["with_area", "left_out"]
    co_owners: Literal["any", "joint", "shares"]
    proxy_heads: int
    proxy_periods: bool
    no_proxies: list[Literal["initiator", "property"]]
    template: bool
    source: str
    place: str | None
    waiting: int | None


class DecisionsPlanBody(TypedDict):
    """A task that is opened when the motion passes."""

    title: str
    text: NotRequired[str]
    slots: NotRequired[int]
    days: NotRequired[int]


class DecisionsReason(TypedDict):
    """A reason that its writer and a moderator let everybody read; never whose it is."""

    option: str
    text: str
    side: Literal["carried", "lost", "untold"]


class DecisionsReceipt(TypedDict):
    """That a ballot was taken; it shows no choice."""

    ordinal: int
    receipt: str
    cast_at: str
    missing: int


class DecisionsResolution(TypedDict):
    """What was resolved, and the answer of the body that it names."""

    id: int
    text: str
    body: str
    public_act: str
    answer: Literal["adopted", "partly", "declined", None]
    reason: str
    answered_at: str | None
    due_at: str | None
    overdue: bool


class DecisionsResult(TypedDict):
    """What came of it."""

    verdict: Literal["passed", "failed", "no_quorum", "annulled", "not_opened"]
    words: str
    at: str
    turnout: DecisionsTurnout
    absent: DecisionsTurnout
    tests: list[DecisionsTest]
    resolution: DecisionsResolution | None
    count: dict[str, Any]
    took_part: DecisionsTookPart | None
    reasons: list[DecisionsReason]


class DecisionsRound(TypedDict):
    """An open round. Voices are never added up."""

    id: int
    number: str
    kind: Literal["hands", "consent"]
    question: str
    asked_for: str
    opened_at: str
    closes_at: str
    closed_at: str | None
    summary: str
    runs: bool
    tally: dict[str, dict[str, int]]
    answers: list[DecisionsRoundAnswer]
    mine: Literal["agree", "against", "abstain", "block", None]
    refusal: Refusal | None


class DecisionsRoundAnswer(TypedDict):
    """What somebody said."""

    name: str
    voice: Literal["owner", "tenant", "resident", None]
    choice: Literal["agree", "against", "abstain", "block"]
    at: str
    concern: int | None
    mine: bool


class DecisionsRoundList(TypedDict):
    """The open rounds of a problem, the newest first."""

    rounds: list[DecisionsRoundRow]


class DecisionsRoundRow(TypedDict):
    """An open round in a list."""

    id: int
    kind: Literal["hands", "consent"]
    question: str
    closes_at: str
    runs: bool
    summary: str
    answers: int


class DecisionsRow(TypedDict):
    """A line of the list."""

    id: int
    question: str
    problem: str
    phase: Literal["coming", "open", "counting", "closed"]
    opens_at: str
    closes_at: str
    verdict: Literal["passed", "failed", "no_quorum", "annulled", "not_opened", None]
    my_open_heads: int


class DecisionsRows(TypedDict):
    """A part of the list."""

    items: list[DecisionsRow]
    next: str


class DecisionsRule(TypedDict):
    """The rule of a decision, as it was frozen."""

    code: Literal["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14"]
    version: int
    name: str
    article: str
    sentences: list[str]
    notice_days: int
    secrecy: str
    force: str


class DecisionsRunning(TypedDict):
    """What everybody may know before the close: no choice, and figures of full batches only."""

    met: bool | None
    turnout: DecisionsTurnout | None
    missing: DecisionsTurnout | None


class DecisionsSent(TypedDict):
    """An organization that is asked, and whom it sends."""

    id: int
    name: str
    kind: Literal[
        "body", "street", "command", "supervision", "committee", "owners_committee", "property", "social", "branch"
    ]
    delegate: str
    named_at: str | None
    is_me: bool
    candidates: list[DecisionsCandidate]
    refusal: Refusal | None


class DecisionsService(TypedDict):
    """How far a notice has come, and by which ways the ballots came; no figure is of fewer than ten households."""

    served: int | None
    channels: dict[str, int]


class DecisionsSigned(TypedDict):
    """The blind signature, from which the voter's device takes the blinding off."""

    signature: str


class DecisionsSimulation(TypedDict):
    """Who would vote within one scope if the motion were announced now, and how many that asks for."""

    scope: Literal["community", "building", "staircase"]
    heads: int
    units: int
    area: int
    heads_without_verified_person: int
    units_without_area: int
    units_without_owner: int
    units_left_out: int
    heads_by_proxy: int
    joint_heads: int
    joint_heads_incomplete: int
    split_heads: int
    shares_uncast: int
    proven_heads: int | None
    quorum: DecisionsTurnout | None
    fewest: DecisionsTurnout | None
    most: DecisionsTurnout | None
    misfits: list[DecisionsMisfit]


class DecisionsTemplate(TypedDict):
    """A ballot that a place keeps ready, in one of its versions."""

    id: int
    version: int
    name: str
    form: DecisionsForm
    options: list[DecisionsTemplateOption]
    reason: str
    at: str
    retired_at: str | None


class DecisionsTemplateOption(TypedDict):
    """An option, what follows from it, and what it costs."""

    label: str
    consequence: str
    cost: int


class DecisionsTenureRow(TypedDict):
    """How many owners, or tenants, took part."""

    tenure: Literal["owner", "tenant"]
    units: int
    voted: int


class DecisionsTest(TypedDict):
    """One question of the rule: a part of a base against a share."""

    name: str
    part: int
    base: int
    threshold: str
    inclusive: bool
    met: bool
    need: int
    missing: int


class DecisionsTookPart(TypedDict):
    """Who took part, by class, counted up to the last full ten ballots."""

    ballots: int
    buildings: list[DecisionsClassRow]
    tenures: list[DecisionsTenureRow]


class DecisionsTurnout(TypedDict):
    """How much: heads, and area."""

    heads: int
    area: int


class DecisionsUnread(TypedDict):
    """A reason as whoever checks it reads it: no name, and nothing of the ballot beside it."""

    id: str
    text: str
    checked: bool
    withheld: Literal["person", "insult", "elsewhere", "unlawful", None]


class DecisionsUnreadList(TypedDict):
    """The reasons of a vote, those that wait first."""

    reasons: list[DecisionsUnread]


class DecisionsVersion(TypedDict):
    """A version of a place's own rule."""

    id: int
    code: Literal["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14"]
    version: int
    place: str
    reason: str
    changes: list[str]
    proposed_at: str
    in_force_from: str | None
    settled_at: str | None


class DutiesDuty(TypedDict):
    """An item of a duty list: who answers for a matter at a place, within which limit, on what basis."""

    id: int
    number: str
    organization_id: int
    organization: str
    limit: int
    unit: Literal["emergency_hours", "working_hours", "working_days", "calendar_days"]
    basis: str


class DutiesMatter(TypedDict):
    """A matter of the catalogue."""

    id: int
    kind: Literal["component", "event", "community"]
    code: str
    name: str
    lane: str
    basis: str


class FilesBoxBody(TypedDict):
    """A rectangle to be covered, in thousandths of the picture's width and height."""

    left: int
    top: int
    width: int
    height: int


class FilesDocument(TypedDict):
    """A document that waits to be used, for an hour."""

    file: str
    title: str
    pages: int


class FilesPicture(TypedDict):
    """A picture that waits to be used, for an hour."""

    picture: str
    width: int
    height: int


class FrontBlock(TypedDict):
    """That somebody may not write in a topic or a place until a day, and their appeal."""

    id: int
    reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful"]
    words: str
    at: str
    until: str
    ended_at: str | None
    whole_place: bool
    appeal: str
    appealed_at: str | None
    granted: bool | None
    answer: str
    answered_at: str | None


class FrontEntries(TypedDict):
    """A part of the entries."""

    items: list[FrontEntry]
    next: str


class FrontEntry(TypedDict):
    """An entry of the journal: what, by whom, when, in a sentence that stands after the name."""

    number: int
    kind: str
    by: str
    sentence: str
    words: str
    basis: str
    at: str


class FrontFlagOfReview(TypedDict):
    """A flag: why, never by whom."""

    reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful"]
    words: str


class FrontFlagged(TypedDict):
    """That a flag was taken."""

    flagged: bool


class FrontLedger(TypedDict):
    """Counts of the last twelve months."""

    reviews: int
    open: int
    kept: int
    removed: int
    ordered: int
    held: int
    appeals: int
    answered: int
    overturned: int
    overdue: int
    hours: int | None
    reasons: dict[str, int]
    orders: list[FrontOrdered]
    blocks: int
    blocks_appealed: int
    blocks_ended: int
    slowed: int


class FrontOrdered(TypedDict):
    """What was taken down by order."""

    organ: str
    basis: str
    dated: str


class FrontPerson(TypedDict):
    """A person under the name that others see."""

    id: int
    pseudonym: str


class FrontReview(TypedDict):
    """A review, for the author or for those who decide it."""

    id: int
    subject: Literal[
        "message",
        "statement",
        "concern",
        "concern_answer",
        "solution",
        "amendment",
        "amendment_answer",
        "pledge",
        "minority",
        "summary",
        "objection",
        "interest",
        "motion",
        "signature",
        "problem",
        "voting_motion",
    ]
    subject_id: int
    problem: str
    state: Literal["open", "kept", "removed", "ordered", "restored"]
    held: Literal["flood", "repeated", "links", None]
    above: bool
    own: bool
    text: str
    flagged_text: str
    sealed: bool
    flags: list[FrontFlagOfReview]
    opened_at: str
    reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful", None]
    words: str
    decided_at: str | None
    appeal_until: str | None
    appeal: FrontReviewAppeal | None
    order_organ: str
    order_basis: str
    order_date: str | None


class FrontReviewAppeal(TypedDict):
    """The author's appeal, and what a second person answered."""

    words: str
    at: str
    granted: bool | None
    answer: str
    answered_at: str | None


class FrontRole(TypedDict):
    """A role that somebody holds: where, for whom, on which paper, from when until when."""

    id: int
    person_id: int
    role: Literal[
        "resident",
        "owner",
        "tenant",
        "grid_worker",
        "party_member",
        "social_member",
        "moderator",
        "dispatcher",
        "official",
        "inspector",
        "closer",
        "owners_committee",
        "street_office",
        "chair",
        "auditor",
        "administrator",
    ]
    scope: str
    organization_id: int | None
    public_name: str
    document: str
    since: str
    until: str | None
    ended_at: str | None


class FrontRoles(TypedDict):
    """A part of the list."""

    items: list[FrontRole]
    next: str


class FrontSettled(TypedDict):
    """The role as it is now; or until when a second administrator may sign at the console, before it changes."""

    role: FrontRole | None
    waits_until: str | None


class FrontSlowMode(TypedDict):
    """Whether a topic is slow: each person writes one message in so many minutes."""

    minutes: int | None
    reason: str | None
    until: str | None


class FrontSuspension(TypedDict):
    """That somebody may not raise, second, speak or claim at a place; it holds once `agreed_at` is there."""

    id: int
    person_id: int
    scope: str
    reason: Literal["threats", "privacy", "flooding", "falsehood", "impersonation"]
    since: str
    until: str
    agreed_at: str | None
    lifted_at: str | None


class FrontSuspensions(TypedDict):
    """A part of the list."""

    items: list[FrontSuspension]
    next: str


class FrontText(TypedDict):
    """A text as it stands, and what became of it where somebody looked at it."""

    kind: Literal[
        "message",
        "statement",
        "concern",
        "concern_answer",
        "solution",
        "amendment",
        "amendment_answer",
        "pledge",
        "minority",
        "summary",
        "objection",
        "interest",
        "motion",
        "signature",
        "problem",
        "voting_motion",
    ]
    id: int
    problem: str
    meeting_id: int | None
    words: dict[str, str]
    state: Literal["open", "kept", "removed", "ordered", "restored", None]
    reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful", None]
    under_review: bool
    order_organ: str
    order_basis: str
    order_date: str | None


class FrontWithdrawnMessage(TypedDict):
    """A message that was taken back."""

    id: int
    state: str


class FrontWithdrawnText(TypedDict):
    """That a text says nothing any more."""

    withdrawn: bool


class MeetingsAttendance(TypedDict):
    """The list of who is there."""

    items: list[MeetingsNamed]


class MeetingsAttendee(TypedDict):
    """Somebody in a meeting, under the number that they have there."""

    ordinal: int
    name: str
    acting_for: str
    category: Literal["resident", "owner", "delegate", "official"]
    presence: Literal["room", "online"]
    gone: bool
    entered: bool


class MeetingsComparedMinutes(TypedDict):
    """A version of minutes with its words, and what it changed in another one."""

    version: int
    at: str
    by: str
    organization: str
    current: bool
    text: str
    against: int | None
    difference: list[ThreadsPiece]


class MeetingsCount(TypedDict):
    """The hands of one category; they are never added up."""

    category: Literal["resident", "owner", "delegate", "official"]
    in_favour: int
    against: int
    abstained: int


class MeetingsItem(TypedDict):
    """An item of the agenda."""

    id: int
    position: int
    title: str
    problem: str
    state: Literal["waiting", "now", "done"]


class MeetingsMeeting(TypedDict):
    """A meeting with its agenda and what lies on the floor now."""

    id: int
    announcement: int
    state: Literal["called", "open", "closed"]
    title: str
    text: str
    begins: str
    spot: str
    place: str
    organization: str
    turn_seconds: int
    quorum: int
    cancelled_at: str | None
    cancelled_because: str
    opened_at: str | None
    closed_at: str | None
    agenda: list[MeetingsItem]
    present: list[MeetingsPresent]
    chair: MeetingsAttendee | None
    own: MeetingsAttendee | None
    motion: MeetingsMotion | None
    amendment: MeetingsMotion | None
    settled: list[MeetingsMotion]
    speaking: MeetingsTurn | None
    queue: list[MeetingsTurn]
    force: str
    code: str


class MeetingsMeetingHead(TypedDict):
    """A meeting in a list."""

    id: int
    announcement: int
    state: Literal["called", "open", "closed"]
    title: str
    text: str
    begins: str
    spot: str
    place: str
    organization: str
    turn_seconds: int
    quorum: int
    cancelled_at: str | None
    cancelled_because: str
    opened_at: str | None
    closed_at: str | None


class MeetingsMeetingMinutes(TypedDict):
    """The minutes in the version that holds now, with what was signed of it."""

    meeting: int
    version: int
    state: Literal["draft", "signing", "final"]
    text: str
    written_at: str
    signing_since: str | None
    final_at: str | None
    may_sign: int
    signatures: list[MeetingsSignature]


class MeetingsMeetings(TypedDict):
    """A part of the list."""

    items: list[MeetingsMeetingHead]
    next: str


class MeetingsMinutesVersion(TypedDict):
    """A version of minutes: when it was written, and by whom for the organization that called the meeting."""

    version: int
    at: str
    by: str
    organization: str
    current: bool


class MeetingsMinutesVersions(TypedDict):
    """A part of the list of versions."""

    items: list[MeetingsMinutesVersion]
    next: str


class MeetingsMotion(TypedDict):
    """A motion, or an amendment of one, with its hands."""

    id: int
    item: int
    text: str
    before: str
    state: Literal["open", "hands", "passed", "failed", "withdrawn"]
    mover: MeetingsAttendee
    amends: int | None
    reconsiders: int | None
    hands: list[MeetingsCount]
    own_hand: Literal["for", "against", "abstain", None]
    decided_at: str | None
    present: int | None
    outcomes: list[MeetingsOutcome]


class MeetingsNamed(TypedDict):
    """Somebody on the list of who is there."""

    ordinal: int
    name: str
    acting_for: str
    category: Literal["resident", "owner", "delegate", "official"]
    presence: Literal["room", "online"]
    gone: bool
    entered: bool
    called: str
    at: str
    left_at: str | None


class MeetingsOutcome(TypedDict):
    """What followed from a motion that was carried: a task, a motion put to the vote, or a case."""

    kind: Literal["task", "vote", "case"]
    subject: int
    title: str
    state: str
    at: str


class MeetingsPresent(TypedDict):
    """How many of a category are there in one way."""

    category: Literal["resident", "owner", "delegate", "official"]
    presence: Literal["room", "online"]
    count: int


class MeetingsSignature(TypedDict):
    """A signature under the minutes."""

    who: MeetingsAttendee
    agrees: bool
    reason: str
    at: str


class MeetingsTurn(TypedDict):
    """A turn to speak."""

    id: int
    side: Literal["for", "against", "question"]
    who: MeetingsAttendee
    own: bool
    called_at: str | None
    prompted: bool


class MessageList(TypedDict):
    """Base schema class with which to define schemas.

    Example usage:

    .. code-block:: python

        import datetime as dt
        from dataclasses import dataclass

        from marshmallow import Schema, fields


        @dataclass
        class Album:
            title: str
            release_date: dt.date


        class AlbumSchema(Schema):
            title = fields.Str()
            release_date = fields.Date()


        album = Album("Beggars Banquet", dt.date(1968, 12, 6))
        schema = AlbumSchema()
        data = schema.dump(album)
        data  # {'release_date': '1968-12-06', 'title': 'Beggars Banquet'}

    :param only: Whitelist of the declared fields to select when
        instantiating the Schema. If None, all fields are used. Nested fields
        can be represented with dot delimiters.
    :param exclude: Blacklist of the declared fields to exclude
        when instantiating the Schema. If a field appears in both `only` and
        `exclude`, it is not used. Nested fields can be represented with dot
        delimiters.
    :param many: Should be set to `True` if ``obj`` is a collection
        so that the object will be serialized to a list.
    :param load_only: Fields to skip during serialization (write-only fields)
    :param dump_only: Fields to skip during deserialization (read-only fields)
    :param partial: Whether to ignore missing fields and not require
        any fields declared. Propagates down to ``Nested`` fields as well. If
        its value is an iterable, only missing fields listed in that iterable
        will be ignored. Use dot delimiters to specify nested fields.
    :param unknown: Whether to exclude, include, or raise an error for unknown
        fields in the data. Use `EXCLUDE`, `INCLUDE` or `RAISE`.

    .. versionchanged:: 3.0.0
        Remove ``prefix`` parameter.

    .. versionchanged:: 4.0.0
        Remove ``context`` parameter."""

    items: list[ThreadsMessage]
    next: str


class MinorityList(TypedDict):
    """Base schema class with which to define schemas.

    Example usage:

    .. code-block:: python

        import datetime as dt
        from dataclasses import dataclass

        from marshmallow import Schema, fields


        @dataclass
        class Album:
            title: str
            release_date: dt.date


        class AlbumSchema(Schema):
            title = fields.Str()
            release_date = fields.Date()


        album = Album("Beggars Banquet", dt.date(1968, 12, 6))
        schema = AlbumSchema()
        data = schema.dump(album)
        data  # {'release_date': '1968-12-06', 'title': 'Beggars Banquet'}

    :param only: Whitelist of the declared fields to select when
        instantiating the Schema. If None, all fields are used. Nested fields
        can be represented with dot delimiters.
    :param exclude: Blacklist of the declared fields to exclude
        when instantiating the Schema. If a field appears in both `only` and
        `exclude`, it is not used. Nested fields can be represented with dot
        delimiters.
    :param many: Should be set to `True` if ``obj`` is a collection
        so that the object will be serialized to a list.
    :param load_only: Fields to skip during serialization (write-only fields)
    :param dump_only: Fields to skip during deserialization (read-only fields)
    :param partial: Whether to ignore missing fields and not require
        any fields declared. Propagates down to ``Nested`` fields as well. If
        its value is an iterable, only missing fields listed in that iterable
        will be ignored. Use dot delimiters to specify nested fields.
    :param unknown: Whether to exclude, include, or raise an error for unknown
        fields in the data. Use `EXCLUDE`, `INCLUDE` or `RAISE`.

    .. versionchanged:: 3.0.0
        Remove ``prefix`` parameter.

    .. versionchanged:: 4.0.0
        Remove ``context`` parameter."""

    items: list[ThreadsMinority]
    next: str


class OpinionCell(TypedDict):
    """How one group answered, of ten people or more."""

    agree: int
    disagree: int
    about: int


class OpinionClassRow(TypedDict):
    """Of how many homes of a class somebody took part; null where it is not told."""

    name: str
    homes: int
    took_part: int | None
    words: str


class OpinionClasses(TypedDict):
    """A table of classes known from the roll."""

    by: str
    rows: list[OpinionClassRow]


class OpinionConversation(TypedDict):
    """A question to a neighbourhood, how far it is, and what you are asked next."""

    id: int
    number: int
    problem: str
    question: str
    opens_at: str
    closes_at: str
    closed_at: str | None
    state: Literal["coming", "open", "closed"]
    people: int
    statements: int
    to_answer: int
    answered: int
    asked: OpinionStatement | None
    own: list[OpinionOwnStatement]
    drawn_at: str | None


class OpinionGroup(TypedDict):
    """A group of ten or more: how many, and which statements stand for it."""

    name: str
    people: int
    agrees_with: list[str]
    disagrees_with: list[str]


class OpinionMap(TypedDict):
    """A map as it was drawn last; with fewer than ten people there is none, and statements may have plain counts."""

    conversation: int
    question: str
    drawn_at: str | None
    people: int
    answers: int
    hidden_groups: int
    groups: list[OpinionGroup]
    statements: list[OpinionRead]
    classes: list[OpinionClasses]
    reliability: list[str]
    open_concerns: int
    behind: int
    imported: bool


class OpinionOwnStatement(TypedDict):
    """What you wrote, and what became of it, in sentences."""

    id: int
    number: int
    text: str
    state: Literal["shown", "held", "withdrawn", "removed", "ordered"]
    told: list[str]


class OpinionQuestion(TypedDict):
    """A question that was asked, or is."""

    id: int
    number: int
    question: str
    opens_at: str
    closes_at: str
    closed_at: str | None
    state: Literal["coming", "open", "closed"]


class OpinionQuestionList(TypedDict):
    """All questions of a problem, the last one first."""

    items: list[OpinionQuestion]


class OpinionRead(TypedDict):
    """A statement with its counts and readings."""

    name: str
    text: str
    agree: int | None
    disagree: int | None
    answered: int | None
    at_least: int | None
    every_group: bool
    bridging: float
    consensus: bool
    groups: list[OpinionCell | None]


class OpinionStatement(TypedDict):
    """A statement; how it was answered stands in `counted` once one has answered it, or when all is over."""

    id: int
    number: int
    text: str
    state: Literal["shown", "held", "withdrawn", "removed", "ordered"]
    by: str
    own: bool
    answer: Literal["agree", "disagree", "pass", None]
    counted: str | None


class OpinionStatementList(TypedDict):
    """Statements by number."""

    items: list[OpinionStatement]
    next: str


class OpinionWritten(TypedDict):
    """A statement as it was written: masked where it named somebody's number, held where somebody has to look."""

    id: int
    number: int
    text: str
    state: Literal["shown", "held", "withdrawn", "removed", "ordered"]
    masked: list[Literal["identity", "phone", "plate", "room"]]
    held: Literal["flood", "repeated", "links", None]


class PeopleMe(TypedDict):
    """The person of the token, under the name that others see, and what they may act as."""

    pseudonym: str
    scopes: list[str]
    standings: list[PeopleStanding]


class PeopleOrganization(TypedDict):
    """An organization that answers for a place, and how it is reached."""

    id: int
    kind: Literal[
        "body", "street", "command", "supervision", "committee", "owners_committee", "property", "social", "branch"
    ]
    name: str
    short_name: str
    scope: str
    contact: str
    ended_at: str | None


class PeopleStanding(TypedDict):
    """A role held now: where, for whom, until when; the id goes into the header Cogov-Acting."""

    id: int
    role: str
    role_name: str
    scope: str
    organization_id: int | None
    organization: str
    until: str | None
    acting: bool


class PlacesBuilding(TypedDict):
    """A building of a community."""

    id: int
    name: str
    grid: int | None


class PlacesCommunity(TypedDict):
    """A community."""

    code: str
    name: str


class PlacesGrid(TypedDict):
    """A grid of a community."""

    id: int
    code: str
    name: str


class PlacesHome(TypedDict):
    """A home that the person of the token lives in."""

    id: int
    place: str
    building: str
    staircase: str
    door: str
    kind: Literal["owner", "family", "tenant"]
    since: str
    ended_at: str | None


class PlacesWholeCommunity(TypedDict):
    """A community with what it consists of."""

    code: str
    name: str
    grids: list[PlacesGrid]
    buildings: list[PlacesBuilding]


class PledgeList(TypedDict):
    """Base schema class with which to define schemas.

    Example usage:

    .. code-block:: python

        import datetime as dt
        from dataclasses import dataclass

        from marshmallow import Schema, fields


        @dataclass
        class Album:
            title: str
            release_date: dt.date


        class AlbumSchema(Schema):
            title = fields.Str()
            release_date = fields.Date()


        album = Album("Beggars Banquet", dt.date(1968, 12, 6))
        schema = AlbumSchema()
        data = schema.dump(album)
        data  # {'release_date': '1968-12-06', 'title': 'Beggars Banquet'}

    :param only: Whitelist of the declared fields to select when
        instantiating the Schema. If None, all fields are used. Nested fields
        can be represented with dot delimiters.
    :param exclude: Blacklist of the declared fields to exclude
        when instantiating the Schema. If a field appears in both `only` and
        `exclude`, it is not used. Nested fields can be represented with dot
        delimiters.
    :param many: Should be set to `True` if ``obj`` is a collection
        so that the object will be serialized to a list.
    :param load_only: Fields to skip during serialization (write-only fields)
    :param dump_only: Fields to skip during deserialization (read-only fields)
    :param partial: Whether to ignore missing fields and not require
        any fields declared. Propagates down to ``Nested`` fields as well. If
        its value is an iterable, only missing fields listed in that iterable
        will be ignored. Use dot delimiters to specify nested fields.
    :param unknown: Whether to exclude, include, or raise an error for unknown
        fields in the data. Use `EXCLUDE`, `INCLUDE` or `RAISE`.

    .. versionchanged:: 3.0.0
        Remove ``prefix`` parameter.

    .. versionchanged:: 4.0.0
        Remove ``context`` parameter."""

    items: list[ThreadsPledge]
    next: str


class ProblemsAct(TypedDict):
    """Whether the person of the token may do something now, and if not, why."""

    allowed: bool
    refusal: Refusal | None


class ProblemsFollowBody(TypedDict):
    """How much somebody wants to hear of a problem: every step, only what waits for them, or nothing more."""

    level: Literal["all", "needs", "none"]


class ProblemsList(TypedDict):
    """A part of the list."""

    items: list[ProblemsRow]
    next: str


class ProblemsMet(TypedDict):
    """How many have met a problem; whoever wants the rest asks for the problem."""

    number: str
    seconds: int
    households: int


class ProblemsProblem(TypedDict):
    """A problem with its words, its triage and what may be done with it."""

    number: str
    title: str
    stage: Literal["raised", "gathering", "deciding", "acting", "official", "mediating", "confirming", "ended"]
    official: Literal["none", "open", "closed"]
    ending: Literal["fixed", "unconfirmed", "referred", "mediated", "merged", "withheld", None]
    lane: Literal["A", "B", "AB", "M", "X", None]
    emergency: bool
    hidden: bool
    seconds: int
    households: int
    round: int
    raised_at: str
    changed_at: str
    due_at: str | None
    grid: str
    accountable: str
    page: dict[str, Any]
    text: str
    spot: str
    longitude: int | None
    latitude: int | None
    matter: int | None
    merged_into: str
    triage: ProblemsProposal | None
    pictures: list[str]
    raisers: list[int]
    emergency_numbers: list[str]
    acts: dict[str, ProblemsAct]


class ProblemsProposal(TypedDict):
    """What the rules propose, or what triage came to."""

    confirmed: bool
    lane: Literal["A", "B", "AB", "M", "X"]
    lane_name: str
    reason_name: str
    rule_name: str
    body: str | None


class ProblemsRow(TypedDict):
    """A problem as a line of a list."""

    number: str
    title: str
    stage: Literal["raised", "gathering", "deciding", "acting", "official", "mediating", "confirming", "ended"]
    official: Literal["none", "open", "closed"]
    ending: Literal["fixed", "unconfirmed", "referred", "mediated", "merged", "withheld", None]
    lane: Literal["A", "B", "AB", "M", "X", None]
    emergency: bool
    hidden: bool
    seconds: int
    households: int
    round: int
    raised_at: str
    changed_at: str
    due_at: str | None
    grid: str
    accountable: str
    page: dict[str, Any]


class ProblemsWritten(TypedDict):
    """A problem after somebody wrote words to it, and what of them was masked before anybody read them."""

    number: str
    title: str
    stage: Literal["raised", "gathering", "deciding", "acting", "official", "mediating", "confirming", "ended"]
    official: Literal["none", "open", "closed"]
    ending: Literal["fixed", "unconfirmed", "referred", "mediated", "merged", "withheld", None]
    lane: Literal["A", "B", "AB", "M", "X", None]
    emergency: bool
    hidden: bool
    seconds: int
    households: int
    round: int
    raised_at: str
    changed_at: str
    due_at: str | None
    grid: str
    accountable: str
    page: dict[str, Any]
    text: str
    spot: str
    longitude: int | None
    latitude: int | None
    matter: int | None
    merged_into: str
    triage: ProblemsProposal | None
    pictures: list[str]
    raisers: list[int]
    emergency_numbers: list[str]
    acts: dict[str, ProblemsAct]
    masked: list[Literal["identity", "phone", "plate", "room"]]


class Refusal(TypedDict):
    """Why not, and what can be done: the same for pages and programs."""

    code: str
    message: str
    article: str
    what_next: str
    appeal: str
    fields: dict[str, Any]


class SolutionList(TypedDict):
    """Base schema class with which to define schemas.

    Example usage:

    .. code-block:: python

        import datetime as dt
        from dataclasses import dataclass

        from marshmallow import Schema, fields


        @dataclass
        class Album:
            title: str
            release_date: dt.date


        class AlbumSchema(Schema):
            title = fields.Str()
            release_date = fields.Date()


        album = Album("Beggars Banquet", dt.date(1968, 12, 6))
        schema = AlbumSchema()
        data = schema.dump(album)
        data  # {'release_date': '1968-12-06', 'title': 'Beggars Banquet'}

    :param only: Whitelist of the declared fields to select when
        instantiating the Schema. If None, all fields are used. Nested fields
        can be represented with dot delimiters.
    :param exclude: Blacklist of the declared fields to exclude
        when instantiating the Schema. If a field appears in both `only` and
        `exclude`, it is not used. Nested fields can be represented with dot
        delimiters.
    :param many: Should be set to `True` if ``obj`` is a collection
        so that the object will be serialized to a list.
    :param load_only: Fields to skip during serialization (write-only fields)
    :param dump_only: Fields to skip during deserialization (read-only fields)
    :param partial: Whether to ignore missing fields and not require
        any fields declared. Propagates down to ``Nested`` fields as well. If
        its value is an iterable, only missing fields listed in that iterable
        will be ignored. Use dot delimiters to specify nested fields.
    :param unknown: Whether to exclude, include, or raise an error for unknown
        fields in the data. Use `EXCLUDE`, `INCLUDE` or `RAISE`.

    .. versionchanged:: 3.0.0
        Remove ``prefix`` parameter.

    .. versionchanged:: 4.0.0
        Remove ``context`` parameter."""

    items: list[ThreadsSolution]
    next: str


class TasksClaim(TypedDict):
    """A claim on a slot."""

    id: int
    task: int
    state: Literal["active", "handed_in", "verified", "returned"]
    claimed_at: str
    due_at: str


class TasksHandedIn(TypedDict):
    """A claim after its work was handed in, and what of the words was masked before anybody read them."""

    id: int
    task: int
    state: Literal["active", "handed_in", "verified", "returned"]
    claimed_at: str
    due_at: str
    masked: list[Literal["identity", "phone", "plate", "room"]]


class TasksTask(TypedDict):
    """A task with its slots, and what the person of the token has to do with it."""

    id: int
    title: str
    text: str
    state: Literal["open", "done", "cancelled"]
    slots: int
    taken: int
    done: int
    free: int
    days: int
    starts_at: str | None
    meeting_point: str
    organization: str
    problem: str
    mine: Literal["active", "handed_in", "verified", "returned", None]
    my_claim: int | None
    my_due_at: str | None


class TasksTasks(TypedDict):
    """A part of the list."""

    items: list[TasksTask]
    next: str


class TellChoices(TypedDict):
    """How much you hear of each kind; what waits for you is always told."""

    dossiers: Literal["all", "important", "none"]
    community: Literal["all", "important", "none"]


class TellDone(TypedDict):
    """That it was done."""

    done: bool


class TellNotice(TypedDict):
    """The news about one problem or announcement: the latest step, and how much more there is."""

    topic: int
    last: int
    problem: str
    title: str
    sentence: str
    why: str
    at: str
    unread: int
    pressing: bool


class TellNotices(TypedDict):
    """A part of the news: what presses stands before what does not, then the latest first."""

    items: list[TellNotice]
    next: str


class ThreadsAmendment(TypedDict):
    """A change to a solution: the whole of it as it would read, what that changes, and what became of it."""

    id: int
    number: int
    on_version: int
    title: str
    text: str
    cost: int | None
    needs_permit: bool
    benefits: str
    bears: str
    difference: list[ThreadsPiece]
    why: str
    by: ThreadsByline
    at: str
    state: Literal["proposed", "accepted", "rejected", "promoted", "withdrawn"]
    answer: str
    answered_by: ThreadsByline | None
    became_version: int | None
    became_solution: int | None


class ThreadsAmendmentList(TypedDict):
    """The changes to a solution, the newest first."""

    items: list[ThreadsAmendment]


class ThreadsAnswer(TypedDict):
    """An answer to a concern, or why it was overruled."""

    text: str
    by: ThreadsByline
    at: str
    solution_number: int | None
    solution_version: int | None


class ThreadsByline(TypedDict):
    """Under what name somebody stands on a dossier."""

    kind: str
    name: str
    acting_for: str
    until: str | None
    stake: str | None
    stake_words: str
    stake_id: int | None


class ThreadsConcern(TypedDict):
    """A concern: the harm, what would remove it, and what became of it."""

    id: int
    number: int
    harm: str
    remedy: str
    solution: int | None
    at: str
    by: ThreadsByline
    own: bool
    state: Literal["open", "answered", "overruled", "withdrawn"]
    due_at: str | None
    overdue: bool
    answer: ThreadsAnswer | None
    overruling: ThreadsAnswer | None


class ThreadsEditedMessage(TypedDict):
    """A message as it has been edited."""

    id: int
    version: int
    text: str
    state: Literal["shown", "held", "withdrawn", "removed", "ordered"]


class ThreadsEnclosingBody(TypedDict):
    """A file that was sent before, and what is on it."""

    file: str
    words: NotRequired[str]


class ThreadsEnclosure(TypedDict):
    """A file beside a message: a picture with its measures, or a document with its title and pages."""

    id: int
    address: str
    words: str
    width: int | None
    height: int | None
    title: str | None
    pages: int | None
    size: int


class ThreadsEndorsed(TypedDict):
    """An organization that stands behind a version of a solution."""

    organization: str
    version: int


class ThreadsInterestBody(TypedDict):
    """What is at stake for who speaks; without a kind, what was said is taken back."""

    kind: Literal["affected", "user", "owner", "business", "official", "expert", "other", None]
    words: str


class ThreadsLeeway(TypedDict):
    """How much of a topic can be changed, as the body that takes it declared, and why."""

    version: int
    room: Literal["open", "partly", "fixed"]
    open_part: str
    reason: str
    organization: str
    at: str


class ThreadsLeewayList(TypedDict):
    """Every declaration, the newest first; the first one holds."""

    items: list[ThreadsLeeway]


class ThreadsMessage(TypedDict):
    """A message with the latest of its replies."""

    id: int
    kind: Literal["problem", "reason", "evidence", "suggestion", "question"]
    text: str
    at: str
    by: ThreadsByline
    own: bool
    version: int
    edited_at: str | None
    quote: ThreadsQuote | None
    enclosures: list[ThreadsEnclosure]
    reply_count: int
    replies: list[dict[str, Any]]


class ThreadsMessageText(TypedDict):
    """What a message said from a moment on."""

    version: int
    text: str
    at: str
    enclosures: list[ThreadsEnclosure]


class ThreadsMessageVersions(TypedDict):
    """Every version of a message, and what one of them changed."""

    versions: list[ThreadsMessageText]
    version: int | None
    changes: list[ThreadsPiece]


class ThreadsMinority(TypedDict):
    """What those say who disagree, how many signed it, and the first of them."""

    id: int
    number: int
    text: str
    by: ThreadsByline
    at: str
    signed: int
    signers: list[ThreadsByline]
    own: bool


class ThreadsMinutesAnswer(TypedDict):
    """What somebody who takes part says of minutes."""

    endorses: bool
    reason: str
    by: ThreadsByline
    at: str


class ThreadsOutcome(TypedDict):
    """What came out, and beside it those who disagree."""

    id: int
    kind: Literal["consensus", "decision"]
    subject: int
    statement: str
    at: str
    until: str
    minority: list[ThreadsMinority]
    minority_count: int


class ThreadsOutcomeList(TypedDict):
    """What came out of a problem, the newest first."""

    items: list[ThreadsOutcome]


class ThreadsPart(TypedDict):
    """A part of the deliberation, whether it is taken now, and the times that were set for it."""

    part: Literal["discussion", "concerns", "solutions", "amendments", "pledges"]
    name: str
    open: bool
    always: bool
    times: list[ThreadsTime]


class ThreadsPartList(TypedDict):
    """Every part of the deliberation; several are open at once."""

    items: list[ThreadsPart]


class ThreadsPiece(TypedDict):
    """A run of signs that stayed, is new, or is gone."""

    kind: Literal["same", "added", "removed"]
    text: str


class ThreadsPledge(TypedDict):
    """What somebody promised, exactly, and what became of it."""

    id: int
    number: int
    kind: Literal["money", "time", "material"]
    amount: int | None
    what: str
    state: Literal["pledged", "kept", "withdrawn"]
    by: ThreadsByline
    at: str
    solution: int | None
    called_at: str | None
    seen_by: ThreadsByline | None


class ThreadsQuote(TypedDict):
    """What a message quotes; without words where they are not there any more."""

    message: int
    version: int
    text: str
    by: ThreadsByline


class ThreadsReading(TypedDict):
    """What is new to you in a thread; nobody else is told."""

    marked: bool
    count: int
    first: int | None


class ThreadsSolution(TypedDict):
    """The latest version of a solution; cost in fen."""

    id: int
    number: int
    version: int
    version_id: int
    title: str
    text: str
    cost: int | None
    needs_permit: bool
    benefits: str
    bears: str
    endorsed_by: list[ThreadsEndorsed]
    open_concerns: list[int]
    changes: int
    at: str
    by: ThreadsByline
    solves: list[int]


class ThreadsSummaries(TypedDict):
    """All versions of a summary, the latest first; proposals; and what people say of the latest minutes."""

    versions: list[ThreadsSummary]
    proposed: list[ThreadsSummary]
    declined: list[ThreadsSummary]
    answers: list[ThreadsMinutesAnswer]
    own_answer: bool | None


class ThreadsSummary(TypedDict):
    """A version of the summary of a discussion; minutes are answered by who takes part."""

    id: int
    number: int | None
    kind: Literal["summary", "minutes"]
    state: Literal["standing", "proposed", "declined"]
    text: str
    base: int
    by: ThreadsByline
    at: str
    sources: list[int]
    endorsed: int
    objected: int
    reason: str
    changes: list[ThreadsPiece]


class ThreadsTime(TypedDict):
    """A time that was set for a part."""

    id: int
    opens_at: str
    closes_at: str | None
    reason: str
    organization: str
    cancelled: bool


class ChangePseudonym(TypedDict):
    """What is answered."""

    pseudonym: str


class PostMessage(TypedDict):
    """What is answered."""

    id: int
    kind: Literal["problem", "reason", "evidence", "suggestion", "question"]
    text: str


class AnswerCall(TypedDict):
    """What is answered."""

    id: int
    state: Literal["called", "answered", "released"]
