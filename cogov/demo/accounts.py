"""Who can be tried out, with the one password of all."""

from __future__ import annotations

from cogov.demo.content import content


def accounts() -> list[dict[str, str]]:
    """Return login, password, name, roles and community of the cast, in the order of cast.json."""
    cast, communities = content("cast"), {each["key"]: each["name"] for each in content("places")["communities"]}
    scopes = {each["key"]: each["scope"] for each in content("places")["organizations"]}
    codes = {each["code"]: each["name"] for each in content("places")["communities"]}
    return [
        {
            "login": person["phone"],
            "password": cast["password"],
            "name": person["name"],
            "roles": person["roles"],
            "community": _community(person, communities, scopes, codes),
        }
        for person in cast["people"]
    ]


def _community(
    person: dict[str, object], communities: dict[str, str], scopes: dict[str, str], codes: dict[str, str]
) -> str:
    """Return where a person lives, owns or works; those who serve the district or the street work in all of them."""
    home = str(person.get("home") or person.get("owns") or "")
    if home:
        return communities[home.split("/")[0]]
    mandates = person.get("mandates")
    held = [scopes[each["organization"]] for each in mandates] if isinstance(mandates, list) else []
    return next((codes[scope] for scope in held if scope in codes), "、".join(communities.values()))
