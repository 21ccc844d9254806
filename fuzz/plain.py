"""Feed a reader with millions of changed inputs, without the instruments of a guided fuzzer.

    python -m fuzz.plain table --inputs 1000000 --seed 1
    python -m fuzz.plain graphml --inputs 1000000 --seed 2 --record fuzz/runs.json

Inputs that a reader takes, or refuses in words that it has not used before, are changed further:
so that changes reach beyond the first line without a look into the code. A failure is any exception
but our own, an error without a word, or an input of more than some seconds; the input is kept.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from fuzz import parsers
from fuzz.records import recorded
from supplynet.errors import SupplynetError

#: bytes; larger inputs are cut, for they are slow and show nothing more
LONGEST = 8_192
#: inputs that are changed further
_POOL = 400
#: inputs between two settings of the clock, which alone would take as long as a small input
_CLOCK = 200
#: what so many may take of the processor
_SECONDS = 20
#: pieces that readers know or stumble over, put anywhere
_TOKENS = r"""
, ; : " ' = [ ] { } < > / & % # ! - . 0 -1 1e308 -1e-320 NaN inf true null 1_000 1,5 2024 2024-02-30
"" [[ ]] {} <!DOCTYPE <![CDATA[ &amp; &#0; </ /> PK \u0000 ../ id name all !a a:b é
"""
TOKENS = tuple(
    word.encode()
    for word in ("\n", "\r", "\t", "\0", "\ufeff", "\u202e", "\u0663", *_TOKENS.split())
)
#: what differs between two refusals of one kind: figures, and what is quoted from the input
_DETAIL = re.compile(r"\d+|'[^']*'|\"[^\"]*\"|`[^`]*`")

Edit = Callable[[random.Random, bytearray, bytes], None]


def _byte(rng: random.Random, data: bytearray, _: bytes) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def _span(rng: random.Random, data: bytes | bytearray) -> slice:
    start = rng.randrange(len(data) + 1)
    return slice(start, start + min(len(data) - start, int(rng.expovariate(0.1))))


def _cut(rng: random.Random, data: bytearray, _: bytes) -> None:
    del data[_span(rng, data)]


def _again(rng: random.Random, data: bytearray, _: bytes) -> None:
    piece = data[_span(rng, data)]
    start = rng.randrange(len(data) + 1)
    data[start:start] = piece * rng.choice((1, 1, 1, 2, 20))


def _token(rng: random.Random, data: bytearray, _: bytes) -> None:
    span = _span(rng, data) if rng.random() < 0.5 else slice(rng.randrange(len(data) + 1), 0)
    data[span.start : max(span.start, span.stop)] = rng.choice(TOKENS)


def _other(rng: random.Random, data: bytearray, other: bytes) -> None:
    data[_span(rng, data)] = other[_span(rng, other)]


EDITS: tuple[Edit, ...] = (_byte, _cut, _again, _token, _token, _other)


def changed(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Return an input with one to four edits, some of them with pieces of another one."""
    edited = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        rng.choice(EDITS)(rng, edited, other)
    return bytes(edited[:LONGEST])


class Pool:
    """Inputs that are changed further: the seeds, what was taken, and what was refused anew."""

    def __init__(self, rng: random.Random, seeds: list[bytes]) -> None:
        self.rng = rng
        self.inputs = sorted(seeds, key=len)
        self.refusals: set[str] = set()
        self.n_seeds = len(seeds)

    def draw(self) -> bytes:
        """Return a seed half of the time, small ones more often; else what came of one."""
        if self.n_seeds == len(self.inputs) or self.rng.random() < 0.5:
            return self.inputs[int(self.n_seeds * self.rng.random() ** 2)]
        return self.inputs[self.rng.randrange(self.n_seeds, len(self.inputs))]

    def tell(self, data: bytes, refusal: str | None) -> None:
        """Take note of an input and of how it was refused, None where it was taken."""
        if refusal is not None:
            kind = _DETAIL.sub("", refusal)[:120]
            if kind in self.refusals or len(self.refusals) > 10_000:
                return
            self.refusals.add(kind)
        elif self.rng.random() > 0.02:
            return
        if len(self.inputs) < _POOL:
            self.inputs.append(data)
        else:  # seeds stay
            self.inputs[self.rng.randrange(self.n_seeds, len(self.inputs))] = data


def fuzz(name: str, seed: int, n_inputs: int, keep: Path) -> tuple[int, list[str]]:
    """Feed a reader; return how many inputs it took, and a line for each kind of failure.

    Parameters
    ----------
    name : str
        A target of `fuzz.parsers`.
    seed : int
        Of the changes; the same seed feeds the same inputs.
    n_inputs : int
    keep : Path
        Where failing inputs go; made when there is one.
    """
    rng = random.Random(seed)
    seeds = list(parsers.seeds(name).values())
    for data in seeds:
        parsers.check(name, data)
    pool = Pool(rng, seeds)
    target = parsers.TARGETS[name]
    n_taken = 0
    failures: dict[str, str] = {}
    signal.signal(signal.SIGPROF, _too_long)
    for number in range(n_inputs):
        if number % _CLOCK == 0:
            signal.setitimer(signal.ITIMER_PROF, _SECONDS)
        data = changed(rng, pool.draw(), pool.draw())
        try:
            target(data)
        except SupplynetError as error:
            refusal = str(error)
            fault = "" if refusal else "an error without a word"
            pool.tell(data, refusal)
        except Exception as error:
            fault = f"{type(error).__name__}: {_DETAIL.sub('', str(error))[:80]}"
        else:
            fault = ""
            n_taken += 1
            pool.tell(data, None)
        if fault and fault not in failures:
            keep.mkdir(parents=True, exist_ok=True)
            path = keep / f"{name}-{seed}-{number}"
            path.write_bytes(data)
            failures[fault] = f"{name}: {fault} (kept in {path})"
            print(failures[fault], flush=True)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return n_taken, list(failures.values())


def _too_long(*_: object) -> None:
    raise TimeoutError("too long")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=list(parsers.TARGETS))
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("out/fuzz"), help="failing inputs")
    parser.add_argument("--record", type=Path, help="list of runs to add this one to")
    given = parser.parse_args()
    began = time.monotonic()
    n_taken, failures = fuzz(given.target, given.seed, given.inputs, given.keep)
    if given.record is not None:
        recorded(given.record, "inputs", given.target, given.seed, given.inputs, len(failures))
    print(
        f"{given.target}, seed {given.seed}: {given.inputs:,} inputs, {n_taken:,} taken, "
        f"{len(failures)} kinds of failure, {time.monotonic() - began:.0f} s"
    )
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
