"""``python -m cogov.opinion.rules.chart``: a conversation as JSON in, its map as JSON out."""

import json
import sys

from cogov.opinion.rules.chart.account import drawn

if __name__ == "__main__":
    told = drawn(json.load(sys.stdin.buffer))
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    sys.stdout.buffer.write(text.encode())
