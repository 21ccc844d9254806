"""What several losses at once would cost, in the report: a section a question, the same figures."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.reports.study import study

NAMES = ("cuts", "unavoidable", "worst", "protect", "lenses")


@pytest.fixture(scope="module")
def report():
    return study(sn.load("tutorial"), to="MLT", avoid="FJI", element="Nd", worst=2)


def test_each_question_has_a_section_where_it_was_asked_for(report):
    names = [section.name for section in report.document.sections]
    assert [one for one in names if one in NAMES] == list(NAMES)
    plain = study(sn.load("tutorial"), to="MLT", avoid="FJI", element="Nd")
    assert not set(NAMES) & {section.name for section in plain.document.sections}
    assert "worst" not in plain.document.data


def test_the_figures_are_those_of_the_questions(report):
    links = report.document.data["worst"][0]["interdict"]["question"]["links"]
    words = {"to": "MLT", "element": "Nd", "links": links}
    net = sn.load("tutorial")
    data = report.document.data["worst"][0]
    assert data["element"] == "Nd"
    assert data["interdict"]["value"] == sn.chokepoints.interdict(net, k=2, **words).value
    assert (
        data["fortify"]["value"]
        == sn.chokepoints.fortify(net, k_defend=1, k_attack=2, **words).value
    )
    assert len(data["cuts"]["sets"]) == len(sn.flow.cut(net, is_all=True, **words).sets)
