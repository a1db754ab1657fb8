"""One method for each operation of the API; written by tools/client.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from cogov.client.answers import (
    AnnouncementsAnnouncement,
    AnnouncementsAnnouncements,
    AnswerCall,
    BylineList,
    CasesCase,
    CasesRows,
    ChangePseudonym,
    ConcernList,
    DecisionsAuthority,
    DecisionsBox,
    DecisionsBulletin,
    DecisionsBundle,
    DecisionsCourse,
    DecisionsDecision,
    DecisionsDropped,
    DecisionsFormBody,
    DecisionsHelp,
    DecisionsInterests,
    DecisionsLineBody,
    DecisionsMandate,
    DecisionsMotion,
    DecisionsMoved,
    DecisionsOptionBody,
    DecisionsPaperRow,
    DecisionsPapers,
    DecisionsPlaceRule,
    DecisionsPlanBody,
    DecisionsReceipt,
    DecisionsResolution,
    DecisionsRound,
    DecisionsRoundList,
    DecisionsRow,
    DecisionsRows,
    DecisionsSent,
    DecisionsService,
    DecisionsSigned,
    DecisionsSimulation,
    DecisionsTemplate,
    DecisionsUnreadList,
    DecisionsVersion,
    DutiesDuty,
    DutiesMatter,
    FilesBoxBody,
    FilesDocument,
    FilesPicture,
    FrontBlock,
    FrontEntries,
    FrontEntry,
    FrontFlagged,
    FrontLedger,
    FrontPerson,
    FrontReview,
    FrontRoles,
    FrontSettled,
    FrontSlowMode,
    FrontSuspension,
    FrontSuspensions,
    FrontText,
    FrontWithdrawnMessage,
    FrontWithdrawnText,
    MeetingsAttendance,
    MeetingsComparedMinutes,
    MeetingsMeeting,
    MeetingsMeetingHead,
    MeetingsMeetingMinutes,
    MeetingsMeetings,
    MeetingsMinutesVersion,
    MeetingsMinutesVersions,
    MessageList,
    MinorityList,
    OpinionConversation,
    OpinionMap,
    OpinionQuestionList,
    OpinionStatement,
    OpinionStatementList,
    OpinionWritten,
    PeopleMe,
    PeopleOrganization,
    PlacesCommunity,
    PlacesHome,
    PlacesWholeCommunity,
    PledgeList,
    PostMessage,
    ProblemsFollowBody,
    ProblemsList,
    ProblemsMet,
    ProblemsProblem,
    ProblemsRow,
    ProblemsWritten,
    SolutionList,
    TasksClaim,
    TasksHandedIn,
    TasksTask,
    TasksTasks,
    TellChoices,
    TellDone,
    TellNotices,
    ThreadsAmendment,
    ThreadsAmendmentList,
    ThreadsByline,
    ThreadsConcern,
    ThreadsEditedMessage,
    ThreadsEnclosingBody,
    ThreadsInterestBody,
    ThreadsLeewayList,
    ThreadsMessage,
    ThreadsMessageVersions,
    ThreadsMinority,
    ThreadsOutcomeList,
    ThreadsPartList,
    ThreadsPledge,
    ThreadsReading,
    ThreadsSolution,
    ThreadsSummaries,
)
from cogov.client.connection import Connection, new_key, parts
from cogov.client.connection import quoted as _quoted


class Client(Connection):
    """An installation of cogov, asked under one token."""

    def show_me(self) -> PeopleMe:
        """Who I am here, and as what I may act.

        The person under their public name, the scopes of the token, and every standing held now. The id of a
        standing goes into the header `Cogov-Acting`.

        Needs a token with the scope `read`.
        """
        told: PeopleMe = self._asked("GET", "/me")
        return told

    def change_pseudonym(self, *, pseudonym: str, key: str | None = None) -> ChangePseudonym:
        """Choose another public name.

        The person of the token. On dossiers one stands under a number of one's own, which stays; another change
        waits thirty days.

        Needs a token with the scope `take_part`.

        May be refused as `pseudonym_length`, `pseudonym_number`, `pseudonym_office`, `pseudonym_signs`,
        `pseudonym_taken`, `renamed_lately`.
        """
        told: ChangePseudonym = self._asked(
            "POST", "/me/pseudonym", body={"pseudonym": pseudonym}, key=key or new_key()
        )
        return told

    def list_organizations(
        self,
        *,
        place: str,
        kind: Literal[
            "body", "street", "command", "supervision", "committee", "owners_committee", "property", "social", "branch"
        ]
        | None = None,
    ) -> list[PeopleOrganization]:
        """The organizations that reach a community, by kind and name.

        Anybody. Their ids are the `body` of `triage_problem`, the `body_id` of `dispatch_case` and the
        `organization_ids` of `call_bodies`.
        """
        told: list[PeopleOrganization] = self._asked("GET", "/organizations", query={"place": place, "kind": kind})
        return told

    def enter_organization(
        self,
        *,
        name: str,
        kind: Literal[
            "body", "street", "command", "supervision", "committee", "owners_committee", "property", "social", "branch"
        ],
        scope: str,
        short_name: str | None = None,
        contact: str | None = None,
        key: str | None = None,
    ) -> PeopleOrganization:
        """Enter an organization.

        Administrators, within their area. The kind cannot be changed afterwards.

        Needs a token with the scope `keep`.

        May be refused as `not_who_keeps`, `organization_exists`, `place_missing`.
        """
        told: PeopleOrganization = self._asked(
            "POST",
            "/organizations",
            body={"name": name, "kind": kind, "scope": scope, "short_name": short_name, "contact": contact},
            key=key or new_key(),
        )
        return told

    def list_homes(self) -> list[PlacesHome]:
        """Where I live here.

        The person of the token: the homes that the committee has checked and that have not ended.

        Needs a token with the scope `read`.
        """
        told: list[PlacesHome] = self._asked("GET", "/me/homes")
        return told

    def move_out(self, residence_id: int, *, key: str | None = None) -> PlacesHome:
        """Say that I have moved out.

        The person of the token, about their own home. What they may do by living there ends with the next thing
        they do; what they said stays. Refused while work they have claimed there is not handed in.

        Needs a token with the scope `keep`.

        May be refused as `last_administrator`, `residence_ended`, `role_ended`.
        """
        told: PlacesHome = self._asked("POST", f"/me/homes/{_quoted(residence_id)}/end", key=key or new_key())
        return told

    def list_communities(self) -> list[PlacesCommunity]:
        """The communities of this installation, by code.

        Anybody. The code of a community is what other operations call `place`.
        """
        told: list[PlacesCommunity] = self._asked("GET", "/communities")
        return told

    def show_community(self, code: str) -> PlacesWholeCommunity:
        """A community with its grids and buildings.

        Anybody. Its grids and buildings are what a problem is raised in when there is no pin.
        """
        told: PlacesWholeCommunity = self._asked("GET", f"/communities/{_quoted(code)}")
        return told

    def list_matters(self) -> list[DutiesMatter]:
        """The matters in use, by kind and code.

        Anybody. A matter says which lane a problem usually takes; `list_duties` says who answers for it.
        """
        told: list[DutiesMatter] = self._asked("GET", "/matters")
        return told

    def list_duties(self, matter_id: int, *, place: str) -> list[DutiesDuty]:
        """Who answers for a matter at a community, the nearest first.

        Anybody. The nearest item first; its id is the `duty_item` of `triage_problem` and the `duty_item_id` of
        `dispatch_case`.
        """
        told: list[DutiesDuty] = self._asked("GET", f"/matters/{_quoted(matter_id)}/duties", query={"place": place})
        return told

    def keep_picture(
        self, *, picture: str, boxes: list[FilesBoxBody] | None = None, key: str | None = None
    ) -> FilesPicture:
        """Send a picture that the next request will use.

        Anybody signed in. The picture is drawn anew, so that nothing but its pixels is kept: no place, no camera,
        no hour. What lies under the boxes is covered before anything is written and cannot be uncovered. It waits
        for an hour; name it in `raise_problem`, `post_message`, `edit_message`, `hand_in_task` or `handle_case`.

        Needs a token with the scope `take_part`.
        """
        told: FilesPicture = self._asked(
            "POST", "/pictures", body={"picture": picture, "boxes": boxes}, key=key or new_key()
        )
        return told

    def keep_document(self, *, document: str, title: str, key: str | None = None) -> FilesDocument:
        """Send a PDF that the next message will enclose.

        Anybody signed in. The PDF is written anew from its pages: scripts, actions, files within it and what tells
        of its author are left behind, and one with a password is refused. It waits for an hour; name it in
        `post_message` or `edit_message`.

        Needs a token with the scope `take_part`.
        """
        told: FilesDocument = self._asked(
            "POST", "/documents", body={"document": document, "title": title}, key=key or new_key()
        )
        return told

    def list_problems(
        self,
        *,
        place: str,
        after: str | None = None,
        limit: int | None = None,
        stage: Literal["raised", "gathering", "deciding", "acting", "official", "mediating", "confirming", "ended"]
        | None = None,
        ending: Literal["fixed", "unconfirmed", "referred", "mediated", "merged", "withheld"] | None = None,
        grid: int | None = None,
        mine: bool | None = None,
    ) -> ProblemsList:
        """The problems of a community, the newest first.

        Anybody. What is hidden is listed for those alone who have a part in it. Ask on with `after`, the `next` of
        the part before.
        """
        told: ProblemsList = self._asked(
            "GET",
            "/problems",
            query={
                "after": after,
                "limit": limit,
                "place": place,
                "stage": stage,
                "ending": ending,
                "grid": grid,
                "mine": mine,
            },
        )
        return told

    def iter_problems(
        self,
        *,
        place: str,
        limit: int | None = None,
        stage: Literal["raised", "gathering", "deciding", "acting", "official", "mediating", "confirming", "ended"]
        | None = None,
        ending: Literal["fixed", "unconfirmed", "referred", "mediated", "merged", "withheld"] | None = None,
        grid: int | None = None,
        mine: bool | None = None,
        after: str = "",
    ) -> Iterator[ProblemsRow]:
        """Return every item of `list_problems`, one part after the other."""
        return parts(
            lambda mark: self.list_problems(
                place=place, limit=limit, stage=stage, ending=ending, grid=grid, mine=mine, after=mark
            ),
            after,
        )

    def raise_problem(
        self,
        *,
        place: str,
        text: str,
        title: str | None = None,
        grid: int | None = None,
        longitude: int | None = None,
        latitude: int | None = None,
        building: int | None = None,
        matter: int | None = None,
        spot: str | None = None,
        pictures: list[str] | None = None,
        phone: str | None = None,
        names_person: bool | None = None,
        burning: bool | None = None,
        key: str | None = None,
    ) -> ProblemsWritten:
        """Raise a problem: one sentence and a place.

        Who lives, owns or serves in the community. A pin decides over the grid; without a pin name the grid. With
        danger, call the `emergency_numbers` first: it is handed to the body at once. The rules propose a lane, a
        moderator confirms it. Telephone, identity and plate numbers in the words are masked.

        Needs a token with the scope `take_part`.

        May be refused as `bad_phone`, `contact_taken`, `nobody_answers`, `not_a_recorder`, `not_of_this_community`,
        `outside_community`, `picture_lost`, `pin_malformed`, `pseudonym_taken`, `sign_in_first`, `spot_too_long`,
        `suspended`, `text_too_long`, `text_too_short`, `title_too_long`, `too_many_pictures`.
        """
        told: ProblemsWritten = self._asked(
            "POST",
            "/problems",
            body={
                "place": place,
                "text": text,
                "title": title,
                "grid": grid,
                "longitude": longitude,
                "latitude": latitude,
                "building": building,
                "matter": matter,
                "spot": spot,
                "pictures": pictures,
                "phone": phone,
                "names_person": names_person,
                "burning": burning,
            },
            key=key or new_key(),
        )
        return told

    def show_problem(self, number: str) -> ProblemsProblem:
        """A problem, its triage, and what you may do with it.

        Anybody; what is hidden is found by those alone who have a part in it. `acts` says what the person of the
        token may do now, and if not, why.
        """
        told: ProblemsProblem = self._asked("GET", f"/problems/{_quoted(number)}")
        return told

    def second_problem(self, number: str, *, key: str | None = None) -> ProblemsMet:
        """I have met it too.

        Residents and owners of the community who did not raise it. Households are counted once; enough of them make
        the problem a shared one.

        Needs a token with the scope `take_part`.

        May be refused as `already_seconded`, `ended`, `merged`, `not_a_neighbour`, `not_public`, `own_problem`,
        `sign_in_first`, `suspended`.
        """
        told: ProblemsMet = self._asked("POST", f"/problems/{_quoted(number)}/second", key=key or new_key())
        return told

    def unsecond_problem(self, number: str, *, key: str | None = None) -> ProblemsMet:
        """Take one's second back.

        Who has seconded it, while the problem has not ended.

        Needs a token with the scope `take_part`.

        May be refused as `ended`, `not_seconded`, `sign_in_first`.
        """
        told: ProblemsMet = self._asked("DELETE", f"/problems/{_quoted(number)}/second", key=key or new_key())
        return told

    def triage_problem(
        self,
        number: str,
        *,
        lane: Literal["A", "B", "AB", "M", "X"] | None = None,
        reason: Literal[
            "SAFETY",
            "CHANNEL",
            "DUP",
            "CONTENT",
            "DUTY",
            "OWNERSHIP",
            "COMMONS",
            "RECUR",
            "JOINT",
            "DISPUTE",
            "MOBILISE",
            "UNCLEAR",
        ]
        | None = None,
        rule: Literal["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14"]
        | None = None,
        body: int | None = None,
        duty_item: int | None = None,
        channel: str | None = None,
        same_as: str | None = None,
        words: str | None = None,
        hidden: bool | None = None,
        key: str | None = None,
    ) -> ProblemsProblem:
        """Confirm or change the way that the rules propose.

        Moderators, dispatchers and the street office of the place. An empty body confirms the proposal; a lane of
        one's own needs a reason in `words`. Lane A hands it to a body, B to the people, AB to both, M to mediation,
        X to where it belongs.

        Needs a token with the scope `office`.

        May be refused as `already_seconded`, `already_triaged`, `body_elsewhere`, `body_handles_nothing`,
        `cannot_merge`, `channel_missing`, `duty_stays`, `item_of_another`, `nobody_answers`, `not_your_act`,
        `reason_missing`, `same_as_what`, `words_too_long`.
        """
        told: ProblemsProblem = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/triage",
            body={
                "lane": lane,
                "reason": reason,
                "rule": rule,
                "body": body,
                "duty_item": duty_item,
                "channel": channel,
                "same_as": same_as,
                "words": words,
                "hidden": hidden,
            },
            key=key or new_key(),
        )
        return told

    def appeal_triage(self, number: str, *, words: str, key: str | None = None) -> ProblemsWritten:
        """Appeal against the triage, once, as one of the raisers.

        One of the raisers, once, within the days the place gives. The street office answers within its limit.

        Needs a token with the scope `take_part`.

        May be refused as `all_done`, `already_appealed`, `appeal_too_late`, `nobody_answers`, `not_triaged`,
        `not_your_act`, `too_far`, `words_missing`, `words_too_long`.
        """
        told: ProblemsWritten = self._asked(
            "POST", f"/problems/{_quoted(number)}/appeal", body={"words": words}, key=key or new_key()
        )
        return told

    def confirm_problem(
        self, number: str, *, answer: Literal["fixed", "not_fixed"], words: str | None = None, key: str | None = None
    ) -> ProblemsWritten:
        """Say, as one of the raisers, whether it is fixed.

        One of the raisers, once in each round, after the work is done. One `not_fixed` begins the next round; when
        all say `fixed`, the problem ends.

        Needs a token with the scope `take_part`.

        May be refused as `already_confirmed`, `nobody_answers`, `not_asked`, `not_your_act`, `words_missing`,
        `words_too_long`.
        """
        told: ProblemsWritten = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/confirmation",
            body={"answer": answer, "words": words},
            key=key or new_key(),
        )
        return told

    def answer_appeal(
        self, number: str, *, outcome: Literal["upheld", "granted"], words: str, key: str | None = None
    ) -> ProblemsProblem:
        """Answer an appeal for the street office.

        The street office above the place. Granted, the problem is triaged anew; an ending that it had is lifted.

        Needs a token with the scope `office`.

        May be refused as `no_appeal`, `nobody_answers`, `not_your_act`, `too_far`, `words_missing`,
        `words_too_long`.
        """
        told: ProblemsProblem = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/appeal/answer",
            body={"outcome": outcome, "words": words},
            key=key or new_key(),
        )
        return told

    def record_mediation(self, number: str, *, agreed: bool, words: str, key: str | None = None) -> ProblemsProblem:
        """Record what came of a mediation.

        A moderator of the place, or the street office. With it the problem ends, whether the two agreed or not.

        Needs a token with the scope `office`.

        May be refused as `not_mediating`, `not_your_act`, `words_missing`, `words_too_long`.
        """
        told: ProblemsProblem = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/mediation",
            body={"agreed": agreed, "words": words},
            key=key or new_key(),
        )
        return told

    def conclude_deliberation(self, number: str, *, words: str, key: str | None = None) -> ProblemsProblem:
        """Close a deliberation that needs no vote.

        A moderator of the place, while no vote and no unanswered concern is open. An open case goes on; otherwise
        the raisers are asked whether it is fixed.

        Needs a token with the scope `office`.

        May be refused as `appeal_open`, `nobody_answers`, `not_gathering`, `not_your_act`, `words_missing`,
        `words_too_long`.
        """
        told: ProblemsProblem = self._asked(
            "POST", f"/problems/{_quoted(number)}/conclusion", body={"words": words}, key=key or new_key()
        )
        return told

    def cover_picture(
        self, number: str, picture_id: int, *, boxes: list[FilesBoxBody], key: str | None = None
    ) -> ProblemsProblem:
        """Cover more of a picture that is already published.

        Who raised the problem or took the picture, moderators and the street office. The pixels under the boxes are
        gone; nobody can undo it.

        Needs a token with the scope `take_part`.

        May be refused as `boxes_malformed`, `boxes_too_many`, `not_your_picture`, `picture_has_changed`,
        `sign_in_first`.
        """
        told: ProblemsProblem = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/pictures/{_quoted(picture_id)}/cover",
            body={"boxes": boxes},
            key=key or new_key(),
        )
        return told

    def follow_problem(
        self, number: str, *, level: Literal["all", "needs", "none"], key: str | None = None
    ) -> ProblemsFollowBody:
        """Follow a problem, hear less of it, or follow it no longer.

        Anybody signed in who can see it. `all` tells of every step, `needs` only of what waits for you, `none` ends
        the following; a question to you, a vote and a duty still arrive.

        Needs a token with the scope `take_part`.

        May be refused as `sign_in_first`.
        """
        told: ProblemsFollowBody = self._asked(
            "POST", f"/problems/{_quoted(number)}/following", body={"level": level}, key=key or new_key()
        )
        return told

    def show_following(self, number: str) -> ProblemsFollowBody:
        """How much you hear of a problem.

        The person of the token. Who is on a dossier hears of every step until they say otherwise.

        Needs a token with the scope `read`.
        """
        told: ProblemsFollowBody = self._asked("GET", f"/problems/{_quoted(number)}/following")
        return told

    def list_messages(self, number: str, *, after: str | None = None) -> MessageList:
        """The messages of a problem, the oldest first.

        Anybody who can see the problem. Each message stands with the latest of its replies.
        """
        told: MessageList = self._asked("GET", f"/problems/{_quoted(number)}/messages", query={"after": after})
        return told

    def iter_messages(self, number: str, *, after: str = "") -> Iterator[ThreadsMessage]:
        """Return every item of `list_messages`, one part after the other."""
        return parts(lambda mark: self.list_messages(number, after=mark), after)

    def post_message(
        self,
        number: str,
        *,
        kind: Literal["problem", "reason", "evidence", "suggestion", "question"],
        text: str,
        reply_to: int | None = None,
        quote: int | None = None,
        quoted: str | None = None,
        enclosures: list[ThreadsEnclosingBody] | None = None,
        key: str | None = None,
    ) -> PostMessage:
        """Say something about a problem.

        Who lives, owns or serves in the place, while the problem is talked about. `reply_to` names the message that
        is answered, `quote` one that is quoted. `@` before the name under which somebody stands on the dossier, or
        speaks for an organization, mentions them; they are told once. `enclosures` are pictures and PDF sent before
        by `keep_picture` and `keep_document`, four at most.

        Needs a token with the scope `take_part`.

        May be refused as `flagged_meanwhile`, `mandate_elsewhere`, `mention_unknown`, `not_of_this_place`,
        `picture_lost`, `problem_ended`, `problem_hidden`, `quote_differs`, `quote_too_long`, `quoted_unknown`,
        `reply_to_unknown`, `reply_too_deep`, `sign_in_first`, `slow_mode`, `suspended`, `too_many_enclosures`,
        `too_many_mentions`, `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: PostMessage = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/messages",
            body={
                "kind": kind,
                "text": text,
                "reply_to": reply_to,
                "quote": quote,
                "quoted": quoted,
                "enclosures": enclosures,
            },
            key=key or new_key(),
        )
        return told

    def list_message_versions(self, message_id: int, *, version: int | None = None) -> ThreadsMessageVersions:
        """What a message said in each version, the latest first, and what one of them changed.

        Anybody who can see the problem, while the message stands; of one that was taken down nobody sees any.
        """
        told: ThreadsMessageVersions = self._asked(
            "GET", f"/messages/{_quoted(message_id)}/versions", query={"version": version}
        )
        return told

    def edit_message(
        self,
        message_id: int,
        *,
        text: str,
        enclosures: list[ThreadsEnclosingBody] | None = None,
        without: list[int] | None = None,
        key: str | None = None,
    ) -> ThreadsEditedMessage:
        """Edit one's message; every version stays to be seen.

        Its author, while it stands and the problem is talked about. Masks and holds are those of a new message:
        `state` says whether it waits to be looked at. `enclosures` come beside the new version, those of `without`
        stay beside the versions before alone.

        Needs a token with the scope `take_part`.

        May be refused as `flagged_meanwhile`, `looked_at`, `mandate_elsewhere`, `mention_unknown`,
        `not_of_this_place`, `not_standing`, `not_your_message`, `nothing_changed`, `picture_lost`, `problem_ended`,
        `problem_hidden`, `sign_in_first`, `slow_mode`, `suspended`, `too_many_enclosures`, `too_many_mentions`,
        `too_many_versions`, `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsEditedMessage = self._asked(
            "POST",
            f"/messages/{_quoted(message_id)}/versions",
            body={"text": text, "enclosures": enclosures, "without": without},
            key=key or new_key(),
        )
        return told

    def show_summary(self, number: str) -> ThreadsSummaries:
        """What stands on top of a discussion, with its versions and proposals.

        Anybody who can see the problem. A proposal says what it changes in the version that stands.
        """
        told: ThreadsSummaries = self._asked("GET", f"/problems/{_quoted(number)}/summary")
        return told

    def write_summary(
        self,
        number: str,
        *,
        text: str,
        base: int,
        sources: list[int] | None = None,
        kind: Literal["summary", "minutes"] | None = None,
        key: str | None = None,
    ) -> ThreadsSummaries:
        """Give the summary of a discussion a new version.

        A moderator, the chair or the owners' committee, upon the version that stands.

        Needs a token with the scope `office`.

        May be refused as `mandate_elsewhere`, `not_of_this_place`, `not_who_summarizes`, `problem_ended`,
        `problem_hidden`, `sign_in_first`, `source_unknown`, `summary_moved_on`, `suspended`, `too_many_sources`,
        `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: ThreadsSummaries = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/summary",
            body={"text": text, "base": base, "sources": sources, "kind": kind},
            key=key or new_key(),
        )
        return told

    def propose_summary(
        self, number: str, *, text: str, base: int, sources: list[int] | None = None, key: str | None = None
    ) -> ThreadsSummaries:
        """Propose another version of the summary.

        Who may speak about the problem; a few proposals of one person may wait at once.

        Needs a token with the scope `take_part`.

        May be refused as `mandate_elsewhere`, `not_of_this_place`, `problem_ended`, `problem_hidden`,
        `proposals_wait`, `sign_in_first`, `source_unknown`, `summary_moved_on`, `suspended`, `too_many_sources`,
        `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsSummaries = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/summary/proposals",
            body={"text": text, "base": base, "sources": sources},
            key=key or new_key(),
        )
        return told

    def accept_summary(self, summary_id: int, *, base: int, key: str | None = None) -> ThreadsSummaries:
        """Make a proposed version the summary.

        Who keeps the summary, for a proposal of somebody else.

        Needs a token with the scope `office`.

        May be refused as `mandate_elsewhere`, `not_of_this_place`, `not_who_summarizes`, `own_proposal`,
        `problem_ended`, `problem_hidden`, `proposal_settled`, `sign_in_first`, `summary_moved_on`, `suspended`.
        """
        told: ThreadsSummaries = self._asked(
            "POST", f"/summaries/{_quoted(summary_id)}/acceptance", body={"base": base}, key=key or new_key()
        )
        return told

    def decline_summary(self, summary_id: int, *, reason: str, key: str | None = None) -> ThreadsSummaries:
        """Decline a proposed version of the summary.

        Who keeps the summary, for a proposal of somebody else, with a public reason.

        Needs a token with the scope `office`.

        May be refused as `mandate_elsewhere`, `not_of_this_place`, `not_who_summarizes`, `own_proposal`,
        `problem_ended`, `problem_hidden`, `proposal_settled`, `sign_in_first`, `suspended`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: ThreadsSummaries = self._asked(
            "POST", f"/summaries/{_quoted(summary_id)}/refusal", body={"reason": reason}, key=key or new_key()
        )
        return told

    def answer_minutes(
        self, summary_id: int, *, endorses: bool, reason: str | None = None, key: str | None = None
    ) -> ThreadsSummaries:
        """Endorse minutes, or object to them.

        Who may speak about the problem and did not write them; answering again changes one's answer.

        Needs a token with the scope `take_part`.

        May be refused as `answered_meanwhile`, `mandate_elsewhere`, `not_minutes`, `not_of_this_place`,
        `own_minutes`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`, `words_missing`,
        `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsSummaries = self._asked(
            "POST",
            f"/summaries/{_quoted(summary_id)}/answers",
            body={"endorses": endorses, "reason": reason},
            key=key or new_key(),
        )
        return told

    def mark_read(self, number: str, *, message: int | None = None, key: str | None = None) -> ThreadsReading:
        """Remember how far you have read a thread.

        Anybody who can see the problem; the mark is yours alone and never goes back.

        Needs a token with the scope `take_part`.

        May be refused as `marked_meanwhile`, `sign_in_first`.
        """
        told: ThreadsReading = self._asked(
            "POST", f"/problems/{_quoted(number)}/reading", body={"message": message}, key=key or new_key()
        )
        return told

    def list_concerns(self, number: str, *, after: str | None = None) -> ConcernList:
        """The concerns of a problem, by number.

        Anybody who can see the problem. A concern is `open`, `answered`, `overruled` or `withdrawn`; while one is
        open no vote is announced.
        """
        told: ConcernList = self._asked("GET", f"/problems/{_quoted(number)}/concerns", query={"after": after})
        return told

    def iter_concerns(self, number: str, *, after: str = "") -> Iterator[ThreadsConcern]:
        """Return every item of `list_concerns`, one part after the other."""
        return parts(lambda mark: self.list_concerns(number, after=mark), after)

    def raise_concern(
        self, number: str, *, harm: str, remedy: str, solution: int | None = None, key: str | None = None
    ) -> ThreadsConcern:
        """Raise a serious concern; no vote is announced while it has no answer.

        Who lives, owns or serves in the place, while the problem is talked about. It must be answered within the
        days of the place.

        Needs a token with the scope `take_part`.

        May be refused as `mandate_elsewhere`, `not_of_this_place`, `problem_ended`, `problem_hidden`,
        `sign_in_first`, `suspended`, `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsConcern = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/concerns",
            body={"harm": harm, "remedy": remedy, "solution": solution},
            key=key or new_key(),
        )
        return told

    def answer_concern(
        self, concern_id: int, *, text: str, solution_version: int | None = None, key: str | None = None
    ) -> ThreadsConcern:
        """Answer a concern.

        An official, a moderator, the owners' committee, or who removes the harm in a version of their own solution.
        `solution_version` names the version that removes the harm.

        Needs a token with the scope `take_part`.

        May be refused as `concern_settled`, `not_who_answers`, `own_concern`, `problem_ended`, `problem_hidden`,
        `version_unknown`, `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsConcern = self._asked(
            "POST",
            f"/concerns/{_quoted(concern_id)}/answer",
            body={"text": text, "solution_version": solution_version},
            key=key or new_key(),
        )
        return told

    def propose_overruling(self, concern_id: int, *, reason: str, key: str | None = None) -> ThreadsConcern:
        """Propose that a concern no longer holds the vote up.

        The chair, once, with a public reason, for a concern of somebody else. Somebody of another office must agree
        before the vote goes on.

        Needs a token with the scope `office`.

        May be refused as `concern_settled`, `not_the_chair`, `overruling_proposed`, `own_concern`, `problem_ended`,
        `problem_hidden`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: ThreadsConcern = self._asked(
            "POST", f"/concerns/{_quoted(concern_id)}/overruling", body={"reason": reason}, key=key or new_key()
        )
        return told

    def agree_overruling(self, concern_id: int, *, key: str | None = None) -> ThreadsConcern:
        """Agree, as the second office, that a concern is overruled.

        A second person: of the street office, the owners' committee, or a moderator.

        Needs a token with the scope `office`.

        May be refused as `concern_settled`, `no_overruling`, `not_who_agrees`, `own_concern`, `problem_ended`,
        `problem_hidden`, `same_person`.
        """
        told: ThreadsConcern = self._asked(
            "POST", f"/concerns/{_quoted(concern_id)}/overruling/agreement", key=key or new_key()
        )
        return told

    def withdraw_concern(self, concern_id: int, *, key: str | None = None) -> ThreadsConcern:
        """Withdraw one's own concern.

        Who raised it, or their organization, while it waits for an answer.

        Needs a token with the scope `take_part`.

        May be refused as `concern_settled`, `not_your_concern`, `problem_ended`, `problem_hidden`.
        """
        told: ThreadsConcern = self._asked("POST", f"/concerns/{_quoted(concern_id)}/withdrawal", key=key or new_key())
        return told

    def list_solutions(self, number: str, *, after: str | None = None) -> SolutionList:
        """The solutions of a problem, each in its latest version.

        Anybody who can see the problem. Each stands in its latest version; earlier ones stay as they were.
        """
        told: SolutionList = self._asked("GET", f"/problems/{_quoted(number)}/solutions", query={"after": after})
        return told

    def iter_solutions(self, number: str, *, after: str = "") -> Iterator[ThreadsSolution]:
        """Return every item of `list_solutions`, one part after the other."""
        return parts(lambda mark: self.list_solutions(number, after=mark), after)

    def propose_solution(
        self,
        number: str,
        *,
        title: str,
        text: str,
        cost: int | None = None,
        needs_permit: bool | None = None,
        benefits: str | None = None,
        bears: str | None = None,
        key: str | None = None,
    ) -> ThreadsSolution:
        """Propose a solution.

        Who lives, owns or serves in the place, while the problem is talked about. The `version_id` is what a motion
        names as `solution_version`.

        Needs a token with the scope `take_part`.

        May be refused as `cost_out_of_range`, `mandate_elsewhere`, `not_of_this_place`, `problem_ended`,
        `problem_hidden`, `sign_in_first`, `suspended`, `words_missing`, `words_too_long`, `words_unreadable`,
        `writing_blocked`.
        """
        told: ThreadsSolution = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/solutions",
            body={
                "title": title,
                "text": text,
                "cost": cost,
                "needs_permit": needs_permit,
                "benefits": benefits,
                "bears": bears,
            },
            key=key or new_key(),
        )
        return told

    def revise_solution(
        self,
        solution_id: int,
        *,
        title: str,
        text: str,
        cost: int | None = None,
        needs_permit: bool | None = None,
        benefits: str | None = None,
        bears: str | None = None,
        key: str | None = None,
    ) -> ThreadsSolution:
        """Give a solution a new version.

        Its author, a moderator or the owners' committee. The new version stands beside the earlier ones.

        Needs a token with the scope `take_part`.

        May be refused as `cost_out_of_range`, `mandate_elsewhere`, `not_of_this_place`, `not_who_revises`,
        `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`, `words_missing`, `words_too_long`,
        `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsSolution = self._asked(
            "POST",
            f"/solutions/{_quoted(solution_id)}/versions",
            body={
                "title": title,
                "text": text,
                "cost": cost,
                "needs_permit": needs_permit,
                "benefits": benefits,
                "bears": bears,
            },
            key=key or new_key(),
        )
        return told

    def list_amendments(self, solution_id: int) -> ThreadsAmendmentList:
        """The changes that were proposed to a solution, the newest first.

        Anybody who can see the problem. `difference` is what a change does to the text it was written on.
        """
        told: ThreadsAmendmentList = self._asked("GET", f"/solutions/{_quoted(solution_id)}/amendments")
        return told

    def propose_amendment(
        self,
        solution_id: int,
        *,
        title: str,
        text: str,
        why: str,
        cost: int | None = None,
        needs_permit: bool | None = None,
        benefits: str | None = None,
        bears: str | None = None,
        key: str | None = None,
    ) -> ThreadsAmendment:
        """Propose a change to a solution.

        Who lives, owns or serves in the place, while the problem is talked about. Who proposed the solution, a
        moderator or the owners' committee takes it in or turns it down with a reason.

        Needs a token with the scope `take_part`.

        May be refused as `amendments_waiting`, `cost_out_of_range`, `mandate_elsewhere`, `not_of_this_place`,
        `nothing_changed`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`, `words_missing`,
        `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsAmendment = self._asked(
            "POST",
            f"/solutions/{_quoted(solution_id)}/amendments",
            body={
                "title": title,
                "text": text,
                "why": why,
                "cost": cost,
                "needs_permit": needs_permit,
                "benefits": benefits,
                "bears": bears,
            },
            key=key or new_key(),
        )
        return told

    def accept_amendment(
        self, amendment_id: int, *, words: str | None = None, key: str | None = None
    ) -> ThreadsAmendment:
        """Take a change in: it becomes the next version, in the name of who proposed it.

        Who proposed the solution, a moderator or the owners' committee; only while the solution stands as it was
        when the change was written.

        Needs a token with the scope `take_part`.

        May be refused as `amendment_outdated`, `amendment_settled`, `mandate_elsewhere`, `not_of_this_place`,
        `not_who_revises`, `own_amendment`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`,
        `taken_down`, `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsAmendment = self._asked(
            "POST", f"/amendments/{_quoted(amendment_id)}/acceptance", body={"words": words}, key=key or new_key()
        )
        return told

    def reject_amendment(self, amendment_id: int, *, words: str, key: str | None = None) -> ThreadsAmendment:
        """Turn a change down, with a public reason.

        Who proposed the solution, a moderator or the owners' committee. Who proposed the change may still make a
        solution of it.

        Needs a token with the scope `take_part`.

        May be refused as `amendment_outdated`, `amendment_settled`, `mandate_elsewhere`, `not_of_this_place`,
        `not_who_revises`, `own_amendment`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`,
        `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsAmendment = self._asked(
            "POST", f"/amendments/{_quoted(amendment_id)}/rejection", body={"words": words}, key=key or new_key()
        )
        return told

    def promote_amendment(
        self, amendment_id: int, *, title: str | None = None, key: str | None = None
    ) -> ThreadsSolution:
        """Make a solution of its own of one's change.

        Who proposed the change, while it waits or when it was turned down. The solution says out of which it grew.

        Needs a token with the scope `take_part`.

        May be refused as `amendment_settled`, `cost_out_of_range`, `mandate_elsewhere`, `not_of_this_place`,
        `not_your_amendment`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`, `taken_down`,
        `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsSolution = self._asked(
            "POST", f"/amendments/{_quoted(amendment_id)}/promotion", body={"title": title}, key=key or new_key()
        )
        return told

    def withdraw_amendment(self, amendment_id: int, *, key: str | None = None) -> ThreadsAmendment:
        """Take one's own change back.

        Who proposed it, or their organization, while it waits.

        Needs a token with the scope `take_part`.

        May be refused as `amendment_settled`, `not_your_amendment`, `problem_ended`, `problem_hidden`.
        """
        told: ThreadsAmendment = self._asked(
            "POST", f"/amendments/{_quoted(amendment_id)}/withdrawal", key=key or new_key()
        )
        return told

    def endorse_solution(self, solution_id: int, *, key: str | None = None) -> ThreadsSolution:
        """Stand behind a solution, for an organization.

        Who speaks for an organization whose mandate reaches the place, once; not for its own solution. It is shown
        apart from people and is no vote.

        Needs a token with the scope `take_part`.

        May be refused as `endorsed_already`, `mandate_elsewhere`, `not_an_organization`, `not_of_this_place`,
        `own_solution`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`.
        """
        told: ThreadsSolution = self._asked(
            "POST", f"/solutions/{_quoted(solution_id)}/endorsement", key=key or new_key()
        )
        return told

    def withdraw_endorsement(self, solution_id: int, *, key: str | None = None) -> ThreadsSolution:
        """Take the endorsement of one's organization back.

        Who speaks for the organization. That it was there stays on record.

        Needs a token with the scope `take_part`.

        May be refused as `not_an_organization`, `not_endorsed`.
        """
        told: ThreadsSolution = self._asked(
            "POST", f"/solutions/{_quoted(solution_id)}/endorsement/withdrawal", key=key or new_key()
        )
        return told

    def state_interest(
        self,
        number: str,
        *,
        kind: Literal["affected", "user", "owner", "business", "official", "expert", "other", None] = None,
        words: str | None = None,
        key: str | None = None,
    ) -> ThreadsInterestBody:
        """Say what is at stake for you in a problem, or take it back.

        Who lives, owns or serves in the place. It stands beside your messages; the words are for readers of the
        place.

        Needs a token with the scope `take_part`.

        May be refused as `mandate_elsewhere`, `no_interest`, `not_of_this_place`, `problem_ended`,
        `problem_hidden`, `sign_in_first`, `suspended`, `words_missing`, `words_too_long`, `words_unreadable`,
        `writing_blocked`.
        """
        told: ThreadsInterestBody = self._asked(
            "POST", f"/problems/{_quoted(number)}/interest", body={"kind": kind, "words": words}, key=key or new_key()
        )
        return told

    def list_pledges(self, number: str, *, after: str | None = None) -> PledgeList:
        """What is promised for a problem and its solutions, by number.

        Anybody who can see the problem. A pledge is no vote; one that was withdrawn stays on the list.
        """
        told: PledgeList = self._asked("GET", f"/problems/{_quoted(number)}/pledges", query={"after": after})
        return told

    def iter_pledges(self, number: str, *, after: str = "") -> Iterator[ThreadsPledge]:
        """Return every item of `list_pledges`, one part after the other."""
        return parts(lambda mark: self.list_pledges(number, after=mark), after)

    def make_pledge(
        self,
        number: str,
        *,
        kind: Literal["money", "time", "material"],
        amount: int | None = None,
        what: str | None = None,
        solution: int | None = None,
        key: str | None = None,
    ) -> ThreadsPledge:
        """Promise money, hours or a thing.

        Who lives, owns or serves in the place. It never counts as a vote; when the solution is decided, who
        promised is told.

        Needs a token with the scope `take_part`.

        May be refused as `amount_out_of_range`, `amount_without`, `mandate_elsewhere`, `not_of_this_place`,
        `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`, `words_missing`, `words_too_long`,
        `words_unreadable`, `writing_blocked`.
        """
        told: ThreadsPledge = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/pledges",
            body={"kind": kind, "amount": amount, "what": what, "solution": solution},
            key=key or new_key(),
        )
        return told

    def keep_pledge(self, pledge_id: int, *, key: str | None = None) -> ThreadsPledge:
        """Say that a pledge was kept.

        A moderator, the owners' committee or the street office, and never who made it or their organization.

        Needs a token with the scope `office`.

        May be refused as `not_who_sees_to_it`, `own_pledge`, `pledge_settled`.
        """
        told: ThreadsPledge = self._asked("POST", f"/pledges/{_quoted(pledge_id)}/keeping", key=key or new_key())
        return told

    def withdraw_pledge(self, pledge_id: int, *, key: str | None = None) -> ThreadsPledge:
        """Take one's own pledge back.

        Who made it, or their organization, until it was kept. That it was made stays on record.

        Needs a token with the scope `take_part`.

        May be refused as `not_your_pledge`, `pledge_settled`.
        """
        told: ThreadsPledge = self._asked("POST", f"/pledges/{_quoted(pledge_id)}/withdrawal", key=key or new_key())
        return told

    def list_outcomes(self, number: str) -> ThreadsOutcomeList:
        """What came out of a problem, with the minority opinions beside it.

        Anybody who can see the problem. What a vote came to stands with the vote.
        """
        told: ThreadsOutcomeList = self._asked("GET", f"/problems/{_quoted(number)}/outcomes")
        return told

    def list_minority(self, outcome_id: int, *, after: str | None = None) -> MinorityList:
        """The minority opinions beside an outcome, by number.

        Anybody who can see the problem. Each comes with how many signed it and the first of them.
        """
        told: MinorityList = self._asked("GET", f"/outcomes/{_quoted(outcome_id)}/minority", query={"after": after})
        return told

    def iter_minority(self, outcome_id: int, *, after: str = "") -> Iterator[ThreadsMinority]:
        """Return every item of `list_minority`, one part after the other."""
        return parts(lambda mark: self.list_minority(outcome_id, after=mark), after)

    def file_minority(self, outcome_id: int, *, text: str, key: str | None = None) -> ThreadsOutcomeList:
        """Put a minority opinion beside an outcome.

        Who lives, owns or serves in the place, for fifteen days after it; one opinion a person. It changes nothing
        of the outcome and is printed with it.

        Needs a token with the scope `take_part`.

        May be refused as `already_signed`, `filed_already`, `minority_too_late`, `not_of_this_place`,
        `problem_hidden`, `sign_in_first`, `suspended`, `words_missing`, `words_too_long`, `words_unreadable`,
        `writing_blocked`.
        """
        told: ThreadsOutcomeList = self._asked(
            "POST", f"/outcomes/{_quoted(outcome_id)}/minority", body={"text": text}, key=key or new_key()
        )
        return told

    def list_minority_signers(self, opinion_id: int, *, after: str | None = None) -> BylineList:
        """Those who signed a minority opinion, the first first.

        Anybody who can see the problem. People stand under their number on the dossier, as beside messages.
        """
        told: BylineList = self._asked("GET", f"/minority/{_quoted(opinion_id)}/signers", query={"after": after})
        return told

    def iter_minority_signers(self, opinion_id: int, *, after: str = "") -> Iterator[ThreadsByline]:
        """Return every item of `list_minority_signers`, one part after the other."""
        return parts(lambda mark: self.list_minority_signers(opinion_id, after=mark), after)

    def sign_minority(self, opinion_id: int, *, key: str | None = None) -> ThreadsOutcomeList:
        """Sign a minority opinion.

        Who lives, owns or serves in the place, while minority opinions are taken; one a person.

        Needs a token with the scope `take_part`.

        May be refused as `already_signed`, `filed_already`, `minority_too_late`, `not_of_this_place`,
        `problem_hidden`, `sign_in_first`, `suspended`, `writing_blocked`.
        """
        told: ThreadsOutcomeList = self._asked(
            "POST", f"/minority/{_quoted(opinion_id)}/signature", key=key or new_key()
        )
        return told

    def unsign_minority(self, opinion_id: int, *, key: str | None = None) -> ThreadsOutcomeList:
        """Take one's name from a minority opinion.

        Who signed it, while minority opinions are taken; afterwards the name stands.

        Needs a token with the scope `take_part`.

        May be refused as `minority_too_late`, `not_signed`.
        """
        told: ThreadsOutcomeList = self._asked(
            "POST", f"/minority/{_quoted(opinion_id)}/signature/withdrawal", key=key or new_key()
        )
        return told

    def list_leeway(self, number: str) -> ThreadsLeewayList:
        """What can still be changed about a problem, as declared, the newest first.

        Anybody who can see the problem. The first one holds; none is ever erased.
        """
        told: ThreadsLeewayList = self._asked("GET", f"/problems/{_quoted(number)}/leeway")
        return told

    def declare_leeway(
        self,
        number: str,
        *,
        room: Literal["open", "partly", "fixed"],
        reason: str,
        open_part: str | None = None,
        key: str | None = None,
    ) -> ThreadsLeewayList:
        """Declare how much of a topic can be changed, and why.

        The body that takes the topic, or the committee. A `fixed` topic is answered: no vote is opened on it, but
        for what the owners decide by law.

        Needs a token with the scope `office`.

        May be refused as `declared_already`, `ended`, `not_deliberated`, `not_who_declares`, `open_part_missing`,
        `open_part_without`, `sign_in_first`, `vote_running`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: ThreadsLeewayList = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/leeway",
            body={"room": room, "reason": reason, "open_part": open_part},
            key=key or new_key(),
        )
        return told

    def list_phases(self, number: str) -> ThreadsPartList:
        """The parts of a deliberation: which are open, and when each is taken.

        Anybody who can see the problem. A part without a time is always open.
        """
        told: ThreadsPartList = self._asked("GET", f"/problems/{_quoted(number)}/phases")
        return told

    def schedule_phase(
        self,
        number: str,
        *,
        part: Literal["discussion", "concerns", "solutions", "amendments", "pledges"],
        reason: str,
        opens_at: str | None = None,
        closes_at: str | None = None,
        key: str | None = None,
    ) -> ThreadsPartList:
        """Set from when until when a part of the deliberation is taken.

        A moderator or the chair of the place, or the street office. Discussion and concerns are always open.

        Needs a token with the scope `office`.

        May be refused as `always_open`, `ended`, `not_who_schedules`, `times_out_of_range`, `too_many_times`,
        `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: ThreadsPartList = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/phases",
            body={"part": part, "reason": reason, "opens_at": opens_at, "closes_at": closes_at},
            key=key or new_key(),
        )
        return told

    def cancel_phase(self, phase_id: int, *, key: str | None = None) -> ThreadsPartList:
        """Call off a time that was set for a part.

        A moderator or the chair of the place, or the street office, until it is over. The row stays.

        Needs a token with the scope `office`.

        May be refused as `ended`, `not_who_schedules`, `time_cancelled`, `time_over`.
        """
        told: ThreadsPartList = self._asked("POST", f"/phases/{_quoted(phase_id)}/cancellation", key=key or new_key())
        return told

    def list_conversations(self, number: str) -> OpinionQuestionList:
        """What a neighbourhood was asked about a problem, the last question first.

        Anybody who can see the problem. One question of a problem is open at a time; those before it stay.
        """
        told: OpinionQuestionList = self._asked("GET", f"/problems/{_quoted(number)}/conversations")
        return told

    def open_conversation(
        self,
        number: str,
        *,
        question: str,
        closes_at: str,
        opens_at: str | None = None,
        statements: list[str] | None = None,
        key: str | None = None,
    ) -> OpinionConversation:
        """Ask a neighbourhood a question.

        A moderator, the owners' committee, the chair, an official or the street office; one question of a problem
        is open at a time. What people answer is told to nobody, and binds nobody.

        Needs a token with the scope `office`.

        May be refused as `conversation_running`, `not_an_opener`, `problem_ended`, `problem_hidden`, `too_long`,
        `too_short`, `topic_fixed`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: OpinionConversation = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/conversations",
            body={"question": question, "closes_at": closes_at, "opens_at": opens_at, "statements": statements},
            key=key or new_key(),
        )
        return told

    def read_conversation(self, conversation_id: int) -> OpinionConversation:
        """A question, how far you are, what you are asked next, and what became of what you wrote.

        Anybody who can see the problem; what concerns you stands there only for you.
        """
        told: OpinionConversation = self._asked("GET", f"/conversations/{_quoted(conversation_id)}")
        return told

    def close_conversation(self, conversation_id: int, *, key: str | None = None) -> OpinionConversation:
        """Close a conversation before its time.

        Who may open one. Its last map is drawn afterwards, in the background.

        Needs a token with the scope `office`.

        May be refused as `conversation_closed`, `not_an_opener`.
        """
        told: OpinionConversation = self._asked(
            "POST", f"/conversations/{_quoted(conversation_id)}/closure", key=key or new_key()
        )
        return told

    def list_statements(self, conversation_id: int, *, after: str | None = None) -> OpinionStatementList:
        """The statements of a conversation, by number.

        Anybody who can see the problem. How a statement was answered stands in `counted` once you have answered it,
        or when the conversation is over; who answered what is told to nobody.
        """
        told: OpinionStatementList = self._asked(
            "GET", f"/conversations/{_quoted(conversation_id)}/statements", query={"after": after}
        )
        return told

    def iter_statements(self, conversation_id: int, *, after: str = "") -> Iterator[OpinionStatement]:
        """Return every item of `list_statements`, one part after the other."""
        return parts(lambda mark: self.list_statements(conversation_id, after=mark), after)

    def write_statement(self, conversation_id: int, *, text: str, key: str | None = None) -> OpinionWritten:
        """Write a statement for others to answer.

        Who lives, owns or serves in the place, while the conversation is open. What stands already is refused
        (`already_written`) and named.

        Needs a token with the scope `take_part`.

        May be refused as `already_written`, `conversation_closed`, `flagged_meanwhile`, `not_of_this_place`,
        `not_open_yet`, `problem_ended`, `problem_hidden`, `sign_in_first`, `statements_full`, `suspended`,
        `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: OpinionWritten = self._asked(
            "POST", f"/conversations/{_quoted(conversation_id)}/statements", body={"text": text}, key=key or new_key()
        )
        return told

    def answer_statement(
        self, statement_id: int, *, answer: Literal["agree", "disagree", "pass"]
    ) -> OpinionConversation:
        """Agree, disagree or pass on a statement; answering again changes the answer.

        Who lives or owns in the place, for themselves, while the conversation is open; nobody their own statement.
        Nothing of it stands in the journal. The reply says what you are asked next.

        Needs a token with the scope `take_part`.

        May be refused as `answered_meanwhile`, `answers_for_oneself`, `conversation_closed`, `not_open_yet`,
        `not_standing`, `own_statement`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`.
        """
        told: OpinionConversation = self._asked(
            "POST", f"/statements/{_quoted(statement_id)}/answer", body={"answer": answer}
        )
        return told

    def withdraw_answer(self, statement_id: int) -> OpinionConversation:
        """Take an answer back, as if it had not been given.

        Who gave it, while the conversation is open.

        Needs a token with the scope `take_part`.

        May be refused as `answered_meanwhile`, `answers_for_oneself`, `conversation_closed`, `not_open_yet`,
        `not_standing`, `own_statement`, `problem_ended`, `problem_hidden`, `sign_in_first`, `suspended`.
        """
        told: OpinionConversation = self._asked("DELETE", f"/statements/{_quoted(statement_id)}/answer")
        return told

    def read_map(self, conversation_id: int) -> OpinionMap:
        """The published map of a conversation.

        Anybody who can see the problem. Groups and classes of ten or more only, and nothing from which fewer
        follow; no point and no answer of anybody.
        """
        told: OpinionMap = self._asked("GET", f"/conversations/{_quoted(conversation_id)}/map")
        return told

    def flag_message(
        self,
        message_id: int,
        *,
        reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful"],
        words: str | None = None,
        about_committee: bool | None = None,
        key: str | None = None,
    ) -> FrontFlagged:
        """Flag a message.

        Anybody who is signed in; flagging again changes one's flag. Nobody is told who flagged.

        Needs a token with the scope `take_part`.

        May be refused as `flagged_meanwhile`, `not_of_this_place`, `not_standing`, `own_words`, `sign_in_first`,
        `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontFlagged = self._asked(
            "POST",
            f"/messages/{_quoted(message_id)}/flags",
            body={"reason": reason, "words": words, "about_committee": about_committee},
            key=key or new_key(),
        )
        return told

    def withdraw_message(self, message_id: int, *, key: str | None = None) -> FrontWithdrawnMessage:
        """Take one's own message back.

        Its author, while it stands; the words are erased.

        Needs a token with the scope `take_part`.

        May be refused as `not_standing`, `not_your_message`, `sign_in_first`.
        """
        told: FrontWithdrawnMessage = self._asked(
            "POST", f"/messages/{_quoted(message_id)}/withdrawal", key=key or new_key()
        )
        return told

    def show_review(self, review_id: int) -> FrontReview:
        """A review.

        The author, and those who decide it; to others it does not exist.

        May be refused as `level_above`, `not_your_role`, `own_matter`, `review_settled`, `taken_back`.
        """
        told: FrontReview = self._asked("GET", f"/reviews/{_quoted(review_id)}")
        return told

    def decide_review(
        self,
        review_id: int,
        *,
        verdict: Literal["keep", "remove"],
        reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful"] | None = None,
        words: str | None = None,
        key: str | None = None,
    ) -> FrontReview:
        """Leave a text, or take it down.

        A moderator of the place or the street office; of what is about the committee, the street office.

        Needs a token with the scope `office`.

        May be refused as `level_above`, `not_your_role`, `own_matter`, `reason_missing`, `review_settled`,
        `taken_back`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontReview = self._asked(
            "POST",
            f"/reviews/{_quoted(review_id)}/decision",
            body={"verdict": verdict, "reason": reason, "words": words},
            key=key or new_key(),
        )
        return told

    def order_text_down(
        self, review_id: int, *, organ: str, basis: str, dated: str, key: str | None = None
    ) -> FrontReview:
        """Take a text down by order.

        The street office; organ, basis and day stand in the public ledger.

        Needs a token with the scope `office`.

        May be refused as `level_above`, `not_your_role`, `order_ahead`, `own_matter`, `review_settled`,
        `taken_back`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontReview = self._asked(
            "POST",
            f"/reviews/{_quoted(review_id)}/order",
            body={"organ": organ, "basis": basis, "dated": dated},
            key=key or new_key(),
        )
        return told

    def look_at_sealed(self, review_id: int, *, key: str | None = None) -> FrontReview:
        """Read sealed words.

        Those who decide; the look is written down.

        Needs a token with the scope `office`.

        May be refused as `level_above`, `not_your_role`, `own_matter`, `review_settled`, `taken_back`.
        """
        told: FrontReview = self._asked("POST", f"/reviews/{_quoted(review_id)}/look", key=key or new_key())
        return told

    def appeal_removal(self, review_id: int, *, words: str, key: str | None = None) -> FrontReview:
        """Appeal against a removal.

        The author, once, within the limit.

        Needs a token with the scope `take_part`.

        May be refused as `appeal_late`, `appealed_once`, `level_above`, `not_the_author`, `not_your_role`,
        `nothing_to_appeal`, `ordered`, `own_matter`, `review_settled`, `taken_back`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: FrontReview = self._asked(
            "POST", f"/reviews/{_quoted(review_id)}/appeal", body={"words": words}, key=key or new_key()
        )
        return told

    def answer_removal_appeal(
        self, review_id: int, *, granted: bool, words: str, key: str | None = None
    ) -> FrontReview:
        """Answer an appeal.

        Somebody who has not acted in the matter before.

        Needs a token with the scope `office`.

        May be refused as `level_above`, `no_appeal`, `not_your_role`, `own_matter`, `review_settled`,
        `second_person`, `taken_back`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontReview = self._asked(
            "POST",
            f"/reviews/{_quoted(review_id)}/appeal/answer",
            body={"granted": granted, "words": words},
            key=key or new_key(),
        )
        return told

    def moderation_ledger(self, *, place: str) -> FrontLedger:
        """The public ledger of moderation.

        Anybody. Counts, reasons, times, the share that was overturned, and orders with organ, basis and day.
        """
        told: FrontLedger = self._asked("GET", "/moderation", query={"place": place})
        return told

    def flag_statement(
        self,
        statement_id: int,
        *,
        reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful"],
        words: str | None = None,
        about_committee: bool | None = None,
        key: str | None = None,
    ) -> FrontFlagged:
        """Flag a statement.

        Anybody who is signed in; flagging again changes one's flag. Nobody is told who flagged.

        Needs a token with the scope `take_part`.

        May be refused as `flagged_meanwhile`, `not_of_this_place`, `not_standing`, `own_words`, `sign_in_first`,
        `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontFlagged = self._asked(
            "POST",
            f"/statements/{_quoted(statement_id)}/flags",
            body={"reason": reason, "words": words, "about_committee": about_committee},
            key=key or new_key(),
        )
        return told

    def withdraw_statement(self, statement_id: int, *, key: str | None = None) -> FrontWithdrawnMessage:
        """Take one's own statement back.

        Its author, while it stands; the words are erased, and answers to it count no more.

        Needs a token with the scope `take_part`.

        May be refused as `not_standing`, `not_your_statement`.
        """
        told: FrontWithdrawnMessage = self._asked(
            "POST", f"/statements/{_quoted(statement_id)}/withdrawal", key=key or new_key()
        )
        return told

    def show_slow_mode(self, number: str) -> FrontSlowMode:
        """Whether a topic is slow.

        Anybody who can see the problem. All three are null where nobody has slowed it, or its time is over.
        """
        told: FrontSlowMode = self._asked("GET", f"/problems/{_quoted(number)}/slow-mode")
        return told

    def set_slow_mode(
        self, number: str, *, minutes: int, hours: int, reason: str, key: str | None = None
    ) -> FrontSlowMode:
        """Let each person write one message in so many minutes.

        A moderator, the chair or the street office; reason and end are public. Who speaks for an organization is
        not slowed.

        Needs a token with the scope `office`.

        May be refused as `hours_out_of_range`, `minutes_out_of_range`, `not_your_role`, `problem_ended`,
        `problem_hidden`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontSlowMode = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/slow-mode",
            body={"minutes": minutes, "hours": hours, "reason": reason},
            key=key or new_key(),
        )
        return told

    def end_slow_mode(self, number: str, *, key: str | None = None) -> FrontSlowMode:
        """End slow mode.

        Whoever may set it.

        Needs a token with the scope `office`.

        May be refused as `not_slow`, `not_your_role`.
        """
        told: FrontSlowMode = self._asked("POST", f"/problems/{_quoted(number)}/slow-mode/ending", key=key or new_key())
        return told

    def block_author(
        self,
        message_id: int,
        *,
        days: int,
        reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful"],
        words: str,
        whole_place: bool | None = None,
        key: str | None = None,
    ) -> FrontBlock:
        """Keep the author of a message from writing for a while.

        A moderator or the street office; of what is about the committee, the street office. They are told the
        clause, the reason, the end and how to appeal; reading, seconding and voting go on.

        Needs a token with the scope `office`.

        May be refused as `blocked_already`, `days_out_of_range`, `level_above`, `not_your_role`, `own_matter`,
        `speaks_for_organization`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontBlock = self._asked(
            "POST",
            f"/messages/{_quoted(message_id)}/block",
            body={"days": days, "reason": reason, "words": words, "whole_place": whole_place},
            key=key or new_key(),
        )
        return told

    def show_block(self, block_id: int) -> FrontBlock:
        """A block.

        Whom it is about, and those who decide; to others it does not exist.

        May be refused as `blocked_already`, `days_out_of_range`, `level_above`, `not_your_role`, `own_matter`,
        `speaks_for_organization`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: FrontBlock = self._asked("GET", f"/blocks/{_quoted(block_id)}")
        return told

    def appeal_block(self, block_id: int, *, words: str, key: str | None = None) -> FrontBlock:
        """Appeal against a block.

        Whom it is about, once.

        Needs a token with the scope `take_part`.

        May be refused as `appealed_once`, `block_over`, `blocked_already`, `days_out_of_range`, `level_above`,
        `not_the_blocked`, `not_your_role`, `own_matter`, `speaks_for_organization`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: FrontBlock = self._asked(
            "POST", f"/blocks/{_quoted(block_id)}/appeal", body={"words": words}, key=key or new_key()
        )
        return told

    def answer_block_appeal(self, block_id: int, *, granted: bool, words: str, key: str | None = None) -> FrontBlock:
        """Answer the appeal against a block.

        Somebody who decides such matters and did not set it; granted, it ends now.

        Needs a token with the scope `office`.

        May be refused as `blocked_already`, `days_out_of_range`, `level_above`, `no_appeal`, `not_your_role`,
        `own_matter`, `second_person`, `speaks_for_organization`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: FrontBlock = self._asked(
            "POST",
            f"/blocks/{_quoted(block_id)}/appeal/answer",
            body={"granted": granted, "words": words},
            key=key or new_key(),
        )
        return told

    def show_text(self, what: str, subject_id: int) -> FrontText:
        """A text that people may flag, and what became of it.

        Concerns and answers, versions of solutions, changes and answers, pledges, minority opinions, summaries and
        what people object to them, interests, motions and objections to minutes of meetings, problems themselves
        and what is put to the vote.

        May be refused as `frozen_with_notice`.
        """
        told: FrontText = self._asked("GET", f"/texts/{_quoted(what)}/{_quoted(subject_id)}")
        return told

    def flag_text(
        self,
        what: str,
        subject_id: int,
        *,
        reason: Literal["insult", "privacy", "spam", "misleading", "off_topic", "unlawful"],
        words: str | None = None,
        about_committee: bool | None = None,
        key: str | None = None,
    ) -> FrontFlagged:
        """Flag a text other than a message or a statement.

        Anybody who is signed in; flagging again changes one's flag. Nobody is told who flagged.

        Needs a token with the scope `take_part`.
        """
        told: FrontFlagged = self._asked(
            "POST",
            f"/texts/{_quoted(what)}/{_quoted(subject_id)}/flags",
            body={"reason": reason, "words": words, "about_committee": about_committee},
            key=key or new_key(),
        )
        return told

    def withdraw_text(self, what: str, subject_id: int, *, key: str | None = None) -> FrontWithdrawnText:
        """Erase the words of one's own problem or motion.

        Who raised a problem, while nobody else has met it; who moved a motion, until its notice is out.

        Needs a token with the scope `take_part`.

        May be refused as `frozen_with_notice`, `not_erased_here`.
        """
        told: FrontWithdrawnText = self._asked(
            "POST", f"/texts/{_quoted(what)}/{_quoted(subject_id)}/withdrawal", key=key or new_key()
        )
        return told

    def list_decisions(self, *, place: str, after: str | None = None, closed: bool | None = None) -> DecisionsRows:
        """The decisions of a community.

        Anybody. Those that run or come; with `closed` those that are over, the latest first.
        """
        told: DecisionsRows = self._asked("GET", "/decisions", query={"after": after, "place": place, "closed": closed})
        return told

    def iter_decisions(self, *, place: str, closed: bool | None = None, after: str = "") -> Iterator[DecisionsRow]:
        """Return every item of `list_decisions`, one part after the other."""
        return parts(lambda mark: self.list_decisions(place=place, closed=closed, after=mark), after)

    def show_decision(self, decision_id: int) -> DecisionsDecision:
        """A decision, and your voice in it.

        Anybody who can see the problem. While it runs nothing is said of any choice; `mine` names the voices of the
        person of the token, `result` is there after the close.
        """
        told: DecisionsDecision = self._asked("GET", f"/decisions/{_quoted(decision_id)}")
        return told

    def move_motion(
        self,
        number: str,
        *,
        question: str,
        rule: Literal["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14"],
        text: str | None = None,
        item: int | None = None,
        form: DecisionsFormBody | None = None,
        options: list[DecisionsOptionBody] | None = None,
        agree: str | None = None,
        disagree: str | None = None,
        abstain: str | None = None,
        solution_version: int | None = None,
        scope: Literal["community", "building", "staircase"] | None = None,
        building: int | None = None,
        staircase: str | None = None,
        tasks: list[DecisionsPlanBody] | None = None,
        public_body: int | None = None,
        public_act: str | None = None,
        meeting_motion: int | None = None,
        key: str | None = None,
    ) -> DecisionsMoved:
        """Move that something is put to the vote.

        Those whom the rule names, while the problem is talked about. `rule` is one of the rules of the place;
        `item` is the item of Civil Code 278(1), for owners' votes. Without further options it is answered with yes,
        no or abstention.

        Needs a token with the scope `take_part`.

        May be refused as `act_without_body`, `body_elsewhere`, `body_missing`, `building_does_not_fit`,
        `choices_incomplete`, `committee_binds_nobody`, `head_supported`, `item_below_triage`, `item_missing`,
        `motion_elsewhere`, `motion_not_carried`, `motion_taken_down`, `no_consequence`, `no_options`,
        `not_deliberating`, `not_of_this_place`, `not_present`, `not_public`, `outcomes_full`, `owners_decide`,
        `rule_does_not_fit`, `rule_unconfirmed`, `same_options`, `scope_fixed`, `solution_unknown`,
        `staircase_missing`, `task_out_of_range`, `too_many_options`, `too_many_tasks`, `triaged_otherwise`,
        `vote_running`, `voted_on_already`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: DecisionsMoved = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/motions",
            body={
                "question": question,
                "rule": rule,
                "text": text,
                "item": item,
                "form": form,
                "options": options,
                "agree": agree,
                "disagree": disagree,
                "abstain": abstain,
                "solution_version": solution_version,
                "scope": scope,
                "building": building,
                "staircase": staircase,
                "tasks": tasks,
                "public_body": public_body,
                "public_act": public_act,
                "meeting_motion": meeting_motion,
            },
            key=key or new_key(),
        )
        return told

    def list_motions(self, number: str) -> list[DecisionsMotion]:
        """The motions of a problem, the newest first.

        Anybody who can see the problem. `refusals` says for each act whether the person of the token may do it, and
        if not, why.
        """
        told: list[DecisionsMotion] = self._asked("GET", f"/problems/{_quoted(number)}/motions")
        return told

    def support_motion(self, motion_id: int, *, key: str | None = None) -> DecisionsMotion:
        """Support a motion.

        Those who would vote on it, once each, while it waits to be tabled.

        Needs a token with the scope `take_part`.

        May be refused as `already_supported`, `head_supported`, `not_deliberating`, `not_in_electorate`,
        `not_public`, `vote_running`.
        """
        told: DecisionsMotion = self._asked("POST", f"/motions/{_quoted(motion_id)}/support", key=key or new_key())
        return told

    def withdraw_motion(self, motion_id: int, *, key: str | None = None) -> DecisionsMotion:
        """Withdraw one's own motion.

        Who moved it, while no notice of it is out.

        Needs a token with the scope `take_part`.

        May be refused as `not_the_mover`.
        """
        told: DecisionsMotion = self._asked("POST", f"/motions/{_quoted(motion_id)}/withdrawal", key=key or new_key())
        return told

    def table_motion(
        self, motion_id: int, *, item_confirmed: bool | None = None, key: str | None = None
    ) -> DecisionsMotion:
        """Put a motion on the agenda.

        Those whom the rule names, once there are enough supporters where it asks for them. `item_confirmed` says
        that the item of the law was looked at.

        Needs a token with the scope `office`.

        May be refused as `item_unconfirmed`, `not_deliberating`, `not_public`, `too_few_seconders`, `vote_running`.
        """
        told: DecisionsMotion = self._asked(
            "POST",
            f"/motions/{_quoted(motion_id)}/tabling",
            body={"item_confirmed": item_confirmed},
            key=key or new_key(),
        )
        return told

    def publish_notice(
        self,
        motion_id: int,
        *,
        opens_at: str,
        closes_at: str,
        touches: list[Literal["duty", "person", "personal_data", "outsiders", "unlawful"]],
        item_confirmed: bool | None = None,
        key: str | None = None,
    ) -> DecisionsDecision:
        """Publish the voting notice.

        Those whom the rule names, for a motion that is tabled. No concern may be open, and the days of notice of
        the rule must lie before `opens_at`. Rule, options and electorate freeze.

        Needs a token with the scope `office`.

        May be refused as `bars_unanswered`, `choices_incomplete`, `closes_before_open`, `committee_binds_nobody`,
        `concerns_unanswered`, `electorate_empty`, `interests_waiting`, `item_below_triage`, `item_missing`,
        `item_unconfirmed`, `names_and_punishes`, `no_area`, `no_consequence`, `no_options`, `no_secrecy_with_area`,
        `no_secrecy_with_reasons`, `not_deliberating`, `not_in_secret`, `not_public`, `not_secret_by_rule`,
        `not_tabled`, `not_who_publishes`, `notice_too_short`, `owners_decide`, `rule_does_not_fit`,
        `rule_unconfirmed`, `same_options`, `scope_fixed`, `shares_need_names`, `shares_outvote`,
        `solution_taken_down`, `triaged_otherwise`, `vote_running`.
        """
        told: DecisionsDecision = self._asked(
            "POST",
            f"/motions/{_quoted(motion_id)}/notice",
            body={"opens_at": opens_at, "closes_at": closes_at, "touches": touches, "item_confirmed": item_confirmed},
            key=key or new_key(),
        )
        return told

    def open_decision(self, decision_id: int, *, key: str | None = None) -> DecisionsDecision:
        """Say that the announced hour has come; the clock does it too.

        Who can see the problem. The clock does it by itself when the hour has come; before that, and again, it does
        nothing.

        Needs a token with the scope `office`.
        """
        told: DecisionsDecision = self._asked(
            "POST", f"/decisions/{_quoted(decision_id)}/opening", key=key or new_key()
        )
        return told

    def cast_ballot(
        self,
        decision_id: int,
        *,
        option: int | None = None,
        marks: str | None = None,
        reason: str | None = None,
        reason_public: bool | None = None,
        head: int | None = None,
    ) -> DecisionsReceipt:
        """Cast your ballot; until closing, the last one counts.

        Those on the electorate, while it runs. The last ballot before the close counts; the receipt shows no
        choice. It takes no `Idempotency-Key`, because the answer kept under it would say how you voted.

        Needs a token with the scope `vote`.

        May be refused as `annulled`, `ballot_taken`, `came_later`, `cast_by_other`, `cast_on_paper`,
        `head_unclear`, `no_delegate_any_more`, `not_in_electorate`, `not_open_yet`, `option_unknown`,
        `signed_already`, `vote_is_secret`, `voting_closed`.
        """
        told: DecisionsReceipt = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/ballot",
            body={"option": option, "marks": marks, "reason": reason, "reason_public": reason_public, "head": head},
        )
        return told

    def close_decision(self, decision_id: int, *, key: str | None = None) -> DecisionsDecision:
        """Count a vote whose hour has come; the clock does it too.

        Who can see the problem. The clock does it by itself when the hour has come; before that it is refused.

        Needs a token with the scope `office`.

        May be refused as `already_closed`, `annulled`, `box_not_open`, `papers_waiting`, `too_early_to_close`.
        """
        told: DecisionsDecision = self._asked(
            "POST", f"/decisions/{_quoted(decision_id)}/closing", key=key or new_key()
        )
        return told

    def answer_resolution(
        self,
        resolution_id: int,
        *,
        answer: Literal["adopted", "partly", "declined"],
        reason: str | None = None,
        key: str | None = None,
    ) -> DecisionsResolution:
        """Answer a resolution for the body that it names.

        An official of the body that the resolution names, once. Whoever does not adopt it wholly says why; a late
        answer is shown as late.

        Needs a token with the scope `office`.

        May be refused as `already_answered`, `not_the_body`, `reason_missing`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: DecisionsResolution = self._asked(
            "POST",
            f"/resolutions/{_quoted(resolution_id)}/answer",
            body={"answer": answer, "reason": reason},
            key=key or new_key(),
        )
        return told

    def show_bulletin(self, decision_id: int) -> DecisionsBulletin:
        """The sealed ballots of a vote, as they are pinned up.

        Anybody who can see the problem. Ten at a time while it runs, the rest with the close. A sealed ballot shows
        neither whose it is nor what it says.
        """
        told: DecisionsBulletin = self._asked("GET", f"/decisions/{_quoted(decision_id)}/bulletin")
        return told

    def show_bundle(self, decision_id: int) -> DecisionsBundle:
        """What anybody needs to check a count.

        Anybody who can see the problem, after the count. Of a named vote totals, thresholds and sealed ballots, and
        no choice of anybody; of a secret one every ballot, sorted, and nobody's name. `recount.py`, which the page
        of the bulletin or of the box offers, checks it.
        """
        told: DecisionsBundle = self._asked("GET", f"/decisions/{_quoted(decision_id)}/bundle")
        return told

    def show_course(self, decision_id: int) -> DecisionsCourse:
        """Whether a vote closes at another hour, was annulled or objected to, and what became of it.

        Anybody who can see the problem. Another hour and an annulment are asked for and signed by two people on the
        page of the vote; `refusals` says whether the person of the token may object, answer and state.
        """
        told: DecisionsCourse = self._asked("GET", f"/decisions/{_quoted(decision_id)}/course")
        return told

    def object_to_result(self, decision_id: int, *, text: str, key: str | None = None) -> DecisionsCourse:
        """Object to a result before it takes effect.

        Those who vote here, once each, in the days for which the place lets a result wait. It is shown without a
        name and answered before anything takes effect.

        Needs a token with the scope `take_part`.

        May be refused as `no_objections_now`, `not_in_electorate`, `objected_already`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: DecisionsCourse = self._asked(
            "POST", f"/decisions/{_quoted(decision_id)}/objections", body={"text": text}, key=key or new_key()
        )
        return told

    def answer_objection(self, objection_id: int, *, answer: str, key: str | None = None) -> DecisionsCourse:
        """Answer an objection to a result.

        Those who put motions on the agenda, and the street office, once.

        Needs a token with the scope `office`.

        May be refused as `answered_already`, `not_who_steers`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: DecisionsCourse = self._asked(
            "POST", f"/objections/{_quoted(objection_id)}/answer", body={"answer": answer}, key=key or new_key()
        )
        return told

    def state_outcome(
        self, decision_id: int, *, statement: str, review_on: str | None = None, key: str | None = None
    ) -> DecisionsCourse:
        """Say what became of a decision, and when it is looked at again.

        Those who put motions on the agenda, and the street office. The last word stands; on the day of review
        everybody of the dossier is reminded.

        Needs a token with the scope `office`.

        May be refused as `not_who_steers`, `nothing_to_follow`, `review_does_not_fit`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: DecisionsCourse = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/outcome",
            body={"statement": statement, "review_on": review_on},
            key=key or new_key(),
        )
        return told

    def list_decision_rules(self, *, place: str) -> list[DecisionsPlaceRule]:
        """The rules by which a place decides.

        Anybody. Each rule as it holds there now, with its legal force in that place; decisions that were announced
        keep the rule of their notice.
        """
        told: list[DecisionsPlaceRule] = self._asked("GET", "/decision-rules", query={"place": place})
        return told

    def propose_rule(
        self,
        *,
        place: str,
        code: Literal["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14"],
        reason: str,
        name: str | None = None,
        participation: DecisionsLineBody | None = None,
        passing: DecisionsLineBody | None = None,
        seconders: str | None = None,
        notice_days: int | None = None,
        publication_days: int | None = None,
        methods: list[Literal["single", "approval", "score", "ranked", "stv", "consent", "budget", "committee"]]
        | None = None,
        secrecies: list[Literal["named", "secret", "checkable"]] | None = None,
        parking: Literal["with_area", "left_out"] | None = None,
        co_owners: Literal["any", "joint", "shares"] | None = None,
        proxy_heads: int | None = None,
        proxy_periods: bool | None = None,
        source: str | None = None,
        not_before: str | None = None,
        key: str | None = None,
    ) -> DecisionsVersion:
        """Write a new version of a rule for a place.

        The street office and administrators of the place. It holds once a second of them has confirmed it. What an
        article fixes, such as the lines of Civil Code 278, is refused with the article.

        Needs a token with the scope `keep`.

        May be refused as `co_owners_unfit`, `delegates_instead`, `fixed_by_law`, `line_too_low`,
        `members_in_person`, `methods_unfit`, `no_rule_to_write`, `not_who_keeps`, `nothing_changed`, `notice_days`,
        `proxies_unfit`, `publication_days`, `rule_without_proxies`, `seconders_too_many`, `secrecies_unfit`,
        `secret_in_person`, `share_impossible`, `shares_need_names`, `shares_outvote`, `version_waits`,
        `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: DecisionsVersion = self._asked(
            "POST",
            "/decision-rules",
            body={
                "place": place,
                "code": code,
                "reason": reason,
                "name": name,
                "participation": participation,
                "passing": passing,
                "seconders": seconders,
                "notice_days": notice_days,
                "publication_days": publication_days,
                "methods": methods,
                "secrecies": secrecies,
                "parking": parking,
                "co_owners": co_owners,
                "proxy_heads": proxy_heads,
                "proxy_periods": proxy_periods,
                "source": source,
                "not_before": not_before,
            },
            key=key or new_key(),
        )
        return told

    def show_rule_version(self, version_id: int) -> DecisionsVersion:
        """A version of a place's own rule, and what it changes.

        Anybody, also while it waits for a second person and where it was declined. `changes` says what it replaces
        in the version before it.

        May be refused as `delegates_instead`, `members_in_person`, `rule_without_proxies`, `secret_in_person`.
        """
        told: DecisionsVersion = self._asked("GET", f"/decision-rules/versions/{_quoted(version_id)}")
        return told

    def confirm_rule(self, version_id: int, *, key: str | None = None) -> DecisionsVersion:
        """Confirm what another has written.

        The street office and administrators of the place, but not who wrote it. From then, or from the day it
        names, the place decides by it; decisions that were announced keep the rule of their notice.

        Needs a token with the scope `keep`.

        May be refused as `co_owners_unfit`, `delegates_instead`, `fixed_by_law`, `line_too_low`,
        `members_in_person`, `methods_unfit`, `not_who_keeps`, `notice_days`, `proxies_unfit`, `publication_days`,
        `rule_without_proxies`, `second_person`, `seconders_too_many`, `secrecies_unfit`, `secret_in_person`,
        `settled`, `shares_need_names`, `shares_outvote`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: DecisionsVersion = self._asked(
            "POST", f"/decision-rules/versions/{_quoted(version_id)}/confirmation", key=key or new_key()
        )
        return told

    def decline_rule(self, version_id: int, *, key: str | None = None) -> DecisionsVersion:
        """Decline what another has written, or take back your own.

        The street office and administrators of the place, while it waits.

        Needs a token with the scope `keep`.

        May be refused as `delegates_instead`, `members_in_person`, `not_who_keeps`, `rule_without_proxies`,
        `second_person`, `secret_in_person`, `settled`.
        """
        told: DecisionsVersion = self._asked(
            "POST", f"/decision-rules/versions/{_quoted(version_id)}/refusal", key=key or new_key()
        )
        return told

    def give_authority(
        self, *, place: str, title: str, issuer: str, dated: str, picture: str, key: str | None = None
    ) -> DecisionsAuthority:
        """Hand in the paper by which a place may take statutory votes.

        The street office and administrators of the place. It counts once a second of them has agreed; the picture
        is then public.

        Needs a token with the scope `keep`.

        May be refused as `authority_waits`, `not_who_keeps`, `picture_empty`, `picture_heic`, `picture_too_large`,
        `picture_too_many_pixels`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: DecisionsAuthority = self._asked(
            "POST",
            "/vote-authorities",
            body={"place": place, "title": title, "issuer": issuer, "dated": dated, "picture": picture},
            key=key or new_key(),
        )
        return told

    def settle_authority(self, authority_id: int, *, agrees: bool, key: str | None = None) -> DecisionsAuthority:
        """Agree that a paper gives the authority, or decline it.

        The street office and administrators of the place; who handed it in may only take it back.

        Needs a token with the scope `keep`.

        May be refused as `not_who_keeps`, `second_person`, `settled`.
        """
        told: DecisionsAuthority = self._asked(
            "POST",
            f"/vote-authorities/{_quoted(authority_id)}/settlement",
            body={"agrees": agrees},
            key=key or new_key(),
        )
        return told

    def end_authority(self, authority_id: int, *, key: str | None = None) -> DecisionsAuthority:
        """Say that a place no longer has its authority.

        The street office and administrators of the place. Votes announced before keep what they were announced as.

        Needs a token with the scope `keep`.

        May be refused as `not_who_keeps`, `second_person`, `settled`.
        """
        told: DecisionsAuthority = self._asked(
            "POST", f"/vote-authorities/{_quoted(authority_id)}/end", key=key or new_key()
        )
        return told

    def simulate_electorate(self, motion_id: int) -> list[DecisionsSimulation]:
        """Who would vote on a motion if it were announced now.

        Anybody who can see the problem: sums only, no name. The scope of the motion comes first, then wider ones.
        Where shares of co-owners cannot be counted, these are named to who checks owners there, and to the owner.
        """
        told: list[DecisionsSimulation] = self._asked("GET", f"/motions/{_quoted(motion_id)}/electorate")
        return told

    def list_mandates(self) -> list[DecisionsMandate]:
        """Whom you let cast for you, and who lets you.

        The person of the token; nobody else's. The newest 200.

        Needs a token with the scope `read`.
        """
        told: list[DecisionsMandate] = self._asked("GET", "/me/mandates")
        return told

    def give_mandate(
        self,
        *,
        proxy: str,
        decision: int | None = None,
        place: str | None = None,
        until: str | None = None,
        key: str | None = None,
    ) -> DecisionsMandate:
        """Let somebody cast for you.

        Those who have a vote, where the rule lets them. You take it back at any time, and your own ballot ends it
        and replaces what the proxy has cast. Nobody passes a mandate on.

        Needs a token with the scope `vote`.

        May be refused as `carries_others`, `cast_already`, `delegates_instead`, `mandate_given`, `mandate_late`,
        `members_in_person`, `no_periods`, `no_vote_here`, `not_in_electorate`, `own_proxy`, `period_unfit`,
        `proxy_barred`, `proxy_chain`, `proxy_circle`, `proxy_full`, `proxy_unknown`, `rule_without_proxies`,
        `same_head`, `secret_in_person`.
        """
        told: DecisionsMandate = self._asked(
            "POST",
            "/mandates",
            body={"proxy": proxy, "decision": decision, "place": place, "until": until},
            key=key or new_key(),
        )
        return told

    def end_mandate(self, mandate_id: int, *, key: str | None = None) -> DecisionsMandate:
        """Take a mandate back, or lay it down.

        Its principal, its proxy, and for one on paper those who keep the papers. What the proxy has cast stays
        until the principal casts.

        Needs a token with the scope `vote`.

        May be refused as `mandate_ended`, `not_your_mandate`.
        """
        told: DecisionsMandate = self._asked("POST", f"/mandates/{_quoted(mandate_id)}/end", key=key or new_key())
        return told

    def list_paper_mandates(self, decision_id: int) -> list[DecisionsMandate]:
        """The mandates on paper of a vote.

        Those who keep the papers of the place: who hosts votes and the street office.

        Needs a token with the scope `read`.
        """
        told: list[DecisionsMandate] = self._asked("GET", f"/decisions/{_quoted(decision_id)}/mandates")
        return told

    def enter_paper_mandate(
        self,
        decision_id: int,
        *,
        building: int,
        door: str,
        proxy: str,
        picture: str,
        staircase: str | None = None,
        key: str | None = None,
    ) -> DecisionsMandate:
        """Enter a mandate from paper.

        Those who keep the papers of the place. It holds once a second of them has confirmed it.

        Needs a token with the scope `office`.

        May be refused as `carries_others`, `cast_already`, `delegates_instead`, `head_not_found`, `mandate_given`,
        `mandate_late`, `members_in_person`, `own_proxy`, `picture_empty`, `picture_heic`, `picture_too_large`,
        `picture_too_many_pixels`, `proxy_barred`, `proxy_chain`, `proxy_circle`, `proxy_full`, `proxy_unknown`,
        `rule_without_proxies`, `same_head`, `secret_in_person`.
        """
        told: DecisionsMandate = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/mandates",
            body={"building": building, "door": door, "proxy": proxy, "picture": picture, "staircase": staircase},
            key=key or new_key(),
        )
        return told

    def settle_paper_mandate(self, mandate_id: int, *, agrees: bool, key: str | None = None) -> DecisionsMandate:
        """Confirm a mandate on paper, or decline it.

        A second one of those who keep the papers; who entered it may only take it back.

        Needs a token with the scope `office`.

        May be refused as `carries_others`, `cast_already`, `delegates_instead`, `mandate_given`, `mandate_late`,
        `members_in_person`, `own_proxy`, `proxy_barred`, `proxy_chain`, `proxy_circle`, `proxy_full`,
        `rule_without_proxies`, `same_head`, `second_person`, `secret_in_person`, `settled`.
        """
        told: DecisionsMandate = self._asked(
            "POST", f"/mandates/{_quoted(mandate_id)}/settlement", body={"agrees": agrees}, key=key or new_key()
        )
        return told

    def list_interests(self, motion_id: int) -> DecisionsInterests:
        """Who has proven an interest in a motion.

        Where the rule asks for all who have an interest (Civil Code 279): the owners of the building are presumed
        to have one, owners elsewhere may apply before the notice.

        Needs a token with the scope `read`.

        May be refused as `no_interest_here`.
        """
        told: DecisionsInterests = self._asked("GET", f"/motions/{_quoted(motion_id)}/interests")
        return told

    def apply_interest(self, motion_id: int, *, unit: int, text: str, key: str | None = None) -> DecisionsInterests:
        """Apply to be admitted as an owner with an interest.

        Owners of another building of the community, before the notice.

        Needs a token with the scope `take_part`.

        May be refused as `applied_already`, `interest_declined_twice`, `interest_presumed`, `interest_too_late`,
        `motion_withdrawn`, `no_interest_here`, `not_an_owner_here`, `unit_not_yours`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: DecisionsInterests = self._asked(
            "POST", f"/motions/{_quoted(motion_id)}/interests", body={"unit": unit, "text": text}, key=key or new_key()
        )
        return told

    def settle_interest(
        self, interest_id: int, *, admits: bool, reason: str, key: str | None = None
    ) -> DecisionsInterests:
        """Admit an applicant, or decline.

        Moderators, chairs and the owners' committee, before the notice; nobody on their own application or motion.
        No notice goes out while an application waits.

        Needs a token with the scope `office`.

        May be refused as `interest_is_own`, `interest_settled`, `interest_too_late`, `no_interest_here`,
        `not_a_decider`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: DecisionsInterests = self._asked(
            "POST",
            f"/interests/{_quoted(interest_id)}/settlement",
            body={"admits": admits, "reason": reason},
            key=key or new_key(),
        )
        return told

    def withdraw_interest(self, interest_id: int, *, key: str | None = None) -> DecisionsInterests:
        """Take one's application back.

        Its applicant, before the notice.

        Needs a token with the scope `take_part`.

        May be refused as `interest_settled`, `interest_too_late`, `no_interest_here`, `not_your_application`.
        """
        told: DecisionsInterests = self._asked(
            "POST", f"/interests/{_quoted(interest_id)}/withdrawal", key=key or new_key()
        )
        return told

    def list_delegates(self, motion_id: int) -> list[DecisionsSent]:
        """Which organizations decide on a motion, and whom each sends.

        Where the rule has organizations vote. Anybody who can see the problem.
        """
        told: list[DecisionsSent] = self._asked("GET", f"/motions/{_quoted(motion_id)}/delegates")
        return told

    def name_delegate(
        self, motion_id: int, *, organization: int, person: int, key: str | None = None
    ) -> list[DecisionsSent]:
        """Name whom your organization sends.

        Those who hold a mandate of it, until the close. Its ballot is one: what an earlier delegate cast stands
        until the next one replaces it.

        Needs a token with the scope `office`.

        May be refused as `delegate_named`, `delegate_of_another`, `delegate_unknown`, `delegates_settled`,
        `no_delegates_here`, `not_of_the_organization`, `organization_not_asked`.
        """
        told: list[DecisionsSent] = self._asked(
            "POST",
            f"/motions/{_quoted(motion_id)}/delegates",
            body={"organization": organization, "person": person},
            key=key or new_key(),
        )
        return told

    def list_reasons(self, decision_id: int) -> DecisionsUnreadList:
        """The reasons that wait to be read before everybody reads them.

        Moderators of the place, after the close. Only those whose writers agreed to their being published.

        May be refused as `not_a_checker`, `reason_checked`, `vote_runs`.
        """
        told: DecisionsUnreadList = self._asked("GET", f"/decisions/{_quoted(decision_id)}/reasons")
        return told

    def check_reason(
        self,
        decision_id: int,
        *,
        reason: str,
        withheld: Literal["person", "insult", "elsewhere", "unlawful", None] = None,
        key: str | None = None,
    ) -> DecisionsUnreadList:
        """Release a reason for everybody to read, or withhold it.

        Moderators of the place, after the close, once for each reason.

        Needs a token with the scope `office`.

        May be refused as `not_a_checker`, `reason_checked`, `vote_runs`.
        """
        told: DecisionsUnreadList = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/reasons",
            body={"reason": reason, "withheld": withheld},
            key=key or new_key(),
        )
        return told

    def list_rounds(self, number: str) -> DecisionsRoundList:
        """The open rounds of a problem.

        Anybody who can see the problem. A round decides nothing, and owners, tenants and others are never added up.
        """
        told: DecisionsRoundList = self._asked("GET", f"/problems/{_quoted(number)}/rounds")
        return told

    def open_round(
        self,
        number: str,
        *,
        question: str,
        closes_at: str,
        kind: Literal["hands", "consent"] | None = None,
        key: str | None = None,
    ) -> DecisionsRound:
        """Ask everybody of the place one question, to be answered openly.

        Moderators and chairs. A show of hands, or a round of consent, in which somebody can block with a reason.
        Not about a topic that was declared fixed.

        Needs a token with the scope `office`.

        May be refused as `round_time`, `too_many_rounds`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: DecisionsRound = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/rounds",
            body={"question": question, "closes_at": closes_at, "kind": kind},
            key=key or new_key(),
        )
        return told

    def show_round(self, round_id: int) -> DecisionsRound:
        """Who said what in an open round.

        Anybody who can see the problem. Nothing is decided by a round; owners, tenants and others who live here are
        counted apart.
        """
        told: DecisionsRound = self._asked("GET", f"/rounds/{_quoted(round_id)}")
        return told

    def answer_round(
        self,
        round_id: int,
        *,
        choice: Literal["agree", "against", "abstain", "block"],
        harm: str | None = None,
        remedy: str | None = None,
        key: str | None = None,
    ) -> DecisionsRound:
        """Answer an open round under one's name on the dossier.

        Whoever lives or owns here, until the close; answering again replaces the answer. A block raises a concern,
        which the accountable body has to answer.

        Needs a token with the scope `take_part`.

        May be refused as `concerns_waiting`, `mandate_elsewhere`, `not_a_neighbour`, `not_of_this_place`,
        `not_offered`, `problem_ended`, `problem_hidden`, `round_over`, `sign_in_first`, `suspended`,
        `words_missing`, `words_too_long`, `words_unreadable`, `writing_blocked`.
        """
        told: DecisionsRound = self._asked(
            "POST",
            f"/rounds/{_quoted(round_id)}/answers",
            body={"choice": choice, "harm": harm, "remedy": remedy},
            key=key or new_key(),
        )
        return told

    def close_round(self, round_id: int, *, summary: str, key: str | None = None) -> DecisionsRound:
        """End an open round and say what was heard.

        Moderators and chairs, once, before the announced hour or after it.

        Needs a token with the scope `office`.

        May be refused as `not_a_facilitator`, `round_closed`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: DecisionsRound = self._asked(
            "POST", f"/rounds/{_quoted(round_id)}/closure", body={"summary": summary}, key=key or new_key()
        )
        return told

    def list_papers(self, decision_id: int) -> DecisionsPapers:
        """The paper ballots of a vote.

        Moderators, chairs, the owners' committee, grid workers and the street office. No choice is shown.

        Needs a token with the scope `office`.
        """
        told: DecisionsPapers = self._asked("GET", f"/decisions/{_quoted(decision_id)}/papers")
        return told

    def print_papers(
        self, decision_id: int, *, building: int | None = None, unit: int | None = None, key: str | None = None
    ) -> DecisionsPapers:
        """Make the paper ballots that are missing.

        Those who enter papers. One for each household; the sheets are printed from the page. A secret vote has
        none.

        Needs a token with the scope `office`.

        May be refused as `no_such_way`, `nobody_to_print_for`, `not_in_secret`, `printed_meanwhile`,
        `voting_closed`.
        """
        told: DecisionsPapers = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/papers",
            body={"building": building, "unit": unit},
            key=key or new_key(),
        )
        return told

    def enter_paper(
        self,
        slip: int,
        *,
        marks: str | None = None,
        reason: str | None = None,
        signed_on: str | None = None,
        signer: int | None = None,
        fault: Literal["unsigned", "unclear", "late", "already_cast", "lapsed", None] = None,
        channel: Literal["web", "paper", "door", "proxy", "helped"] | None = None,
        picture: str | None = None,
    ) -> DecisionsPaperRow:
        """Enter what you read on a paper ballot.

        Those who enter papers, each paper twice by two people on their own; it counts when both read the same, and
        a third looks where they differ. It takes no `Idempotency-Key`, because the answer kept under it would say
        what was read.

        Needs a token with the scope `office`.

        May be refused as `ballot_taken`, `choice_beside_name`, `date_missing`, `joint_head`, `no_picture`,
        `not_of_a_paper`, `not_open_yet`, `picture_empty`, `picture_heic`, `picture_too_large`,
        `picture_too_many_pixels`, `read_meanwhile`, `same_reader`, `signer_unknown`, `slip_counted`,
        `slip_rejected`, `voting_closed`.
        """
        told: DecisionsPaperRow = self._asked(
            "POST",
            f"/papers/{_quoted(slip)}",
            body={
                "marks": marks,
                "reason": reason,
                "signed_on": signed_on,
                "signer": signer,
                "fault": fault,
                "channel": channel,
                "picture": picture,
            },
        )
        return told

    def help_vote(
        self,
        decision_id: int,
        *,
        unit: int,
        voter: int | None = None,
        marks: str | None = None,
        reason: str | None = None,
    ) -> DecisionsHelp:
        """Mark a ballot for a voter who is present.

        Grid workers, volunteers, moderators and the street office, but nobody of the body that began the vote. It
        is cast when a witness agrees within two hours, and the voter may change it until the close.

        Needs a token with the scope `office`.

        May be refused as `annulled`, `came_later`, `cast_by_other`, `cast_on_paper`, `help_not_jointly`,
        `help_waits`, `no_such_way`, `not_in_electorate`, `not_in_secret`, `not_open_yet`, `voted_already`,
        `voter_unclear`, `voter_unknown`, `voting_closed`.
        """
        told: DecisionsHelp = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/help",
            body={"unit": unit, "voter": voter, "marks": marks, "reason": reason},
        )
        return told

    def show_help(self, aid: int) -> DecisionsHelp:
        """A helped ballot, by the code on the helper's screen.

        Whoever has the code; what was chosen is shown to nobody.

        Needs a token with the scope `take_part`.
        """
        told: DecisionsHelp = self._asked("GET", f"/helped/{_quoted(aid)}")
        return told

    def witness_help(self, aid: int, *, key: str | None = None) -> DecisionsHelp:
        """Say as a second person that you were there and saw it.

        Somebody who lives or serves there: not the helper, nobody of the household, nobody of the body that began
        the vote. The ballot is cast with that.

        Needs a token with the scope `take_part`.

        May be refused as `annulled`, `ballot_taken`, `came_later`, `cast_by_other`, `cast_on_paper`, `joint_head`,
        `not_in_electorate`, `not_open_yet`, `voted_already`, `voting_closed`.
        """
        told: DecisionsHelp = self._asked("POST", f"/helped/{_quoted(aid)}/witness", key=key or new_key())
        return told

    def end_help(self, aid: int, *, key: str | None = None) -> DecisionsHelp:
        """Take a helped ballot back before it is cast, or say that it was not so.

        The helper, the voter, or who would be the witness.

        Needs a token with the scope `take_part`.

        May be refused as `help_over`.
        """
        told: DecisionsHelp = self._asked("POST", f"/helped/{_quoted(aid)}/end", key=key or new_key())
        return told

    def show_service(self, decision_id: int) -> DecisionsService:
        """How many households a notice has reached, and by which ways they voted.

        Anybody who can see the problem: counts for the whole of a vote, and never which households.
        """
        told: DecisionsService = self._asked("GET", f"/decisions/{_quoted(decision_id)}/service")
        return told

    def record_service(
        self,
        decision_id: int,
        *,
        head: int,
        means: Literal["opened", "post", "door"],
        outcome: Literal["delivered", "absent", "refused"],
        on: str | None = None,
        key: str | None = None,
    ) -> DecisionsService:
        """Write down that you brought a notice to a household, or tried to.

        Those who enter papers. Who opened the page of a vote is served by that, and nobody enters it.

        Needs a token with the scope `office`.

        May be refused as `not_by_hand`, `service_date`, `voting_closed`.
        """
        told: DecisionsService = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/service",
            body={"head": head, "means": means, "outcome": outcome, "on": on},
            key=key or new_key(),
        )
        return told

    def show_box(self, decision_id: int) -> DecisionsBox:
        """The box of a secret vote, and what was in it.

        Anybody who can see the problem. Before the opening nothing is said of how many ballots lie in it.
        """
        told: DecisionsBox = self._asked("GET", f"/decisions/{_quoted(decision_id)}/box")
        return told

    def drop_ballot(self, decision_id: int, *, token: str, signature: str, ballot: str) -> DecisionsDropped:
        """Put a sealed ballot into the box, without a name.

        Whoever shows a token, while the vote runs; the same token puts another ballot in the place of the first. A
        request with a token of the API, a cookie or a key is refused: it would say whose ballot it is.

        May be refused as `annulled`, `ballot_taken`, `came_later`, `cast_by_other`, `cast_on_paper`,
        `not_in_electorate`, `not_open_yet`, `token_unknown`, `token_unreadable`, `voting_closed`.
        """
        told: DecisionsDropped = self._asked(
            "POST",
            f"/decisions/{_quoted(decision_id)}/box",
            body={"token": token, "signature": signature, "ballot": ballot},
        )
        return told

    def issue_token(self, decision_id: int, *, blinded: str, head: int | None = None) -> DecisionsSigned:
        """Have your token for a secret vote signed, unseen.

        Those on the electorate, while it runs. Once for each voice: the same request is answered alike, another one
        is refused. Blind and unblind on the voter's own device, as `docs/api.md` says step by step.

        Needs a token with the scope `vote`.

        May be refused as `annulled`, `ballot_taken`, `box_not_ready`, `came_later`, `cast_by_other`,
        `cast_on_paper`, `head_unclear`, `key_locked`, `not_in_electorate`, `not_open_yet`, `token_given`,
        `token_unreadable`, `voting_closed`.
        """
        told: DecisionsSigned = self._asked(
            "POST", f"/decisions/{_quoted(decision_id)}/token", body={"blinded": blinded, "head": head}
        )
        return told

    def list_ballot_templates(self, *, place: str) -> list[DecisionsTemplate]:
        """The ballots that a place keeps ready.

        Anybody. What a motion can begin with; its rule still says which ballots it admits.
        """
        told: list[DecisionsTemplate] = self._asked("GET", "/ballot-templates", query={"place": place})
        return told

    def write_ballot_template(
        self,
        *,
        name: str,
        place: str,
        form: DecisionsFormBody | None = None,
        options: list[DecisionsOptionBody] | None = None,
        agree: str | None = None,
        disagree: str | None = None,
        abstain: str | None = None,
        key: str | None = None,
    ) -> list[DecisionsTemplate]:
        """Write a ballot that a place keeps ready.

        Moderators, the chair, the owners' committee, the street office and administrators of the place.

        Needs a token with the scope `office`.

        May be refused as `choices_incomplete`, `no_consequence`, `no_options`, `not_who_keeps`, `same_options`,
        `too_many_templates`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: list[DecisionsTemplate] = self._asked(
            "POST",
            "/ballot-templates",
            body={
                "name": name,
                "place": place,
                "form": form,
                "options": options,
                "agree": agree,
                "disagree": disagree,
                "abstain": abstain,
            },
            key=key or new_key(),
        )
        return told

    def show_ballot_template(self, template_id: int) -> list[DecisionsTemplate]:
        """All versions of a ballot that a place keeps ready.

        Anybody. Each version with its options and its form, the newest first; a motion names the one it begins
        with.
        """
        told: list[DecisionsTemplate] = self._asked("GET", f"/ballot-templates/{_quoted(template_id)}")
        return told

    def change_ballot_template(
        self,
        template_id: int,
        *,
        name: str,
        reason: str,
        form: DecisionsFormBody | None = None,
        options: list[DecisionsOptionBody] | None = None,
        agree: str | None = None,
        disagree: str | None = None,
        abstain: str | None = None,
        key: str | None = None,
    ) -> list[DecisionsTemplate]:
        """Write another version of a ballot that a place keeps ready.

        Those who may write one. Motions moved before keep what they were moved with.

        Needs a token with the scope `office`.

        May be refused as `choices_incomplete`, `no_consequence`, `no_options`, `not_who_keeps`, `same_options`,
        `template_retired`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: list[DecisionsTemplate] = self._asked(
            "POST",
            f"/ballot-templates/{_quoted(template_id)}",
            body={
                "name": name,
                "reason": reason,
                "form": form,
                "options": options,
                "agree": agree,
                "disagree": disagree,
                "abstain": abstain,
            },
            key=key or new_key(),
        )
        return told

    def retire_ballot_template(self, template_id: int, *, key: str | None = None) -> list[DecisionsTemplate]:
        """No longer offer a ballot that a place keeps ready.

        Those who may write one. Its versions stay to be read.

        Needs a token with the scope `office`.

        May be refused as `not_who_keeps`.
        """
        told: list[DecisionsTemplate] = self._asked(
            "POST", f"/ballot-templates/{_quoted(template_id)}/retirement", key=key or new_key()
        )
        return told

    def list_tasks(
        self,
        *,
        after: str | None = None,
        place: str | None = None,
        show: Literal["open", "mine", "verify"] | None = None,
    ) -> TasksTasks:
        """Tasks that are open, one's own, or to verify, the newest first.

        Anybody; one's own, and those to verify, for the person of the token. The newest first.
        """
        told: TasksTasks = self._asked("GET", "/tasks", query={"after": after, "place": place, "show": show})
        return told

    def iter_tasks(
        self, *, place: str | None = None, show: Literal["open", "mine", "verify"] | None = None, after: str = ""
    ) -> Iterator[TasksTask]:
        """Return every item of `list_tasks`, one part after the other."""
        return parts(lambda mark: self.list_tasks(place=place, show=show, after=mark), after)

    def show_task(self, task_id: int) -> TasksTask:
        """A task.

        Anybody who can see its problem. `mine` and `my_claim` are the claim of the person of the token.
        """
        told: TasksTask = self._asked("GET", f"/tasks/{_quoted(task_id)}")
        return told

    def open_task(
        self,
        number: str,
        *,
        title: str,
        text: str | None = None,
        slots: int | None = None,
        days: int | None = None,
        meeting_point: str | None = None,
        starts_at: str | None = None,
        meeting_motion: int | None = None,
        key: str | None = None,
    ) -> TasksTask:
        """Open a task for claiming.

        Moderators and the owners' committee of the place, while something can be done about the problem.

        Needs a token with the scope `office`.

        May be refused as `days_out_of_range`, `motion_elsewhere`, `motion_not_carried`, `motion_taken_down`,
        `not_present`, `not_time_for_tasks`, `not_who_opens_tasks`, `outcomes_full`, `problem_ended`,
        `problem_hidden`, `slots_out_of_range`, `voted_on_already`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: TasksTask = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/tasks",
            body={
                "title": title,
                "text": text,
                "slots": slots,
                "days": days,
                "meeting_point": meeting_point,
                "starts_at": starts_at,
                "meeting_motion": meeting_motion,
            },
            key=key or new_key(),
        )
        return told

    def list_tasks_of_problem(self, number: str, *, after: str | None = None) -> TasksTasks:
        """The tasks of a problem, the oldest first.

        Anybody who can see the problem. Tasks of a motion are opened when it passes.
        """
        told: TasksTasks = self._asked("GET", f"/problems/{_quoted(number)}/tasks", query={"after": after})
        return told

    def iter_tasks_of_problem(self, number: str, *, after: str = "") -> Iterator[TasksTask]:
        """Return every item of `list_tasks_of_problem`, one part after the other."""
        return parts(lambda mark: self.list_tasks_of_problem(number, after=mark), after)

    def cancel_task(self, task_id: int, *, reason: str, key: str | None = None) -> TasksTask:
        """Call a task off.

        The organization that opened it. Work that was verified stays; claims that were worked on are released.

        Needs a token with the scope `office`.

        May be refused as `not_who_opened`, `task_not_open`, `words_missing`, `words_too_long`, `words_unreadable`,
        `work_waits`.
        """
        told: TasksTask = self._asked(
            "POST", f"/tasks/{_quoted(task_id)}/cancellation", body={"reason": reason}, key=key or new_key()
        )
        return told

    def claim_task(self, task_id: int, *, key: str | None = None) -> TasksClaim:
        """Claim a slot, for oneself or for the organization one acts for.

        A resident, or a member of a social organization, a branch or the owners' committee for it, while a slot is
        free; once each.

        Needs a token with the scope `take_part`.

        May be refused as `already_claimed`, `choose_organization`, `no_slot_left`, `not_claimed_in_this_role`,
        `not_of_this_place`, `problem_ended`, `sign_in_first`, `suspended`, `task_cancelled`, `task_done`.
        """
        told: TasksClaim = self._asked("POST", f"/tasks/{_quoted(task_id)}/claims", key=key or new_key())
        return told

    def return_claim(self, claim_id: int, *, key: str | None = None) -> TasksClaim:
        """Give a slot back.

        Who holds the claim, while it is not handed in. The slot is free again.

        Needs a token with the scope `take_part`.

        May be refused as `claim_not_active`, `not_your_claim`.
        """
        told: TasksClaim = self._asked("POST", f"/claims/{_quoted(claim_id)}/return", key=key or new_key())
        return told

    def hand_in_task(
        self,
        claim_id: int,
        *,
        words: str,
        minutes: int,
        picture: str | None = None,
        sent_picture: str | None = None,
        key: str | None = None,
    ) -> TasksHandedIn:
        """Hand in what was done on one's claim.

        Who holds the claim. Another person looks at it; minutes count when they are verified.

        Needs a token with the scope `take_part`.

        May be refused as `claim_not_active`, `mandate_ended`, `minutes_out_of_range`, `not_your_claim`,
        `picture_empty`, `picture_heic`, `picture_lost`, `picture_too_large`, `picture_too_many_pixels`,
        `picture_unknown`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: TasksHandedIn = self._asked(
            "POST",
            f"/claims/{_quoted(claim_id)}/hand-in",
            body={"words": words, "minutes": minutes, "picture": picture, "sent_picture": sent_picture},
            key=key or new_key(),
        )
        return told

    def verify_task(self, claim_id: int, *, key: str | None = None) -> TasksClaim:
        """Verify what another person handed in.

        A moderator, the owners' committee or a grid worker of the place: another person, of another organization.

        Needs a token with the scope `office`.

        May be refused as `not_who_verifies`, `nothing_handed_in`, `own_organization`, `own_work`.
        """
        told: TasksClaim = self._asked("POST", f"/claims/{_quoted(claim_id)}/verification", key=key or new_key())
        return told

    def send_back_task(self, claim_id: int, *, words: str, key: str | None = None) -> TasksClaim:
        """Send back what another person handed in.

        A moderator, the owners' committee or a grid worker of the place: another person, of another organization.
        The clock of the claim runs again.

        Needs a token with the scope `office`.

        May be refused as `not_who_verifies`, `nothing_handed_in`, `own_organization`, `own_work`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: TasksClaim = self._asked(
            "POST", f"/claims/{_quoted(claim_id)}/rework", body={"words": words}, key=key or new_key()
        )
        return told

    def list_cases(self) -> CasesRows:
        """What waits at your desk, by deadline.

        Who serves a body, a supervision centre or an office: cases, calls, concerns and resolutions that wait, by
        deadline.

        Needs a token with the scope `office`.
        """
        told: CasesRows = self._asked("GET", "/cases")
        return told

    def list_cases_of_problem(self, number: str) -> list[CasesCase]:
        """The cases of a problem, the latest first.

        Anybody who can see the problem. Each reopening is the next round of the same case.
        """
        told: list[CasesCase] = self._asked("GET", f"/problems/{_quoted(number)}/cases")
        return told

    def hand_on_carried(
        self, number: str, *, meeting_motion: int, body: int | None = None, key: str | None = None
    ) -> CasesCase:
        """Hand what a meeting carried to the official loop.

        Who serves the organization that called the meeting, once for each motion, after triage and before the end.
        A case that is open already takes it up; the centre refuses only with a reason that everybody reads.

        Needs a token with the scope `office`.

        May be refused as `body_unknown`, `case_open`, `handed_on_already`, `motion_elsewhere`,
        `motion_not_carried`, `motion_taken_down`, `not_present`, `not_the_secretary`, `outcomes_full`,
        `problem_hidden`, `problem_not_alive`, `voted_on_already`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/problems/{_quoted(number)}/cases",
            body={"meeting_motion": meeting_motion, "body": body},
            key=key or new_key(),
        )
        return told

    def show_case(self, case_id: int) -> CasesCase:
        """A case, its stamps and steps, and which of them are yours.

        Anybody who can see its problem. `stamps` are the five seals with who put them, `missing` is what closing
        still lacks, `offers` are the steps that are yours.
        """
        told: CasesCase = self._asked("GET", f"/cases/{_quoted(case_id)}")
        return told

    def verify_case(
        self, case_id: int, *, words: str | None = None, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """Verify the report on the spot (stamp of the problem).

        The grid worker of the place or the supervision centre, on the spot. It puts the stamp of the problem.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/cases/{_quoted(case_id)}/verification",
            body={"words": words, "basis": basis},
            key=key or new_key(),
        )
        return told

    def accept_case(
        self, case_id: int, *, words: str | None = None, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """Take the report on.

        The supervision centre, after the report was verified.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/acceptance", body={"words": words, "basis": basis}, key=key or new_key()
        )
        return told

    def refuse_case(
        self,
        case_id: int,
        *,
        words: str,
        reason: Literal["not_found", "other_channel", "not_public_duty", "in_hand", "declined"],
        basis: str | None = None,
        key: str | None = None,
    ) -> CasesCase:
        """Do not take it on, and say why.

        The supervision centre, instead of taking it on. The problem goes back to triage with the reason.

        Needs a token with the scope `office`.

        May be refused as `handled_already`, `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`,
        `verify_first`, `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/cases/{_quoted(case_id)}/refusal",
            body={"words": words, "reason": reason, "basis": basis},
            key=key or new_key(),
        )
        return told

    def file_case(
        self, case_id: int, *, words: str | None = None, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """File the case.

        The supervision centre, after it was taken on.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/filing", body={"words": words, "basis": basis}, key=key or new_key()
        )
        return told

    def dispatch_case(
        self,
        case_id: int,
        *,
        body_id: int,
        words: str | None = None,
        basis: str | None = None,
        duty_item_id: int | None = None,
        key: str | None = None,
    ) -> CasesCase:
        """Give it to a body (stamp of command).

        The dispatcher of the place, for a filed case. `duty_item_id` is the item of a duty list that names this
        body; without one say the basis. It puts the stamp of command, and the limit begins.

        Needs a token with the scope `office`.

        May be refused as `assist_item_as_lead`, `does_not_reach`, `hand_down_without_admission`,
        `hand_down_without_item`, `inspector_closes`, `item_not_chosen`, `item_not_theirs`, `item_of_another`,
        `item_recalled`, `no_item_no_words`, `nobody_there`, `not_a_handler`, `not_now`, `not_your_step`,
        `own_work`, `two_axes`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/cases/{_quoted(case_id)}/dispatch",
            body={"body_id": body_id, "words": words, "basis": basis, "duty_item_id": duty_item_id},
            key=key or new_key(),
        )
        return told

    def acknowledge_case(
        self, case_id: int, *, words: str | None = None, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """Take it as one's own (stamp of duty).

        The body to which it was given. It puts the stamp of duty.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/cases/{_quoted(case_id)}/acknowledgement",
            body={"words": words, "basis": basis},
            key=key or new_key(),
        )
        return told

    def return_case(self, case_id: int, *, words: str, basis: str | None = None, key: str | None = None) -> CasesCase:
        """Give it back before it is taken.

        The body to which it was given, before it takes it, with the reason. It goes back to the dispatcher.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `returned_before`, `two_axes`,
        `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/return", body={"words": words, "basis": basis}, key=key or new_key()
        )
        return told

    def call_bodies(
        self, case_id: int, *, organization_ids: list[int], ask: str, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """Call other bodies to act together.

        The lead body or the dispatcher, while it is being handled. Each body that is called answers within its
        limit; the stamp of joint handling is put when all have.

        Needs a token with the scope `office`.

        May be refused as `called_already`, `does_not_reach`, `inspector_closes`, `nobody_called`, `nobody_there`,
        `not_a_handler`, `not_now`, `not_your_step`, `own_work`, `two_axes`, `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/cases/{_quoted(case_id)}/calls",
            body={"organization_ids": organization_ids, "ask": ask, "basis": basis},
            key=key or new_key(),
        )
        return told

    def need_no_call(self, case_id: int, *, words: str, basis: str | None = None, key: str | None = None) -> CasesCase:
        """Say why nobody has to be called (stamp of joint handling).

        The dispatcher, after it was dispatched, with a public reason, and not over the head of a body that was
        called and still has time to answer. It puts the stamp of joint handling.

        Needs a token with the scope `office`.

        May be refused as `calls_waiting`, `inspector_closes`, `joint_stamped`, `not_now`, `not_your_step`,
        `own_work`, `two_axes`, `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/no-call", body={"words": words, "basis": basis}, key=key or new_key()
        )
        return told

    def handle_case(
        self,
        case_id: int,
        *,
        words: str,
        basis: str | None = None,
        picture: str | None = None,
        sent_picture: str | None = None,
        no_picture: bool | None = None,
        key: str | None = None,
    ) -> CasesCase:
        """Report the result.

        The lead body, once the stamp of joint handling is there. A picture of the result, or why none is possible.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `picture_empty`,
        `picture_heic`, `picture_missing`, `picture_too_large`, `picture_too_many_pixels`, `stamp_duty`,
        `stamp_joint`, `two_axes`, `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/cases/{_quoted(case_id)}/handling",
            body={
                "words": words,
                "basis": basis,
                "picture": picture,
                "sent_picture": sent_picture,
                "no_picture": no_picture,
            },
            key=key or new_key(),
        )
        return told

    def inspect_case(
        self, case_id: int, *, passed: bool, words: str | None = None, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """Inspect the result: it passes, or goes back.

        The supervision centre, never who handled it. What does not pass goes back to the body, with what is
        missing.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`, `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST",
            f"/cases/{_quoted(case_id)}/inspection",
            body={"passed": passed, "words": words, "basis": basis},
            key=key or new_key(),
        )
        return told

    def feed_back_case(
        self, case_id: int, *, words: str, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """Tell the raisers the result (stamp of feedback).

        The supervision centre, after it passed. The raisers are told; it puts the stamp of feedback.

        Needs a token with the scope `office`.

        May be refused as `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`, `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/feedback", body={"words": words, "basis": basis}, key=key or new_key()
        )
        return told

    def close_case(
        self, case_id: int, *, words: str | None = None, basis: str | None = None, key: str | None = None
    ) -> CasesCase:
        """Close it, with all five stamps.

        The supervision centre, with all five stamps. The raisers are asked whether it is fixed.

        Needs a token with the scope `office`.

        May be refused as `closed_already`, `inspector_closes`, `not_now`, `not_your_step`, `own_work`,
        `stamps_missing`, `two_axes`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/closure", body={"words": words, "basis": basis}, key=key or new_key()
        )
        return told

    def pause_case(self, case_id: int, *, words: str, key: str | None = None) -> CasesCase:
        """Pause the clock while something outside is awaited.

        The dispatcher or the street office of the place, with the reason, which is public. The deadline moves by
        the pause.

        Needs a token with the scope `office`.

        May be refused as `clock_fixed`, `clock_paused`, `not_who_pauses`, `words_needed`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/pauses", body={"words": words}, key=key or new_key()
        )
        return told

    def resume_case(self, case_id: int, *, key: str | None = None) -> CasesCase:
        """Let the clock run again.

        The dispatcher or the street office. The deadline moves by the length of the pause.

        Needs a token with the scope `office`.

        May be refused as `clock_runs`, `not_who_pauses`.
        """
        told: CasesCase = self._asked("POST", f"/cases/{_quoted(case_id)}/pauses/end", body={}, key=key or new_key())
        return told

    def answer_call(self, call_id: int, *, words: str, basis: str | None = None, key: str | None = None) -> AnswerCall:
        """Answer for the body that was called.

        The body that was called. What was done, or why not; it is public.

        Needs a token with the scope `office`.

        May be refused as `call_settled`, `inspector_closes`, `not_now`, `not_your_step`, `own_work`, `two_axes`,
        `words_needed`.
        """
        told: AnswerCall = self._asked(
            "POST", f"/calls/{_quoted(call_id)}/answer", body={"words": words, "basis": basis}, key=key or new_key()
        )
        return told

    def reopen_case(self, case_id: int, *, words: str, key: str | None = None) -> CasesCase:
        """Say, as one of the raisers, that it is not fixed: the next round begins.

        One of the raisers, after it was closed. It says `not_fixed` in `confirm_problem`; the next round goes to
        the same body.

        Needs a token with the scope `take_part`.

        May be refused as `already_confirmed`, `nobody_answers`, `not_asked`, `not_your_act`, `words_missing`,
        `words_too_long`.
        """
        told: CasesCase = self._asked(
            "POST", f"/cases/{_quoted(case_id)}/reopening", body={"words": words}, key=key or new_key()
        )
        return told

    def list_entries(self, *, problem: str, after: str | None = None, limit: int | None = None) -> FrontEntries:
        """What happened to a problem, oldest first; ask `after` the last seen.

        Anybody who can see the problem. Everything that happened, by whom, on what basis. To follow a dossier ask
        again `after` the last `number` you have seen: nothing is missed and nothing comes twice.
        """
        told: FrontEntries = self._asked("GET", "/entries", query={"after": after, "limit": limit, "problem": problem})
        return told

    def iter_entries(self, *, problem: str, limit: int | None = None, after: str = "") -> Iterator[FrontEntry]:
        """Return every item of `list_entries`, one part after the other."""
        return parts(lambda mark: self.list_entries(problem=problem, limit=limit, after=mark), after)

    def list_announcements(
        self,
        *,
        place: str,
        after: str | None = None,
        kind: Literal["notice", "outage", "meeting", "disclosure", "result"] | None = None,
        past: bool | None = None,
    ) -> AnnouncementsAnnouncements:
        """What is announced for a community, the latest first.

        Anybody. What hangs for a community, for what lies above it and in it; with `past` what is over.
        """
        told: AnnouncementsAnnouncements = self._asked(
            "GET", "/announcements", query={"after": after, "place": place, "kind": kind, "past": past}
        )
        return told

    def iter_announcements(
        self,
        *,
        place: str,
        kind: Literal["notice", "outage", "meeting", "disclosure", "result"] | None = None,
        past: bool | None = None,
        after: str = "",
    ) -> Iterator[AnnouncementsAnnouncement]:
        """Return every item of `list_announcements`, one part after the other."""
        return parts(lambda mark: self.list_announcements(place=place, kind=kind, past=past, after=mark), after)

    def publish_announcement(
        self,
        *,
        title: str,
        text: str,
        until: str,
        place: str,
        kind: Literal["notice", "outage", "meeting", "disclosure", "result"],
        meeting_at: str | None = None,
        meeting_spot: str | None = None,
        pinned: bool | None = None,
        problem: str | None = None,
        key: str | None = None,
    ) -> AnnouncementsAnnouncement:
        """Announce something.

        Moderators, chairs, the owners' committee and the street office, within what they answer for. It hangs for a
        year at most; a meeting names its time and place.

        Needs a token with the scope `office`.

        May be refused as `meeting_past`, `meeting_spot_missing`, `meeting_time_missing`, `not_an_announcer`,
        `pinned_enough`, `problem_elsewhere`, `until_far`, `until_past`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: AnnouncementsAnnouncement = self._asked(
            "POST",
            "/announcements",
            body={
                "title": title,
                "text": text,
                "until": until,
                "place": place,
                "kind": kind,
                "meeting_at": meeting_at,
                "meeting_spot": meeting_spot,
                "pinned": pinned,
                "problem": problem,
            },
            key=key or new_key(),
        )
        return told

    def show_announcement(self, announcement_id: int) -> AnnouncementsAnnouncement:
        """An announcement.

        Anybody, also when it is over or withdrawn: it can be read for ever under its id.
        """
        told: AnnouncementsAnnouncement = self._asked("GET", f"/announcements/{_quoted(announcement_id)}")
        return told

    def correct_announcement(
        self,
        announcement_id: int,
        *,
        title: str,
        text: str,
        until: str,
        reason: str,
        meeting_at: str | None = None,
        meeting_spot: str | None = None,
        key: str | None = None,
    ) -> AnnouncementsAnnouncement:
        """Correct an announcement; earlier versions stay readable.

        Who speaks for the organization that announced it. Earlier versions stay readable.

        Needs a token with the scope `office`.

        May be refused as `announcement_withdrawn`, `meeting_past`, `meeting_spot_missing`, `meeting_time_missing`,
        `not_your_announcement`, `nothing_changed`, `until_far`, `until_past`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: AnnouncementsAnnouncement = self._asked(
            "POST",
            f"/announcements/{_quoted(announcement_id)}/correction",
            body={
                "title": title,
                "text": text,
                "until": until,
                "reason": reason,
                "meeting_at": meeting_at,
                "meeting_spot": meeting_spot,
            },
            key=key or new_key(),
        )
        return told

    def withdraw_announcement(
        self, announcement_id: int, *, reason: str, key: str | None = None
    ) -> AnnouncementsAnnouncement:
        """Withdraw an announcement, with a reason.

        Who speaks for the organization that announced it. It stays readable, marked as withdrawn.

        Needs a token with the scope `office`.

        May be refused as `announcement_withdrawn`, `not_your_announcement`, `words_missing`, `words_too_long`,
        `words_unreadable`.
        """
        told: AnnouncementsAnnouncement = self._asked(
            "POST",
            f"/announcements/{_quoted(announcement_id)}/withdrawal",
            body={"reason": reason},
            key=key or new_key(),
        )
        return told

    def list_meetings(self, *, place: str, after: str | None = None) -> MeetingsMeetings:
        """Meetings called for a community, the latest first.

        Anybody. What was called for a community, for what lies above it and in it.
        """
        told: MeetingsMeetings = self._asked("GET", "/meetings", query={"after": after, "place": place})
        return told

    def iter_meetings(self, *, place: str, after: str = "") -> Iterator[MeetingsMeetingHead]:
        """Return every item of `list_meetings`, one part after the other."""
        return parts(lambda mark: self.list_meetings(place=place, after=mark), after)

    def call_meeting(
        self,
        *,
        place: str,
        title: str,
        text: str,
        begins: str,
        spot: str,
        quorum: int | None = None,
        turn_seconds: int | None = None,
        key: str | None = None,
    ) -> MeetingsMeeting:
        """Call a meeting.

        Who may announce at the place. Its notice is an announcement of the kind `meeting`: to move the meeting
        correct that, to call it off withdraw it.

        Needs a token with the scope `office`.

        May be refused as `meeting_past`, `meeting_spot_missing`, `meeting_time_missing`, `not_an_announcer`,
        `not_at_the_desk`, `pinned_enough`, `problem_elsewhere`, `quorum_number`, `turn_length`, `until_far`,
        `until_past`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            "/meetings",
            body={
                "place": place,
                "title": title,
                "text": text,
                "begins": begins,
                "spot": spot,
                "quorum": quorum,
                "turn_seconds": turn_seconds,
            },
            key=key or new_key(),
        )
        return told

    def show_meeting(self, meeting_id: int) -> MeetingsMeeting:
        """A meeting: agenda, who is there in numbers, the floor.

        Anybody. People stand under their number in the meeting, those of organizations under their public name. The
        code is for whoever runs the meeting.

        May be refused as `not_at_the_desk`.
        """
        told: MeetingsMeeting = self._asked("GET", f"/meetings/{_quoted(meeting_id)}")
        return told

    def show_meeting_minutes(self, meeting_id: int) -> MeetingsMeetingMinutes:
        """The minutes of a meeting.

        Anybody, once the meeting is over.

        May be refused as `meeting_not_over`, `minutes_final`.
        """
        told: MeetingsMeetingMinutes = self._asked("GET", f"/meetings/{_quoted(meeting_id)}/minutes")
        return told

    def write_minutes(self, meeting_id: int, *, text: str, key: str | None = None) -> MeetingsMeetingMinutes:
        """Give the minutes a new version.

        Who serves the organization that called the meeting, until they are final; who signed is asked anew.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_over`, `minutes_final`, `not_the_secretary`, `nothing_changed`,
        `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: MeetingsMeetingMinutes = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/minutes", body={"text": text}, key=key or new_key()
        )
        return told

    def list_meeting_minutes_versions(self, meeting_id: int, *, after: str | None = None) -> MeetingsMinutesVersions:
        """The versions of the minutes of a meeting, the latest first.

        Anybody, once the meeting is over: the one that holds now, and those that people were asked to sign. Earlier
        drafts are listed for those who were there and who keep the minutes. Each says when it was written and by
        whom; its words are with it.

        May be refused as `meeting_not_over`, `minutes_final`.
        """
        told: MeetingsMinutesVersions = self._asked(
            "GET", f"/meetings/{_quoted(meeting_id)}/minutes/versions", query={"after": after}
        )
        return told

    def iter_meeting_minutes_versions(self, meeting_id: int, *, after: str = "") -> Iterator[MeetingsMinutesVersion]:
        """Return every item of `list_meeting_minutes_versions`, one part after the other."""
        return parts(lambda mark: self.list_meeting_minutes_versions(meeting_id, after=mark), after)

    def show_meeting_minutes_version(
        self, meeting_id: int, version: int, *, against: int | None = None
    ) -> MeetingsComparedMinutes:
        """One version of the minutes of a meeting, and what it changed in another one.

        Anybody, once the meeting is over; drafts from before people were asked to sign are for those who were there
        and who keep the minutes. What was taken down is gone from every version; what was said of a problem that is
        not public is left out while it is not.

        May be refused as `meeting_not_over`, `minutes_final`, `not_at_the_desk`.
        """
        told: MeetingsComparedMinutes = self._asked(
            "GET", f"/meetings/{_quoted(meeting_id)}/minutes/versions/{_quoted(version)}", query={"against": against}
        )
        return told

    def list_attendance(self, meeting_id: int) -> MeetingsAttendance:
        """Who is there, by name.

        Whoever runs the meeting, while it is open or as its organization; everybody else reads how many.

        Needs a token with the scope `office`.

        May be refused as `not_at_the_desk`.
        """
        told: MeetingsAttendance = self._asked("GET", f"/meetings/{_quoted(meeting_id)}/attendance")
        return told

    def check_in(
        self, meeting_id: int, *, presence: Literal["room", "online"], code: str | None = None, key: str | None = None
    ) -> MeetingsMeeting:
        """Check in to an open meeting, in the room or online.

        Who lives, owns or serves at the place. One is counted as what one acts as.

        Needs a token with the scope `take_part`.

        May be refused as `code_wrong`, `codes_wrong_too_often`, `meeting_not_open`, `not_at_the_desk`,
        `not_of_this_place`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/attendance",
            body={"presence": presence, "code": code},
            key=key or new_key(),
        )
        return told

    def list_item(
        self, meeting_id: int, *, problem: str | None = None, title: str | None = None, key: str | None = None
    ) -> MeetingsMeeting:
        """Put a problem or another matter on the agenda.

        Whoever runs the meeting, until it is over. A problem is listed once, and is public.

        Needs a token with the scope `office`.

        May be refused as `agenda_full`, `listed_already`, `meeting_called_off`, `meeting_over`, `not_at_the_desk`,
        `problem_elsewhere`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/agenda",
            body={"problem": problem, "title": title},
            key=key or new_key(),
        )
        return told

    def strike_item(self, meeting_id: int, meeting_item_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Take an item off the agenda.

        Whoever runs the meeting.

        Needs a token with the scope `office`.

        May be refused as `item_taken_up`, `not_at_the_desk`.
        """
        told: MeetingsMeeting = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/agenda/{_quoted(meeting_item_id)}/removal", key=key or new_key()
        )
        return told

    def move_item_up(self, meeting_id: int, meeting_item_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Move an item one place up.

        Whoever runs the meeting.

        Needs a token with the scope `office`.

        May be refused as `first_already`, `item_taken_up`, `not_at_the_desk`.
        """
        told: MeetingsMeeting = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/agenda/{_quoted(meeting_item_id)}/earlier", key=key or new_key()
        )
        return told

    def take_up_item(self, meeting_id: int, meeting_item_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Come to an item of the agenda.

        Whoever runs the meeting, when no motion lies on the floor. The queue of the item before goes home.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_open`, `motion_unsettled`, `not_at_the_desk`, `on_the_floor`.
        """
        told: MeetingsMeeting = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/agenda/{_quoted(meeting_item_id)}/floor", key=key or new_key()
        )
        return told

    def note_down(
        self,
        meeting_id: int,
        meeting_item_id: int,
        *,
        kind: Literal["point", "decision", "task"],
        text: str,
        key: str | None = None,
    ) -> MeetingsMeeting:
        """Note something about an item.

        Whoever runs the meeting; it goes into the draft of the minutes.

        Needs a token with the scope `office`.

        May be refused as `item_not_taken_up`, `meeting_not_open`, `not_at_the_desk`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/agenda/{_quoted(meeting_item_id)}/notes",
            body={"kind": kind, "text": text},
            key=key or new_key(),
        )
        return told

    def open_meeting(self, meeting_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Open a meeting; who opens it presides.

        Who serves the organization that called it, from two hours before, with something on the agenda.

        Needs a token with the scope `office`.

        May be refused as `agenda_empty`, `meeting_called_off`, `meeting_opened`, `not_at_the_desk`,
        `too_early_to_open`.
        """
        told: MeetingsMeeting = self._asked("POST", f"/meetings/{_quoted(meeting_id)}/opening", key=key or new_key())
        return told

    def close_meeting(self, meeting_id: int, *, key: str | None = None) -> MeetingsMeetingMinutes:
        """Close a meeting; its minutes are drafted.

        Whoever runs the meeting, when no motion lies on the floor.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_open`, `meeting_not_over`, `minutes_final`, `motion_unsettled`,
        `not_at_the_desk`.
        """
        told: MeetingsMeetingMinutes = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/closing", key=key or new_key()
        )
        return told

    def enter_attendee(
        self,
        meeting_id: int,
        *,
        label: str,
        category: Literal["resident", "owner", "delegate", "official"],
        key: str | None = None,
    ) -> MeetingsMeeting:
        """Enter somebody without a phone.

        Whoever runs the meeting, who then does for them what they say, by their number.

        Needs a token with the scope `office`.

        May be refused as `choice_missing`, `meeting_not_open`, `not_at_the_desk`, `words_missing`,
        `words_too_long`, `words_unreadable`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/attendance/entries",
            body={"label": label, "category": category},
            key=key or new_key(),
        )
        return told

    def check_out(self, meeting_id: int, *, ordinal: int | None = None, key: str | None = None) -> MeetingsMeeting:
        """Leave a meeting before it is over.

        Who is there, or whoever runs the meeting for somebody who went away. Hands that were raised stay; who is
        gone raises none and does not count towards the quorum. Check in again to come back.

        Needs a token with the scope `take_part`.

        May be refused as `left_already`, `meeting_not_open`, `not_at_the_desk`, `not_present`, `presides`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/attendance/leaving",
            body={"ordinal": ordinal},
            key=key or new_key(),
        )
        return told

    def come_back(self, meeting_id: int, *, ordinal: int, key: str | None = None) -> MeetingsMeeting:
        """Note that somebody without a phone is there again.

        Whoever runs the meeting; all others check in again by themselves.

        Needs a token with the scope `office`.

        May be refused as `acts_for_themselves`, `meeting_not_open`, `not_at_the_desk`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/attendance/returns",
            body={"ordinal": ordinal},
            key=key or new_key(),
        )
        return told

    def renew_code(self, meeting_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Replace the check-in code.

        Whoever runs the meeting; the code before lets nobody in any more, and wrong tries are forgotten.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_open`, `not_at_the_desk`.
        """
        told: MeetingsMeeting = self._asked("POST", f"/meetings/{_quoted(meeting_id)}/code", key=key or new_key())
        return told

    def hand_over_chair(self, meeting_id: int, *, ordinal: int, key: str | None = None) -> MeetingsMeeting:
        """Hand over the chair.

        Whoever runs the meeting: who presides takes no part, and hands over first.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_open`, `not_at_the_desk`, `not_present`, `presides_already`.
        """
        told: MeetingsMeeting = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/chair", body={"ordinal": ordinal}, key=key or new_key()
        )
        return told

    def ask_to_speak(
        self,
        meeting_id: int,
        *,
        side: Literal["for", "against", "question"],
        ordinal: int | None = None,
        key: str | None = None,
    ) -> MeetingsMeeting:
        """Enter the speaking queue.

        Who is there and does not preside; for and against need a motion.

        Needs a token with the scope `take_part`.

        May be refused as `acts_for_themselves`, `already_in_queue`, `chair_is_neutral`, `left_already`,
        `meeting_not_open`, `no_item`, `no_motion`, `not_at_the_desk`, `not_of_this_place`, `not_present`,
        `suspended`, `you_are_speaking`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/turns",
            body={"side": side, "ordinal": ordinal},
            key=key or new_key(),
        )
        return told

    def leave_queue(self, meeting_id: int, turn_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Leave the speaking queue.

        Who is in it, or whoever runs the meeting for somebody who went away.

        Needs a token with the scope `take_part`.

        May be refused as `meeting_not_open`, `not_at_the_desk`, `not_in_queue`.
        """
        told: MeetingsMeeting = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/turns/{_quoted(turn_id)}/withdrawal", key=key or new_key()
        )
        return told

    def call_next_speaker(
        self, meeting_id: int, *, after: int | None = None, stop: bool | None = None, key: str | None = None
    ) -> MeetingsMeeting:
        """Call the next speaker.

        Whoever runs the meeting. Who has not spoken on the motion comes first, for and against take turns.

        Needs a token with the scope `office`.

        May be refused as `called_already`, `meeting_not_open`, `not_at_the_desk`, `queue_empty`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/turns/next",
            body={"after": after, "stop": stop},
            key=key or new_key(),
        )
        return told

    def prompt_speaker(self, meeting_id: int, turn_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Ask the speaker to keep to the matter.

        Whoever runs the meeting; everybody sees it on the wall.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_open`, `not_at_the_desk`, `not_speaking`.
        """
        told: MeetingsMeeting = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/turns/{_quoted(turn_id)}/prompt", key=key or new_key()
        )
        return told

    def move_in_meeting(
        self,
        meeting_id: int,
        *,
        text: str,
        amends: int | None = None,
        reconsiders: int | None = None,
        ordinal: int | None = None,
        key: str | None = None,
    ) -> MeetingsMeeting:
        """Move something in a meeting.

        Who is there and does not preside. One motion lies on the floor at a time, and one amendment of it; only
        somebody of the majority then moves to reconsider.

        Needs a token with the scope `take_part`.

        May be refused as `acts_for_themselves`, `amendment_on_the_floor`, `chair_is_neutral`, `left_already`,
        `meeting_not_open`, `motion_not_open`, `motion_on_the_floor`, `no_item`, `not_at_the_desk`,
        `not_of_the_majority`, `not_of_this_place`, `not_present`, `not_settled`, `settled_already`, `suspended`,
        `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/motions",
            body={"text": text, "amends": amends, "reconsiders": reconsiders, "ordinal": ordinal},
            key=key or new_key(),
        )
        return told

    def withdraw_in_meeting(
        self, meeting_id: int, meeting_motion_id: int, *, key: str | None = None
    ) -> MeetingsMeeting:
        """Take a motion back.

        Its mover, before hands are raised.

        Needs a token with the scope `take_part`.

        May be refused as `amendment_first`, `meeting_not_open`, `motion_not_open`, `not_at_the_desk`,
        `not_the_mover`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/motions/{_quoted(meeting_motion_id)}/withdrawal",
            key=key or new_key(),
        )
        return told

    def open_hands(self, meeting_id: int, meeting_motion_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Ask for hands on a motion.

        Whoever runs the meeting; an amendment comes before its motion.

        Needs a token with the scope `office`.

        May be refused as `amendment_first`, `meeting_not_open`, `motion_not_open`, `not_at_the_desk`,
        `too_few_present`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/motions/{_quoted(meeting_motion_id)}/hands-opening",
            key=key or new_key(),
        )
        return told

    def raise_hand(
        self,
        meeting_id: int,
        meeting_motion_id: int,
        *,
        hand: Literal["for", "against", "abstain"],
        ordinal: int | None = None,
        key: str | None = None,
    ) -> MeetingsMeeting:
        """Raise a hand.

        Who is there and does not preside; it may be raised otherwise until hands are counted. An open show of hands
        of the meeting, not the owners' statutory vote.

        Needs a token with the scope `take_part`.

        May be refused as `acts_for_themselves`, `chair_is_neutral`, `hands_not_open`, `left_already`,
        `meeting_not_open`, `not_at_the_desk`, `not_of_this_place`, `not_present`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/motions/{_quoted(meeting_motion_id)}/hands",
            body={"hand": hand, "ordinal": ordinal},
            key=key or new_key(),
        )
        return told

    def count_hands(self, meeting_id: int, meeting_motion_id: int, *, key: str | None = None) -> MeetingsMeeting:
        """Count the hands on a motion.

        Whoever runs the meeting. Residents and owners decide, each category for itself: more for than against
        passes, a tie fails. Nothing is added up.

        Needs a token with the scope `office`.

        May be refused as `hands_not_open`, `meeting_not_open`, `not_at_the_desk`.
        """
        told: MeetingsMeeting = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/motions/{_quoted(meeting_motion_id)}/hands-closing",
            key=key or new_key(),
        )
        return told

    def put_out_minutes(self, meeting_id: int, *, key: str | None = None) -> MeetingsMeetingMinutes:
        """Ask those who were there to sign.

        Who serves the organization that called the meeting.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_over`, `minutes_final`, `minutes_put_out`, `not_the_secretary`.
        """
        told: MeetingsMeetingMinutes = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/minutes/signing", key=key or new_key()
        )
        return told

    def sign_minutes(
        self, meeting_id: int, *, agrees: bool, reason: str | None = None, key: str | None = None
    ) -> MeetingsMeetingMinutes:
        """Endorse the minutes, or object with a reason.

        Who was there, once for each version.

        Needs a token with the scope `take_part`.

        May be refused as `meeting_not_over`, `minutes_final`, `not_present`, `not_signing`, `reason_missing`,
        `signed_already`, `words_missing`, `words_too_long`, `words_unreadable`.
        """
        told: MeetingsMeetingMinutes = self._asked(
            "POST",
            f"/meetings/{_quoted(meeting_id)}/minutes/signatures",
            body={"agrees": agrees, "reason": reason},
            key=key or new_key(),
        )
        return told

    def settle_minutes(self, meeting_id: int, *, key: str | None = None) -> MeetingsMeetingMinutes:
        """Make the minutes final.

        Who serves the organization that called the meeting, when more than half of those who can have signed, or a
        week after they were asked. Every problem on the agenda hears of it.

        Needs a token with the scope `office`.

        May be refused as `meeting_not_over`, `minutes_final`, `not_signing`, `not_the_secretary`, `too_few_signed`.
        """
        told: MeetingsMeetingMinutes = self._asked(
            "POST", f"/meetings/{_quoted(meeting_id)}/minutes/final", key=key or new_key()
        )
        return told

    def list_notices(self) -> TellNotices:
        """Your news, by problem and announcement.

        The person of the token. What waits for you stands first; each topic says why you are told.

        Needs a token with the scope `read`.
        """
        told: TellNotices = self._asked("GET", "/notices")
        return told

    def read_notices(self, *, up_to: int, topic: int | None = None, key: str | None = None) -> TellDone:
        """Take your news as read.

        The person of the token: all news up to `up_to`, or that of one topic.

        Needs a token with the scope `take_part`.
        """
        told: TellDone = self._asked(
            "POST", "/notices/reading", body={"up_to": up_to, "topic": topic}, key=key or new_key()
        )
        return told

    def show_notice_choices(self) -> TellChoices:
        """How much you hear of each kind.

        The person of the token. What waits for you is told whatever you chose.

        Needs a token with the scope `read`.
        """
        told: TellChoices = self._asked("GET", "/me/notices")
        return told

    def choose_notices(
        self,
        *,
        dossiers: Literal["all", "important", "none"] | None = None,
        community: Literal["all", "important", "none"] | None = None,
        key: str | None = None,
    ) -> TellChoices:
        """Hear more or less of a kind.

        The person of the token. A kind that is left out stays as it is.

        Needs a token with the scope `take_part`.
        """
        told: TellChoices = self._asked(
            "POST", "/me/notices", body={"dossiers": dossiers, "community": community}, key=key or new_key()
        )
        return told

    def correct_organization(
        self,
        organization_id: int,
        *,
        name: str,
        short_name: str | None = None,
        contact: str | None = None,
        key: str | None = None,
    ) -> PeopleOrganization:
        """Correct how an organization is called and reached.

        Administrators, within their area. Kind and place stay.

        Needs a token with the scope `keep`.

        May be refused as `not_who_keeps`, `organization_ended`, `organization_exists`, `organization_kind`.
        """
        told: PeopleOrganization = self._asked(
            "POST",
            f"/organizations/{_quoted(organization_id)}",
            body={"name": name, "short_name": short_name, "contact": contact},
            key=key or new_key(),
        )
        return told

    def close_organization(self, organization_id: int, *, key: str | None = None) -> PeopleOrganization:
        """End an organization and every mandate to act for it.

        Administrators, within their area. Every mandate to act for it ends with it.

        Needs a token with the scope `keep`.

        May be refused as `last_administrator`, `not_who_keeps`, `organization_ended`, `role_ended`.
        """
        told: PeopleOrganization = self._asked(
            "POST", f"/organizations/{_quoted(organization_id)}/end", key=key or new_key()
        )
        return told

    def register_person(
        self, *, contact: str, name: str, pseudonym: str | None = None, key: str | None = None
    ) -> FrontPerson:
        """Enter a person and invite them.

        Administrators. The person signs in with the contact and a code; only who must knows the name.

        Needs a token with the scope `keep`.

        May be refused as `bad_contact`, `contact_taken`, `not_who_keeps`, `pseudonym_length`, `pseudonym_number`,
        `pseudonym_office`, `pseudonym_signs`, `pseudonym_taken`.
        """
        told: FrontPerson = self._asked(
            "POST", "/persons", body={"contact": contact, "name": name, "pseudonym": pseudonym}, key=key or new_key()
        )
        return told

    def list_roles(self) -> FrontRoles:
        """Who holds which role in your area, the latest first.

        Administrators: what is held now in their area.

        Needs a token with the scope `keep`.

        May be refused as `not_who_keeps`.
        """
        told: FrontRoles = self._asked("GET", "/roles")
        return told

    def appoint(
        self,
        person_id: int,
        *,
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
        ],
        scope: str,
        organization_id: int | None = None,
        public_name: str | None = None,
        document: str | None = None,
        since: str | None = None,
        until: str | None = None,
        key: str | None = None,
    ) -> FrontSettled:
        """Give somebody else a role.

        Administrators, within their area, and never for themselves. Who owns or rents is said by the roll, not by a
        role given here.

        Needs a token with the scope `keep`.

        May be refused as `beyond_organization`, `countersign_waits`, `name_needed`, `not_for_oneself`,
        `not_who_keeps`, `organization_ended`, `place_missing`, `role_by_roll`, `role_held`, `role_is_personal`,
        `until_before_since`, `until_past`, `wrong_organization`.
        """
        told: FrontSettled = self._asked(
            "POST",
            f"/persons/{_quoted(person_id)}/roles",
            body={
                "role": role,
                "scope": scope,
                "organization_id": organization_id,
                "public_name": public_name,
                "document": document,
                "since": since,
                "until": until,
            },
            key=key or new_key(),
        )
        return told

    def dismiss(self, role_id: int, *, key: str | None = None) -> FrontSettled:
        """End a role.

        Administrators, within their area. It holds from the next thing the person does; the last administrator
        stays.

        Needs a token with the scope `keep`.

        May be refused as `countersign_waits`, `last_administrator`, `not_who_keeps`, `role_ended`.
        """
        told: FrontSettled = self._asked("POST", f"/roles/{_quoted(role_id)}/end", key=key or new_key())
        return told

    def list_suspensions(self) -> FrontSuspensions:
        """Who may not speak in your area, and what waits for a second person.

        Administrators and the street office, within their area: those that hold and those that wait.

        Needs a token with the scope `keep`.

        May be refused as `not_who_keeps`.
        """
        told: FrontSuspensions = self._asked("GET", "/suspensions")
        return told

    def suspend_person(
        self,
        person_id: int,
        *,
        scope: str,
        reason: Literal["threats", "privacy", "flooding", "falsehood", "impersonation"],
        until: str,
        since: str | None = None,
        key: str | None = None,
    ) -> FrontSuspension:
        """Keep somebody from speaking for a while.

        Administrators and the street office, within their area, and never for themselves. Over thirty days it waits
        for a second person. Reading and voting are never taken away.

        Needs a token with the scope `keep`.

        May be refused as `not_for_oneself`, `not_who_keeps`, `place_missing`, `suspended_already`,
        `suspension_too_long`, `until_past`.
        """
        told: FrontSuspension = self._asked(
            "POST",
            f"/persons/{_quoted(person_id)}/suspensions",
            body={"scope": scope, "reason": reason, "until": until, "since": since},
            key=key or new_key(),
        )
        return told

    def agree_to_suspend(self, suspension_id: int, *, key: str | None = None) -> FrontSuspension:
        """Agree, as a second person, to a long suspension.

        Another administrator or the street office than the one who proposed it; it holds from then on.

        Needs a token with the scope `keep`.

        May be refused as `not_for_oneself`, `not_who_keeps`, `second_person`, `suspension_settled`.
        """
        told: FrontSuspension = self._asked(
            "POST", f"/suspensions/{_quoted(suspension_id)}/agreement", key=key or new_key()
        )
        return told

    def lift_suspension(self, suspension_id: int, *, key: str | None = None) -> FrontSuspension:
        """Take a suspension back before its time.

        Administrators and the street office, within their area, and not who is suspended.

        Needs a token with the scope `keep`.

        May be refused as `not_for_oneself`, `not_who_keeps`, `suspension_over`.
        """
        told: FrontSuspension = self._asked(
            "POST", f"/suspensions/{_quoted(suspension_id)}/lifting", key=key or new_key()
        )
        return told
