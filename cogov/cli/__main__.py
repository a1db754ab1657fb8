"""Run the command line with ``python -m cogov.cli``."""

from cogov.cli import main

if __name__ == "__main__":
    main()
