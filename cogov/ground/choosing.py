"""A choice of a select or radio field; WTForms has it, and the types of WTForms do not know it yet."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

__all__ = ["SelectChoice"]
