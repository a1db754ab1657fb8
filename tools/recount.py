#!/usr/bin/env python3
"""Recount a vote from its bundle: python recount.py BUNDLE.json [--code CODE] [--hash SHA256] [--leaf LEAF]

凭一个数据包重新计票，只用 Python 自带的东西。Needs nothing but Python 3.10 or newer; asks no server, changes no file.
The public bundle of a named vote proves sums, thresholds, inclusion; any other holds the ballots, counted anew here.
LEAF: a sealed ballot or receipt. 退出码 exit code: 0 全对 agrees; 1 不对 wrong; 2 读不懂 unread; 3 没重算 not counted
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from fractions import Fraction
from typing import Any

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHARED, WHOLE, ELSEWHERE = ("single", "consent"), 100_000, {"equal-shares", "pav", "phragmen"}
MARK = ("decision", "question", "rule", "form", "options", "fingerprint")


def insist(holds: object, words: str) -> None:
    if not holds:
        raise ValueError(words)


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(*parts: Any) -> str:
    return hashlib.sha256(canonical(parts)).hexdigest()


def root(leaves: list[str]) -> bytes:  # the tree head, as in RFC 6962, 2.1
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + bytes.fromhex(leaves[0]) if leaves else b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(leaves[:half]) + root(leaves[half:])).digest()


def code_of(head: str, length: int = 12) -> str:
    letters = "".join(SIGNS[int(head, 16) // len(SIGNS) ** at % len(SIGNS)] for at in range(length))
    return "-".join(letters[at : at + 4] for at in range(0, length, 4))


def agrees(again: Any, told: Any) -> bool:
    if isinstance(again, dict):
        return all(agrees(value, told[name]) for name, value in again.items())
    if isinstance(again, list):
        return len(again) == len(told) and all(map(agrees, again, told))
    return type(again) is type(told) and again == told


class Tally:  # counts marks by their method; of equals the first in `drawn` wins, as the published seed draws them
    def __init__(self, b: Any, texts: list[str]) -> None:
        names = {o["position"]: f"{b['fingerprint']}\n{o['label']}".encode() for o in b["options"]}
        self.drawn, self.all = sorted(names, key=lambda c: hashlib.sha256(names[c]).digest()), sorted(names)
        split = [([mark.split(":") for mark in text.split()], heads) for text, heads in Counter(texts).items() if text]
        self.ballots = [({int(at): int(value) for at, value in marks}, heads) for marks, heads in split]
        insist(all(marks.keys() <= names.keys() for marks, _ in self.ballots), "选票上有没有的选项 / no such option")
        self.votes = {c: sum(n for marks, n in self.ballots if c in marks) for c in self.all}
        self.heads, self.form, self.options = len(texts), b["form"], b["options"]

    def shown(self, figures: Any) -> Any:
        return {str(c): int(n) if n == int(n) else str(n) for c, n in figures.items()}

    def count(self) -> Any:
        told = {"ballots": self.heads, "drawn": self.drawn}
        return told | (getattr(self, "by_" + self.form["method"], dict)() if self.ballots else {"winners": []})

    def decided(self, methods: Any) -> Any:
        return {"winners": methods[self.form.get("decider", self.form["method"])]["winners"], "methods": methods}

    def most(self, scores: Any) -> Any:
        return {"winners": [max(self.drawn, key=scores.__getitem__)], "scores": self.shown(scores)}

    def by_score(self) -> Any:
        sums = {c: sum(n * marks.get(c, 0) for marks, n in self.ballots) for c in self.all}
        return {**self.most(sums), "scores": list(sums.values())}

    def by_approval(self) -> Any:
        return self.decided({"approval": self.most(self.votes)})

    def by_stv(self) -> Any:
        return self.decided({"stv": self.transferred(self.form.get("seats", 1), WHOLE)})

    def by_ranked(self) -> Any:
        """Count one against one: Borda's points, strongest paths (Schulze), locked majorities (Ranked Pairs)."""
        pairs, place, locked = [(a, b) for a in self.all for b in self.all], self.drawn.index, {(0, 0)}
        vs = {(a, b): sum(n * (m.get(a, 999) < m.get(b, 999)) for m, n in self.ballots) for a, b in pairs}
        borda = {c: Fraction(sum(self.heads + vs[c, d] - vs[d, c] for d in self.all if d != c), 2) for c in self.all}
        won = {(a, b): (vs[a, b], -vs[b, a]) for a, b in pairs if vs[a, b] > vs[b, a]}
        paths = {pair: won.get(pair, (0, 0)) for pair in pairs}
        for c in self.all:
            paths = {(a, b): max(way, min(paths[a, c], paths[c, b])) for (a, b), way in paths.items()}
        for a, b in sorted(won, key=lambda p: (-won[p][0], -won[p][1], place(p[0]), -place(p[1]))):
            if (b, a) not in locked:
                locked |= {(c, d) for c, d in pairs if (c == a or (c, a) in locked) and (d == b or (b, d) in locked)}
        methods = {"schulze": self.order({pair for pair in pairs if paths[pair] > paths[pair[::-1]]})}
        methods |= {"ranked_pairs": self.order(locked), "irv": self.transferred(1, 1)}
        methods |= {"borda": self.most(borda), "approval": self.most(self.votes)}
        return self.decided(methods) | {"pairwise": [[vs[a, b] for b in self.all] for a in self.all]}

    def order(self, before: Any) -> Any:
        order: list[int] = []
        while left := [c for c in self.drawn if c not in order]:
            order.append(next(c for c in left if not any((d, c) in before for d in left)))
        return {"winners": order[:1], "order": order}

    def transferred(self, seats: int, value: int) -> Any:
        """Elect at the quota and hand on what is over, or exclude the last; one seat takes half of all left."""
        papers, piles = [(marks, heads, value) for marks, heads in self.ballots], {c: list[Any]() for c in self.all}
        rounds, elected, held, quota = list[Any](), dict[int, int](), dict[int, Any](), 0
        while len(elected) < seats:
            for paper in papers:  # a paper goes to whom it names next; where that is nobody, or two at once, it ends
                ranks = [*sorted((rank, c) for c, rank in paper[0].items() if c in piles), (0, 0), (0, 0)]
                if ranks[0][0] != ranks[1][0]:
                    piles[ranks[0][1]].append(paper)
            votes = {c: sum(heads * each for _, heads, each in pile) for c, pile in piles.items()}
            quota = (sum(votes.values()) // value // (seats + 1) + 1) * value if value == 1 or not rounds else quota
            rounds.append({"votes": self.shown({c: Fraction(n, value) for c, n in (elected | votes).items()})})
            enough = 0 if len(elected) + len(votes) <= seats else quota
            for c in sorted((c for c in self.drawn if votes.get(c, -1) >= enough), key=lambda c: -votes[c]):
                elected[c], held[c] = votes.pop(c), piles.pop(c)
            giver = max(self.drawn, key=lambda c: elected.get(c, 0))
            if (over := elected.get(giver, 0) - quota) > 0:
                papers = [(marks, heads, each * over // elected[giver]) for marks, heads, each in held[giver]]
                elected[giver] = quota
            elif votes:
                papers = piles.pop(min((c for c in reversed(self.drawn) if c in votes), key=votes.__getitem__))
        return {"winners": list(elected), "rounds": rounds}

    def by_budget(self) -> Any:
        costs, greedy, budget = {o["position"]: o["cost"] for o in self.options}, list[int](), self.form["budget"]
        for c in sorted(self.drawn, key=lambda c: -self.votes[c]):
            greedy += [c] * (self.votes[c] > 0 and costs[c] + sum(costs[d] for d in greedy) <= budget)
        told = {"votes": list(self.votes.values()), "rules": {"greedy": {"winners": greedy}}}
        return told | ({"winners": greedy} if self.form["decider"] == "greedy" else {})


def amount(rows: Any, roll: Any) -> Any:
    """Sum areas; count heads of which more than half is there: the key of a co-owner's share ends in its weight."""
    there, whole = Counter[str](), Counter[str]()
    for weights, keys in ((there, [row[2] for row in rows]), (whole, roll)):
        for head, _, weight in ((*key.split("/"), "", 1)[:3] for key in keys):
            weights[head] += int(weight)
    return {"heads": sum(2 * n > whole[head] for head, n in there.items()), "area": sum(row[1] for row in rows)}


def opened(b: Any, leaves: list[str]) -> Any:
    """Return marks, area, head of every ballot, and the roll, after comparing with what was sealed, or with the box."""
    if b["rule"]["secrecy"] != "named":
        fits = len(b["ballots"]) + b["spoiled"] == len(leaves) <= b["tokens"] <= b["electorate"]["heads"]
        insist(fits and b["ballots"] == sorted(b["ballots"]), "票箱里的张数不对 / the box does not add up")
        return [(marks, 0, str(at)) for at, (_, marks) in enumerate(b["ballots"])], list(map(str, range(len(leaves))))
    roll, mark = dict(b["roll"]), digest("cogov roll 1", b["election"], sorted(b["roll"]), b["roll_key"])
    told, heads = amount([("", area, head) for head, area in b["roll"]], roll), [head for _, head, *_ in b["ballots"]]
    fits = agrees(told | {"roll": mark}, b["electorate"]) and len(roll) == len(b["roll"])
    insist(fits, "名册不对 / the roll was changed")
    fits = [digest("cogov ballot 1", b["election"], *ballot) == leaves[at] for at, *ballot in b["ballots"]]
    may = {head for head in roll if "/0/" not in head}  # what no owner on the roll holds has no ballot
    insist(all(fits) and set(heads) <= may, "有票打不开封条 / a ballot does not open its leaf")
    counted = [each[0] for each in b["ballots"]] == b["bulletin"]["counted"] and len(set(heads)) == len(heads)
    insist(counted, "打开的不是计入的票，或者一户两张 / not the counted ballots, or one head twice")
    return [(marks, roll[head], head) for _, head, marks, _ in b["ballots"]], roll


def thresholds(b: Any, shared: bool) -> Any:
    agreed = next((c for c in b["counts"] if c["position"] == b["agreeing"]), {"heads": 0, "area": 0})
    for name, part in (("participation", b["turnout"]), ("passing", agreed))[: 1 + shared]:
        for unit in ("heads", "area"):
            if asked := b["rule"][name][unit]:
                base = b["electorate" if asked["base"] == "electorate" else "turnout"][unit]
                lacks = Fraction(asked["share"]) * base - part[unit]
                met = base > 0 and (lacks < 0 or (lacks == 0 and asked["inclusive"]))
                yield {"name": f"{name}_{unit}", "part": part[unit], "base": base, "met": met}


def anew(b: Any) -> Any:
    """Yield what each part of a bundle proves, its name, and what has to stand there, as it comes out anew."""
    counts, form, leaves, mark = b["counts"], b["form"], b["bulletin"]["leaves"], [b[name] for name in MARK]
    shared, split = form.get("method", "single") in SHARED, "heads" if b["rule"].get("co_owners") == "shares" else ""
    sizes = [head["size"] for head in b["bulletin"]["heads"]]
    yield "问题、规则、名册的封存标记 / question, rule, electorate", "election", digest("cogov election 1", *mark)
    insist(sizes == sorted(set(sizes)) and (sizes or [0])[-1] == len(leaves) == len(set(leaves)), "公告板大小 / sizes")
    heads = [{"root": root(leaves[:size]).hex()} for size in sizes]
    yield f"公告板 {len(leaves)} 张票 / sealed ballots", "bulletin", {"heads": heads}
    for unit in ("heads", "area"):
        parts, most, total = [c[unit] for c in counts], b["turnout"][unit], b["electorate"][unit]
        whole = all(type(n) is int and n >= 0 for n in (*parts, most, total)) and sum(parts) <= most <= total
        insist(whole and (sum(parts) == most or not shared or form.get("blank") or unit == split), "加起来不对 / sums")
    ways = sum(b.get("channels", b["turnout"] | {"area": 0}).values())
    insist(ways == b["turnout"]["heads"], "投票方式加起来不对 / the ways of voting do not add up")
    if "ballots" not in b:
        insist(split or len(b["bulletin"]["counted"]) == b["turnout"]["heads"], "计入的票数不对 / the counted leaves")
    else:
        rows, roll = opened(b, leaves)
        yield "参加的 / turnout", "turnout", amount(rows, roll)
        each = [(o["position"], [row for row in rows if row[0] == f"{o['position']}:1"]) for o in b["options"]]
        sums = [{"position": c, **amount(got, roll)} for c, got in each]
        again = sums if shared else Tally(b, [marks for marks, _, _ in rows]).count()
        yield f"逐张打开 {len(rows)} 张票重数 / {len(rows)} ballots", "counts" if shared else "count", again
    yield "门槛 / thresholds", "tests", list(thresholds(b, shared))
    best = max(counts, key=lambda c: (c["heads"], c["area"], -c["position"]))["position"]
    yield "该过线的选项 / option", "agreeing", next((o["position"] for o in b["options"] if o["key"] == "agree"), best)
    blocks = sum(c["heads"] for c, o in zip(counts, b["options"], strict=True) if o["key"] == "block")
    blocked = blocks > Fraction(form.get("blocked_above", 0)) * b["turnout"]["heads"]
    quorum, passing = ([t["met"] for t in b["tests"] if kind in t["name"]] for kind in ("participation", "passing"))
    chosen = all(passing or [False]) and not blocked if shared else b["count"]["winners"]
    verdict = "no_quorum" if not all(quorum) else "passed" if chosen else "failed"
    yield f"结论 {verdict} / verdict", "verdict", verdict


def recount(data: bytes, code: str = "", whole: str = "", leaf: str = "", tell: Any = print) -> int:
    try:
        seal = (b := json.loads(data.decode())).pop("sha256")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        tell("读不懂：这不是数据包，或者已经损坏 / not a bundle, or broken")
        return 2
    try:
        insist(canonical({**b, "sha256": seal}) + b"\n" == data, "文件被改写过 / the file was rewritten")
        insist(hashlib.sha256(canonical(b)).hexdigest() == seal, "文件有字节被改 / a byte was changed")
        fields = 20 + 3 * ("ballots" in b) + ("channels" in b)
        insist(b["format"] == "cogov bundle 1" and len(b) == fields, "项目不对 / unknown fields")
        for words, name, again in anew(b):
            insist(agrees(again, b[name]), f"{words}：重算不一样 / comes out differently ({name})")
            tell(f"✓ {words}")
        codes = [code_of(head["root"]) for head in b["bulletin"]["heads"]]
        insist(code.upper() in ["", *codes], "抄下的短码不在公告板上 / the code you kept is not on the bulletin")
        mine = [at for at, each in enumerate(b["bulletin"]["leaves"]) if leaf in (each, code_of(each, 10))]
        insist(mine or not leaf, "您的票不在公告板上 / your ballot is not on the bulletin")
        insist(not leaf or mine[0] in b["bulletin"].get("counted", mine), "已被后来的票替代 / a later ballot counts")
        insist(whole.lower() in ("", seal), "和证书上的指纹不同 / not the bundle that the certificate names")
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        tell(f"✗ {error}")
        return 1
    tell(f"指纹 / sha256: {seal}")
    if "ballots" not in b or b["form"].get("decider") not in ELSEWHERE:
        return 0
    tell("选票都打开了，这种计法请用 recount_shares.py 重算 / opened; this method is recounted with recount_shares.py")
    return 3


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bundle", "--code", "--hash", "--leaf"):
        parser.add_argument(name, default="", type=argparse.FileType("rb") if name == "bundle" else str)
    asked = parser.parse_args()
    sys.exit(recount(asked.bundle.read(), asked.code, asked.hash, asked.leaf))
