"""`python -m tools.bench.counting`: it runs without the libraries of others, and notices when they count otherwise."""

import json

import pytest

from tools.bench import counting, others

SMALL = ["--ballots", "200"]
BESIDE = [*SMALL, "--compared", "200", "--against", "another-python"]
METHODS = ("Schulze", "Ranked Pairs", "IRV", "Borda", "approval")


def another(monkeypatch, changed=lambda told: None):
    """Let another Python answer with what ours would say, in ten seconds a part, and `changed`."""

    def answer(python, *arguments, given):
        assert python == "another-python"
        whole = "orders" in json.loads(json.dumps(given))  # what is given has to be JSON
        ours = counting.counted(counting.whole_ballots(200) if whole else counting.truncated_ballots(20))
        winners = {name: found for name, found in ours.winners.items() if name != "approval" or not whole}
        told = {"seconds": dict.fromkeys(ours.seconds, 10.0), "winners": winners, "table": ours.table}
        changed(told)
        return told

    monkeypatch.setattr(others, "started", answer)


def test_a_few_ballots_are_measured_by_each_method_without_other_libraries(capsys):
    assert counting.main(SMALL) == 0
    said = capsys.readouterr().out
    assert all(method in said for method in METHODS)


def test_beside_others_the_ratio_is_said_and_the_same_results_pass(monkeypatch, capsys):
    another(monkeypatch)
    assert counting.main(BESIDE) == 0
    assert capsys.readouterr().out.count("the same results") == 2


@pytest.mark.parametrize("what", ["IRV", "pairwise table"])
def test_a_result_that_differs_is_named_and_the_bench_fails(monkeypatch, capsys, what):
    def change(told):
        if what == "IRV":
            told["winners"]["IRV"] = [str((int(told["winners"]["IRV"][0]) + 1) % counting.OPTIONS)]
        else:
            told["table"][0][1] += 1

    another(monkeypatch, change)
    assert counting.main(BESIDE) == 1
    assert f"other results: {what}" in capsys.readouterr().out
