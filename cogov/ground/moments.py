"""A moment as a person types it on a form: in their own zone, kept in UTC."""

from __future__ import annotations

from datetime import UTC

from flask_babel import gettext, to_user_timezone, to_utc
from wtforms import DateTimeLocalField


class LocalMomentField(DateTimeLocalField):
    """A moment in the reader's zone, kept in UTC."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the local time that was typed and put it into UTC."""
        super().process_formdata(valuelist)
        if self.data is not None:
            try:
                self.data = to_utc(self.data).replace(tzinfo=UTC)
            except OverflowError as error:  # the first hours of the year 1 lie before all of UTC
                self.data = None
                raise ValueError(gettext("没有这样的时间，请重新填写")) from error

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return to_user_timezone(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""
