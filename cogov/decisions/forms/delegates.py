"""Whom an organization sends."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField

from cogov.ground.choosing import SelectChoice
from cogov.threads.forms.speaking import OnceForm


class DelegateForm(OnceForm):
    """One of an organization's own, to vote for it."""

    organization = HiddenField()
    person = SelectField(lazy_gettext("派谁"), coerce=int, choices=[])

    def about(self, organization_id: int, candidates: Iterable[tuple[int, str]]) -> DelegateForm:
        """Offer those who hold a mandate of the organization; several such forms stand on a page."""
        self.organization.data = str(organization_id)
        self.organization.id, self.person.id = f"organization-{organization_id}", f"person-{organization_id}"
        self.person.choices = [SelectChoice(person, name) for person, name in candidates]
        return self
