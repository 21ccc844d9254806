"""A certificate says what failed, and nothing passes without checks."""

import json
import math

import pytest

from supplynet.errors import CertificateError
from supplynet.solve.check import Certificate, Check, exact, require, within, worst

GOOD, BAD = Check("gap", True, 0.0, 1e-9), Check("conservation", False, 2.0, 0.0)


def test_one_failed_check_refuses_all_and_is_named():
    certificate = Certificate((GOOD, BAD))
    assert not certificate.ok
    with pytest.raises(CertificateError, match=r"conservation \(2, at most 0\)"):
        require(certificate)


def test_no_checks_prove_nothing():
    assert not Certificate(()).ok
    assert Certificate(()).gap == math.inf
    with pytest.raises(CertificateError, match="no checks"):
        require(Certificate(()))


def test_good_certificate_is_accepted():
    require(Certificate((GOOD,)))


def test_text_and_dictionary_hold_every_check():
    certificate = Certificate((GOOD, BAD))
    text = str(certificate)
    assert text.startswith("REFUSED: 1 of 2")
    assert "FAILS conservation" in text and "ok    gap" in text
    plain = json.loads(json.dumps(certificate.to_dict()))
    assert [check["name"] for check in plain["checks"]] == ["gap", "conservation"]
    assert (plain["ok"], plain["gap"]) == (False, 0.0)


def test_nan_is_never_within_a_tolerance():
    assert not within("gap", math.nan, 1.0).is_ok
    assert not exact("gap", math.nan).is_ok


def test_the_worst_of_several_certificates_is_as_ok_as_all_of_them():
    """A failed check beats a passed one, and a larger violation a smaller one."""
    far, near = Check("gap", True, 1e-10, 1e-9), Check("gap", True, 1e-12, 1e-9)
    broken = Check("gap", False, 0.0, 0.0)
    assert worst([Certificate((near, BAD)), Certificate((far,))]).checks == (far, BAD)
    assert worst([Certificate((far,)), Certificate((broken,)), Certificate((near,))]).ok is False
    assert worst([Certificate((near,)), Certificate((near,))]).ok
    assert not worst([]).ok


def test_what_is_just_within_its_tolerance_holds_and_of_two_alike_the_first_is_told():
    assert within("gap", 1e-9, 1e-9).is_ok
    first, second = Check("gap", True, 1e-10, 1e-9), Check("gap", True, 1e-10, 1e-6)
    assert worst([Certificate((first,)), Certificate((second,))]).checks == (first,)
