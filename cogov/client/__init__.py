"""A client of the API for Python: one method for each operation, typed, with nothing but the standard library.

    from cogov.client import Client, Refusal

    with_token = Client("https://cogov.example", token="cogov_…")
    problem = with_token.raise_problem(place="990101001001", grid=7, text="3 号楼 2 单元门禁坏了一个礼拜。")
    for entry in with_token.iter_entries(problem=problem["number"]):
        print(entry["at"], entry["by"], entry["sentence"])

A verb that was refused raises `Refusal`, with the sentence that the page shows. A verb whose answer got lost is sent
again under the same key, so that it happens once.
"""

from cogov.client.connection import Refusal, Unreachable
from cogov.client.operations import Client

__all__ = ["Client", "Refusal", "Unreachable"]
