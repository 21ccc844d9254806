"""Compiling: with numba, without it, and where no folder can be written."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from supplynet.solve.jit import is_compiled_available, jit, prefetcher


def double(value):
    return 2 * value


def test_without_numba_the_function_is_itself(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert jit(double) is double
    assert not is_compiled_available()


def test_with_numba_it_is_compiled_and_kept(monkeypatch):
    asked = {}

    def njit(function=None, **options):
        asked.update(options)
        return lambda value: value

    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=njit))
    assert jit(double) is double
    assert asked == {"cache": True, "nogil": True}


def test_where_nothing_can_be_kept_it_is_compiled_for_now(monkeypatch):
    def njit(function=None, cache=False, nogil=False):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: double

    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=njit))
    assert jit(lambda value: 0) is double


def test_what_is_asked_for_ahead_changes_no_result():
    numba = pytest.importorskip("numba")
    prefetch = prefetcher()
    values = np.arange(5.0)

    @numba.njit
    def total(values):
        reached = 0.0
        for place in range(values.size):
            prefetch(values, np.uint64(place + 1))  # beyond the end, too
            reached += values[place]
        return reached

    assert total(values) == 10.0
    assert "prefetch" in total.inspect_llvm(total.signatures[0])
    assert values.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_without_numba_nothing_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert prefetcher()([1.0], 3) is None


def test_where_compiling_is_switched_off_nothing_is_asked_for(monkeypatch):
    numba = pytest.importorskip("numba")
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    assert prefetcher()([1.0], 3) is None
