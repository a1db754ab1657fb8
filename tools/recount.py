#!/usr/bin/env python3
"""Recount a vote from its bundle: python recount.py BUNDLE.json [--code CODE] [--hash SHA256] [--leaf LEAF]

凭一个数据包重新计票，只用 Python 自带的东西。Needs nothing but Python 3.10 or newer; asks no server, changes no file.
A public bundle proves sums, thresholds and which sealed ballots count; a full one opens every ballot and counts anew.
Ranked, STV, budget and committee ballots are only opened and added up: `cogov tally` or `cogov budget` repeats these.
Exit codes / 退出码: 0 all agrees 全部对上; 1 something does not 有不对的; 2 not a bundle 读不懂; 3 not counted 没有重算
"""

import argparse
import hashlib
import json
import sys
from typing import Any

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHARED = ("single", "consent")
ADDED = (*SHARED, "approval", "score")
FIELDS = frozenset(
    {"format", "kind", "secrecy", "decision", "question", "rule", "form", "options", "fingerprint", "election", "times"}
    | {"electorate", "turnout", "counts", "agreeing", "tests", "verdict", "count", "bulletin", "journal"}
)


class Wrong(Exception):
    """Something that does not agree, in Chinese and in English."""


def insist(holds: object, chinese: str, english: str) -> None:
    if not holds:
        raise Wrong(f"{chinese} / {english}")


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(*parts: Any) -> str:
    return hashlib.sha256(canonical(list(parts)).encode()).hexdigest()


def root(leaves: list[str]) -> bytes:
    """Return the tree head as in RFC 6962, 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    while len(level) > 1:  # pairs from the left, a last one without partner moves up: the same tree
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def code_of(head: str) -> str:
    number, letters = int(head, 16), ""
    for _ in range(12):
        number, place = divmod(number, len(SIGNS))
        letters += SIGNS[place]
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


def read(data: bytes) -> Any:
    """Return the bundle in these bytes; whatever is not written in the one canonical form has been changed."""
    try:
        text = data.decode("utf-8")
        bundle = json.loads(text)
        claimed = bundle.pop("sha256")
        same = canonical({**bundle, "sha256": claimed}) + "\n" == text
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    insist(same, "文件被改写过：不是原来的写法", "the file was rewritten: not in its one form")
    insist(claimed == hashlib.sha256(canonical(bundle).encode()).hexdigest(), "文件有字节被改", "a byte was changed")
    insist(bundle.get("format") == "cogov bundle 1", "不认识的格式", "unknown format")
    insist(bundle.get("secrecy") == "named", "不是实名表决的数据包", "not the bundle of a named vote")
    opened = {"roll", "roll_key", "ballots"} if bundle.get("kind") == "full" else set()
    insist(set(bundle) == FIELDS | opened, "缺少或者多出项目", "fields are missing or added")
    return bundle


def check_election(b: Any) -> str:
    mark = digest(
        "cogov election 1", *(b[n] for n in ("decision", "question", "rule", "form", "options", "fingerprint"))
    )
    insist(mark == b["election"], "问题、规则和选举标记对不上", "question and rule are not those of the election")
    return "问题、规则、名册的封存标记一致 / question, rule and electorate are the frozen ones"


def check_sums(b: Any) -> str:
    counts, turnout, total = b["counts"], b["turnout"], b["electorate"]
    insist([c["position"] for c in counts] == [o["position"] for o in b["options"]], "选项对不上", "options differ")
    if method(b) in SHARED:
        for unit in ("heads", "area"):
            blank = turnout[unit] - sum(c[unit] for c in counts)
            insist(not blank or b["form"].get("blank"), "各项加起来不等于参加的", "options are not the turnout")
            insist(blank >= 0, "各项加起来多于参加的", "options add up to more than the turnout")
    whole = all(type(c[u]) is int and c[u] >= 0 for c in [*counts, turnout, total] for u in ("heads", "area"))
    insist(whole, "有数不是非负整数", "a figure is no whole number")
    insist(turnout["heads"] <= total["heads"], "参加的多于应参加的", "more took part than there are")
    insist(turnout["area"] <= total["area"], "参加面积多于总面积", "more area took part than there is")
    return f"应参加 {total['heads']} 户，参加 {turnout['heads']} 户，加法对 / sums agree"


def method(b: Any) -> str:
    return str(b["form"].get("method", "single"))


def threshold_tests(b: Any) -> Any:
    """Put the rule's shares to the figures, in whole numbers only."""
    agreed = next((c for c in b["counts"] if c["position"] == b["agreeing"]), {"heads": 0, "area": 0})
    for name, part in (("participation", b["turnout"]), ("passing", agreed)):
        for unit in ("heads", "area"):
            asked = b["rule"][name][unit]
            if asked:
                base = (b["electorate"] if asked["base"] == "electorate" else b["turnout"])[unit]
                over, under = (int(n) for n in (asked["share"] + "/1").split("/")[:2])
                left, right = part[unit] * under, base * over
                met = base > 0 and (left >= right if asked["inclusive"] else left > right)
                yield f"{name}_{unit}", part[unit], base, met


def is_blocked(b: Any) -> bool:
    over, under = (int(n) for n in (b["form"].get("blocked_above", "0") + "/1").split("/")[:2])
    blocks = sum(c["heads"] for c, o in zip(b["counts"], b["options"], strict=True) if o["key"] == "block")
    return bool(blocks * under > over * b["turnout"]["heads"])


def check_thresholds(b: Any) -> str:
    keys, shared = [o["key"] for o in b["options"]], method(b) in SHARED
    most = max(b["counts"], key=lambda c: (c["heads"], c["area"], -c["position"]))["position"]
    agreeing = b["options"][keys.index("agree")]["position"] if "agree" in keys else most
    insist(agreeing == b["agreeing"], "该过线的选项不对", "the wrong option was put to the thresholds")
    tests = [test for test in threshold_tests(b) if shared or test[0].startswith("participation")]
    told = [(t["name"], t["part"], t["base"], t["met"]) for t in b["tests"]]
    insist(tests == told, "门槛算出来不一样", "thresholds come out differently")
    passing = [met for name, _, _, met in tests if name.startswith("passing")]
    chosen = passing and all(passing) and not is_blocked(b) if shared else b["count"]["winners"]
    quorum = all(met for name, _, _, met in tests if name.startswith("participation"))
    verdict = "no_quorum" if not quorum else "passed" if chosen else "failed"
    insist(verdict == b["verdict"], f"结论应是 {verdict}", f"the verdict is {verdict}")
    return f"两道门槛重算一致，结论 {verdict} / thresholds and verdict agree"


def check_bulletin(b: Any) -> str:
    leaves, heads, counted = (b["bulletin"][name] for name in ("leaves", "heads", "counted"))
    insist(len(set(leaves)) == len(leaves), "公告板上有重复的票", "a leaf is there twice")
    sizes = [head["size"] for head in heads]
    insist(sizes == sorted(set(sizes)) and (sizes or [0])[-1] == len(leaves), "公告板大小不对", "sizes are wrong")
    for head in heads:
        right = root(leaves[: head["size"]]).hex() == head["root"]
        insist(right, f"第 {head['size']} 张处封条不符", f"the head at {head['size']} does not fit")
    proper = counted == sorted(set(counted)) and all(type(at) is int and 0 <= at < len(leaves) for at in counted)
    insist(proper, "计入的票号不对", "the counted leaves are not leaves")
    insist(len(counted) == b["turnout"]["heads"], "计入的票数不等于参加户数", "counted leaves are not the turnout")
    codes = ", ".join(code_of(head["root"]) for head in heads[-3:])
    return f"公告板 {len(leaves)} 张封存票，{len(counted)} 张计入；最后的封条短码 / last codes: {codes}"


def check_ballots(b: Any) -> str:
    areas = dict(b["roll"])
    insist(len(areas) == len(b["roll"]), "名册有重复", "a head is on the roll twice")
    mark = digest("cogov roll 1", b["election"], b["roll"], b["roll_key"])
    insist(b["roll"] == sorted(b["roll"]) and mark == b["electorate"]["roll"], "名册被改", "the roll was changed")
    totals = {"heads": len(areas), "area": sum(areas.values())}
    insist(totals == {u: b["electorate"][u] for u in totals}, "名册合计不对", "the roll does not add up")
    insist([ballot[0] for ballot in b["ballots"]] == b["bulletin"]["counted"], "打开的票不是计入的票", "other ballots")
    insist(len({ballot[1] for ballot in b["ballots"]}) == len(b["ballots"]), "有一户两张票", "a head has two ballots")
    sums = {o["position"]: {"heads": 0, "area": 0, "points": 0} for o in b["options"]}
    took = {"heads": 0, "area": 0}
    for at, head, marks, key in b["ballots"]:
        leaf = digest("cogov ballot 1", b["election"], head, marks, key)
        insist(leaf == b["bulletin"]["leaves"][at], f"第 {at} 张票打不开封条", f"ballot {at} does not open its leaf")
        insist(head in areas, f"{head} 不在名册上", f"{head} is not on the roll")
        values = marked(marks, sums)
        for sum_of in [took, *(sums[position] for position in values)]:
            sum_of["heads"] += 1
            sum_of["area"] += areas[head]
        for position, value in values.items():
            sums[position]["points"] += value
    insist(took == b["turnout"], "参加数和票对不上", "the turnout is not that of the ballots")
    points = [got.pop("points") for got in sums.values()]
    again = [{"position": position, **got} for position, got in sums.items()]
    insist(method(b) not in SHARED or again == b["counts"], "得票重数不一样", "the options come out differently")
    if method(b) in ("approval", "score") and any(points):
        told = b["count"]["scores"] if method(b) == "score" else b["count"]["methods"]["approval"]["scores"]
        told = [told[str(position)] for position in sums] if isinstance(told, dict) else told
        insist(told == points, "得分重数不一样", "the scores come out differently")
        best = [position for position, n in zip(sums, points, strict=True) if n == max(points)]
        insist(set(b["count"]["winners"]) <= set(best), "选定的不是得分最高的", "the winner is not the best")
    if method(b) not in ADDED:
        return "每张票都打开了，合计一致；排名、席位、预算请用 cogov tally、cogov budget 重算 / opened, not counted"
    return f"逐张打开 {len(b['ballots'])} 张票，重新数出的结果一致 / every ballot opened and counted again"


def marked(marks: str, options: Any) -> dict[int, int]:
    pairs = [(int(position), int(value)) for position, value in (mark.split(":") for mark in marks.split())]
    found = dict(sorted(pairs))
    plain = " ".join(f"{position}:{value}" for position, value in found.items())
    insist(plain == marks and set(found) <= set(options), "标记读不懂", "marks cannot be read")
    return found


def recount(data: bytes, code: str = "", whole: str = "", leaf: str = "", tell: Any = print) -> int:
    """Check a bundle; return the exit code."""
    try:
        bundle = read(data)
        if bundle is None:
            tell("读不懂：这不是数据包，或者已经损坏 / not a bundle, or broken")
            return 2
        checks = [check_election, check_sums, check_thresholds, check_bulletin]
        for check in checks + ([check_ballots] if bundle["kind"] == "full" else []):
            tell("✓ " + check(bundle))
        board = bundle["bulletin"]
        if code:
            codes = [code_of(head["root"]) for head in board["heads"]]
            insist(code.upper() in codes, "抄下的短码不在公告板上", "the code you kept is not on the bulletin")
            tell("✓ 您抄下的短码在公告板上 / the code you kept is there")
        if leaf:
            insist(leaf in board["leaves"], "您的封存票不在公告板上", "your sealed ballot is not on the bulletin")
            counts = board["leaves"].index(leaf) in board["counted"]
            insist(counts, "您的这张票被后来改的票替代了", "a later ballot of yours replaced this one")
            tell("✓ 您的票在公告板上，并且计入了 / your ballot is there and counts")
        seal = hashlib.sha256(canonical(bundle).encode()).hexdigest()
        insist(not whole or whole.lower() == seal, "和证书上的指纹不同", "not the bundle the certificate names")
    except Wrong as wrong:
        tell(f"✗ {wrong}")
        return 1
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        tell(f"✗ 内容不成形 / malformed: {type(error).__name__}")
        return 1
    tell(f"指纹 / sha256: {seal}")
    if bundle["kind"] == "full" and method(bundle) not in ADDED:
        return 3
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    for name in ("--code", "--hash", "--leaf"):
        parser.add_argument(name, default="")
    asked = parser.parse_args(arguments)
    try:
        with open(asked.bundle, "rb") as file:
            return recount(file.read(), asked.code, asked.hash, asked.leaf)
    except OSError as error:
        print(f"打不开 / cannot open: {error}")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
