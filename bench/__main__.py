"""``make bench``: everything that is measured, in one run, into ``bench/results``. ``python -m bench --help``."""

from __future__ import annotations

import sys

from bench.suite import main

if __name__ == "__main__":
    sys.exit(main())
