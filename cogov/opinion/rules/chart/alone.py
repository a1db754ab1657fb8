"""Start the map in a process of its own, without the pages: to assemble them takes longer than to draw it.

Run as a file. A package of the same name and place stands in for `cogov`, whose own first page assembles everything.
"""

import runpy
import sys
from pathlib import Path
from types import ModuleType

if __name__ == "__main__":
    package = ModuleType("cogov")
    package.__path__ = [str(Path(__file__).resolve().parents[3])]
    sys.modules[package.__name__] = package
    runpy.run_module("cogov.opinion.rules.chart", run_name="__main__", alter_sys=True)
