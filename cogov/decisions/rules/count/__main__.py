"""``python -m cogov.decisions.rules.count``: a job of `closing.py` as JSON in, its result as JSON out."""

import json
import sys

from cogov.decisions.rules.count.closing import count

if __name__ == "__main__":
    told = count(json.load(sys.stdin.buffer))
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    sys.stdout.buffer.write(text.encode())
