"""An invented neighbourhood that shows the whole loop, made by the commands people use and by nothing else."""

from cogov.demo.accounts import accounts
from cogov.demo.loading import NotEmpty, is_demo, load

__all__ = ["NotEmpty", "accounts", "is_demo", "load"]
