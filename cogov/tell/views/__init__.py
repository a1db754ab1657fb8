"""The pages of news, of mail, and the calendar files."""

from cogov.tell.views.calendars import bp as calendar_pages
from cogov.tell.views.mail import bp as mail_pages
from cogov.tell.views.news import bp, fill_bell

__all__ = ["bp", "calendar_pages", "fill_bell", "mail_pages"]
