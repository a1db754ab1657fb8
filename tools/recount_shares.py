#!/usr/bin/env python3
"""Recount what is shared out in proportion: python recount_shares.py BUNDLE.json [--code CODE] [--hash SHA256] …

平均份额法、序贯 PAV、弗拉格门法。和 recount.py 放在同一个文件夹，用法、退出码都一样，只用 Python 自带的东西。
Equal shares, sequential PAV and Phragmén, for bundles that recount.py opens and does not count. It lies beside it,
does all that it does, and needs nothing else. Exact fractions throughout; ten thousand ballots take minutes.
"""

import argparse
import importlib.util
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

BESIDE = importlib.util.spec_from_file_location("recount", Path(__file__).with_name("recount.py"))
assert BESIDE is not None
assert BESIDE.loader is not None
recount: Any = importlib.util.module_from_spec(BESIDE)
BESIDE.loader.exec_module(recount)

YUAN = 100


class Shares(recount.Tally):  # type: ignore[misc]  # what lies beside is read when this runs
    """Counts what recount.py counts, and what stands for the voters in proportion."""

    def by_committee(self) -> Any:
        """Elect one by one. PAV: a voter's k-th elected counts 1/k. Phragmén: the voters of each carry its weight."""
        rows = [[marks, heads, 0, Fraction(0)] for marks, heads in self.ballots]  # …, how many elected, what is carried
        pav, phragmen = list[int](), list[int]()
        for _ in range(self.form.get("seats", 1)):
            gains, loads = dict[int, Any](), dict[int, Any]()
            for c in self.drawn:
                backers = [row for row in rows if c in row[0]]
                gains[c] = (c not in pav, sum(Fraction(heads, 1 + held) for _, heads, held, _ in backers))
                together = 1 + sum(heads * load for _, heads, _, load in backers)
                loads[c] = (c in phragmen, not backers, Fraction(together) / (self.votes[c] or 1))
            pav.append(max(self.drawn, key=gains.__getitem__))
            phragmen.append(min(self.drawn, key=loads.__getitem__))
            for row in rows:
                row[2] += pav[-1] in row[0]
                if phragmen[-1] in row[0]:
                    row[3] = loads[phragmen[-1]][2]
        return self.decided({"pav": {"winners": pav}, "phragmen": {"winners": phragmen}})

    def by_budget(self) -> Any:
        """Give each voter the same share; then one yuan more each (add1) until what is bought costs too much."""
        told, budget = super().by_budget(), self.form["budget"]
        costs = {o["position"]: o["cost"] for o in self.options}
        able = [c for c in self.drawn if self.votes[c] and costs[c] <= budget]
        all_fit = sum(costs[c] for c in able) <= budget
        share, rounds = Fraction(budget, sum(heads for _, heads in self.ballots)), 1
        winners = self.bought(able, costs, share)
        while len(winners) < len(able):
            more = int(share // YUAN) + 1 if all_fit else 1  # nothing can cost too much: shares are doubled instead
            richer = self.bought(able, costs, share + more * YUAN)
            if sum(costs[c] for c in richer) > budget:
                break
            winners, share, rounds = richer, share + more * YUAN, rounds + more
        rules = told["rules"] | {"equal-shares": {"winners": winners, "share": str(share), "rounds": rounds}}
        return told | {"winners": rules[self.form["decider"]]["winners"], "rules": rules}

    def bought(self, able: list[int], costs: dict[int, int], share: Fraction) -> list[int]:
        """Buy what asks the least of a voter for its cost, until nobody can pay: all give alike, or all they have."""
        purses = [share for _ in self.ballots]
        rates, winners = dict.fromkeys(able, Fraction(0)), list[int]()
        while rates:
            asked = dict[int, Fraction]()
            for c in sorted(rates, key=rates.__getitem__):
                if asked and rates[c] > min(asked.values()):
                    break  # purses only get emptier: what was asked for before is the least it asks now
                rate = self.rate(c, costs[c], purses)
                del rates[c]
                if rate is not None:
                    asked[c] = rates[c] = rate
            if asked:
                best = min(asked, key=lambda c: (asked[c], self.drawn.index(c)))
                price = rates.pop(best) * costs[best]
                for at, (marks, _) in enumerate(self.ballots):
                    purses[at] -= min(purses[at], price) if best in marks else 0
                winners.append(best)
        return winners

    def rate(self, c: int, cost: int, purses: list[Fraction]) -> Fraction | None:
        """Return the most that a backer gives, for each unit of the cost; None where together they have not enough."""
        owed, left = Fraction(cost), self.votes[c]
        backers = [(purse, heads) for purse, (marks, heads) in zip(purses, self.ballots, strict=True) if c in marks]
        for purse, heads in sorted(backers):
            if purse * left >= owed:
                break
            owed, left = owed - purse * heads, left - heads
        return owed / left / cost if left else None


recount.Tally, recount.ELSEWHERE = Shares, ()

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=argparse.FileType("rb"))
    for name in ("--code", "--hash", "--leaf"):
        parser.add_argument(name, default="")
    given = parser.parse_args()
    sys.exit(recount.recount(given.bundle.read(), given.code, given.hash, given.leaf))
