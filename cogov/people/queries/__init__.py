"""Who is who: actors with their standings, organizations, bylines."""

from cogov.people.queries.bylines import ActedFor, acted_for, public_names
from cogov.people.queries.closing import closing_due, closing_of, last_export
from cogov.people.queries.consents import consented, consents_of, missing_consents
from cogov.people.queries.entries import details
from cogov.people.queries.exporting import export_for
from cogov.people.queries.factors import (
    app_of,
    ask_second_factor,
    has_factor,
    held_back,
    passkey_by_credential,
    passkeys_of,
    recovery_codes_left,
)
from cogov.people.queries.homes import Home, community_choices, homes_of, offer_places, place_names, tell_homes
from cogov.people.queries.identities import (
    identity_by_contact,
    identity_of,
    password_tries,
    person_by_contact,
    pseudonym_taken,
)
from cogov.people.queries.keys import (
    OpenSignIn,
    actor_shown,
    actor_signed_in,
    sign_ins_of,
    still_signed_in,
    token_hash,
    tokens_of,
)
from cogov.people.queries.organizations import (
    holders,
    members,
    nearest,
    organization,
    organization_names,
    organizations_at,
    responsible,
)
from cogov.people.queries.standings import actor_of, held_at, standings_of
from cogov.people.queries.watching import LookShown, administrators_of, countersigns_open, looks_at

__all__ = [
    "ActedFor",
    "Home",
    "LookShown",
    "OpenSignIn",
    "acted_for",
    "actor_of",
    "actor_shown",
    "actor_signed_in",
    "administrators_of",
    "app_of",
    "ask_second_factor",
    "closing_due",
    "closing_of",
    "community_choices",
    "consented",
    "consents_of",
    "countersigns_open",
    "details",
    "export_for",
    "has_factor",
    "held_at",
    "held_back",
    "holders",
    "homes_of",
    "identity_by_contact",
    "identity_of",
    "last_export",
    "looks_at",
    "members",
    "missing_consents",
    "nearest",
    "offer_places",
    "organization",
    "organization_names",
    "organizations_at",
    "passkey_by_credential",
    "passkeys_of",
    "password_tries",
    "person_by_contact",
    "place_names",
    "pseudonym_taken",
    "public_names",
    "recovery_codes_left",
    "responsible",
    "sign_ins_of",
    "standings_of",
    "still_signed_in",
    "tell_homes",
    "token_hash",
    "tokens_of",
]
