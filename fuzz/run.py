"""Let atheris change the seeds of one target, or of each in turn, until the time is over.

    pip install 'supplynet[fuzz]'
    python fuzz/run.py all --seconds 1800
    python fuzz/run.py graphml --seconds 300

Each target runs in a process of its own. An input that makes it fail is kept in ``--keep`` and
ends that target.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

LONGEST = 32_768


def fuzz(name: str, corpus: Path, seconds: int, keep: Path) -> None:
    """Run one target; does not return."""
    import atheris

    with atheris.instrument_imports(include=["supplynet", "fuzz"]):
        from fuzz import parsers

        for place, data in parsers.seeds(name).items():
            (corpus / place.replace("/", "-")).write_bytes(data)
            parsers.check(name, data)  # loads what is loaded on first use
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={keep}/{name}-",
        "-timeout=20",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda data: _feed(parsers, name, data))
    atheris.Fuzz()


def _feed(parsers: object, name: str, data: bytes) -> None:
    parsers.check(name, data)  # type: ignore[attr-defined]


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", help="name of a target, or all")
    parser.add_argument("--seconds", type=int, default=600, help="in all")
    parser.add_argument("--keep", type=Path, default=Path("out/fuzz"), help="failing inputs")
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    if given.corpus is not None:
        fuzz(given.target, given.corpus, given.seconds, given.keep)
        return
    from fuzz.parsers import TARGETS

    names = list(TARGETS) if given.target == "all" else [given.target]
    failed = []
    for name in names:
        with tempfile.TemporaryDirectory() as corpus:
            command = [sys.executable, __file__, name, "--corpus", corpus]
            command += ["--seconds", str(given.seconds // len(names)), "--keep", str(given.keep)]
            done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        counted = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
        count = f"{int(counted[1]):,}" if counted else "?"
        covered = re.findall(r"cov: (\d+)", done.stderr)
        print(
            f"{name:12} {count:>12} inputs, {covered[-1] if covered else '?'} edges of the code, "
            f"{'FAILED' if done.returncode else 'no failure'}",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
            print(done.stdout[-2000:], done.stderr[-6000:], sep="\n", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
