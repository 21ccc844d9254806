"""``python -m supplynet``."""

from __future__ import annotations

from supplynet.cli.main import main

if __name__ == "__main__":
    main()
