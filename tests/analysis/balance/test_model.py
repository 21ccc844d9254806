"""The rows of every constraint family, against a list that was checked by hand."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

import supplynet as sn
from supplynet.analysis.balance.model import FAMILIES, Block, Model, model
from supplynet.analysis.balance.scope import scope
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Commodity, Form
from tests.network.networks import added, changed, edge

GOLDEN = Path(__file__).resolve().parents[2] / "reference" / "golden_balance.json"
NAMES = [family.__name__ for family in FAMILIES]


def example() -> SupplyNetwork:
    """The tutorial in 2026 with Pr instead of pure Nd in its goods, and a powder for Malta.

    Nd and Pr share the group ``light`` so that they can replace each other in goods; Dy may be
    absent. The powder is sold as oxide, and a quarter of what is parted of ``light`` may be left
    over; ref-big has a circuit for Dy. A quarter of a tonne of scrap per tonne of goods goes
    from maker-home back to ref-big. ref-new works on the oxide of ref-big for maker-free.
    """
    net = sn.load("tutorial")
    commodity = net.commodity.model_dump()
    commodity |= {
        "elements": ("Nd", "Pr", "Dy"),
        "groups": {"light": ("Nd", "Pr"), "heavy": ("Dy",)},
        "surplus_limits": {"light": 0.25},
        "forms": (*net.commodity.forms, Form(name="scrap", title="Scrap", is_scrap=True)),
    }
    net = net.replace(
        metadata=net.metadata.model_copy(update={"commodity": Commodity(**commodity)})
    )
    net = changed(net, "assays", lambda row: row.element == "Nd" and row.share > 0.85, share=0.7)
    net = added(net, "assays", {"node_id": "mine-big", "element": "Pr", "share": 0.2})
    net = changed(net, "contents", lambda row: row.element == "Nd", share_low=0.06, share_high=0.1)
    net = changed(net, "contents", lambda row: row.element == "Dy", share_low=0.0, share_high=0.02)
    pr = {"product_id": "goods", "element": "Pr", "share": 0.01, "share_low": 0.0}
    net = added(net, "contents", {**pr, "share_high": 0.04})
    net = changed(net, "products", lambda _: True, design="redesigned")
    net = added(net, "products", {"id": "powder", "name": "Powder", "form": "oxide"})
    net = added(net, "contents", {"product_id": "powder", "element": "Nd", "share": 0.5})
    net = added(net, "edges", edge("ref-small", "MLT", "oxide", capacity=5, unit="t oxide"))
    circuit = {"node_id": "ref-big", "group": "heavy", "capacity": 5, "unit": "t oxide"}
    net = added(net, "circuits", circuit)
    net = added(net, "scrap", {"nodes": "node:maker-home", "ratio": 0.25})
    net = added(net, "edges", edge("maker-home", "ref-big", "scrap"))
    toll = {"source": "node:ref-big", "via": "node:ref-new", "target": "node:maker-free"}
    toll |= {"id": "toll", "form": "oxide", "toll_form": "oxide", "standing": "observed"}
    net = added(net, "rules", {**toll, "reason": "why not", "capacity": 6, "unit": "t oxide"})
    powder = {"nation": "MLT", "use": "Polish", "product": "powder", "year": 2024}
    return added(net, "demand", {**powder, "quantity": 20, "unit": "t goods"})


def built(net: SupplyNetwork, year: int = 2026) -> Model:
    return model(
        scope(
            net,
            year=year,
            links="possible",
            plants="construction",
            closed=frozenset(),
            elements=net.commodity.elements,
            basis="capacity",
        )
    )


def column_name(found: Model, place: int) -> str:
    """A variable in a row: its kind and what it is of, arcs by their ends."""
    kind, key = found.columns.keys[place]
    words = []
    for number, part in enumerate(key):
        if kind in ("feed", "element", "product") and number == 0:
            arc = found.scope.frame.arcs[int(str(part))]
            words.append(f"{arc.tail}>{arc.head}")
        elif isinstance(part, tuple):
            words.append("-".join([part[0], *sorted(part[1])]))
        else:
            words.append(str(part))
    return f"{kind}[{', '.join(words)}]"


def as_text(found: Model, block: Block) -> list[str]:
    """The rows of a block, each as a line, terms in the order of the columns."""
    lines = []
    sign = "=" if block.is_equality else "<="
    for row, label in enumerate(block.labels):
        start, end = block.matrix.indptr[row : row + 2]
        order = np.argsort(block.matrix.indices[start:end])
        terms = " ".join(
            f"{block.matrix.data[start:end][one]:+.6g} "
            f"{column_name(found, block.matrix.indices[start:end][one])}"
            for one in order
        )
        lines.append(f"{'/'.join(label)}: {terms} {sign} {block.rhs[row]:.6g}")
    return lines


def dump() -> dict[str, list[str]]:
    found = built(example())
    return {block.family: as_text(found, block) for block in found.blocks}


@pytest.fixture(scope="module")
def golden() -> dict[str, list[str]]:
    read: dict[str, list[str]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return read


def test_every_family_has_a_golden_list(golden: dict[str, list[str]]) -> None:
    assert list(golden) == NAMES
    assert [name for name, lines in golden.items() if not lines] == []


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_every_family_is_documented_with_its_equation(family: object) -> None:
    text = family.__doc__ or ""
    assert "::\n" in text
    assert "=" in text.split("::\n", 1)[1]


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_are_those_of_the_list(golden: dict[str, list[str]], name: str) -> None:
    assert dump()[name] == golden[name]


def test_rows_by_hand(golden: dict[str, list[str]]) -> None:
    """A few rows worked out from the tables, so that the list is not only a copy."""
    assert "node/mine-big: +1 mined[mine-big] <= 200" in golden["origin_capacity"]
    assert (
        "node/ref-small: +1 feed[mine-small>ref-small, mine-small] <= 75" in golden["node_capacity"]
    )
    # the heavy fifth of mine-small's ore is what ref-small leaves
    assert (
        "node/ref-small/mine-small/without light: "
        "+0.2 processed[ref-small, mine-small, part] "
        "-1 feed[ref-small>ref-new, mine-small-light] "
        "-1 lost[ref-small, mine-small-light] = 0"
    ) in golden["rest_balance"]
    # half of a tenth: big ore is 10 % Dy, and ref-big recovers half; a fifth of the small ore
    assert (
        "node/ref-big/Dy: +0.05 processed[ref-big, mine-big, part] "
        "+0.1 processed[ref-big, mine-small, part]"
    ) in "\n".join(golden["element_balance"])
    # ref-new makes Dy alone, and loses none of it
    assert golden["toll_balance"] == [
        "node/ref-new/Dy/toll: "
        "+1 element[rule:toll>ref-new, Dy] -1 element[ref-new>maker-free, Dy] = 0"
    ]
    # 0.5 t of Nd metal is 0.583 t of oxide
    assert (
        "nation/MLT/oxide/Nd: -1 element[ref-small>MLT, Nd] +0.583189 bundle[MLT, powder] <= 0"
    ) in golden["intake"]
    assert "nation/MLT/goods: +1 served[MLT, goods] +1 unmet[MLT, goods] = 1200" in golden["demand"]


def test_columns_are_all_in_a_row(tutorial: SupplyNetwork, rare_earths: SupplyNetwork) -> None:
    """A variable in no row would be free to be anything."""
    for net in (tutorial, rare_earths, example()):
        found = built(net)
        used = np.zeros(len(found.columns), dtype=bool)
        for block in found.blocks:
            used[np.unique(block.matrix.indices)] = True
        assert [found.columns.keys[place] for place in np.flatnonzero(~used)] == []


def test_variables_are_named_by_ends_of_arcs_and_not_by_their_numbers() -> None:
    """The number of an arc changes with every row of the table before it."""
    found = built(example())
    arcs = found.scope.frame.arcs
    assert len(set(found.names)) == len(found.names)
    for (kind, key), name in zip(found.columns.keys, found.names, strict=True):
        words = name.split("|")
        assert words[0] == kind
        if kind in ("feed", "element", "product"):
            arc = arcs[key[0]]
            assert words[1:4] == [arc.tail, arc.head, arc.form]
        else:
            assert len(words) == 1 + len(key)


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(dump(), indent=1) + "\n", encoding="utf-8")


def test_rows_of_one_sense_stand_one_below_the_other(tutorial: SupplyNetwork) -> None:
    """Blocks that follow each other in a matrix, one that leaves rows out, and another matrix."""
    built = sn.allocate(tutorial).solved.run.model
    block = next(one for one in built.blocks if one.is_equality)
    n = len(built.columns)
    wholes = [csr_array(np.arange(k, k + 4.0)[:, None] * np.ones(n)) for k in (1, 10)]
    rows = [(0, 0, 1), (0, 1, 1), (0, 3, 1), (1, 0, 2)]  # matrix, first row, how many
    blocks = tuple(
        dataclasses.replace(block, whole=wholes[whole], first=first, rhs=np.full(size, 7.0))
        for whole, first, size in rows
    )
    for n_blocks, expected in ((4, [1, 2, 4, 10, 11]), (3, [1, 2, 4]), (2, [1, 2]), (0, [])):
        model_of_some = dataclasses.replace(built, blocks=blocks[:n_blocks])
        matrix, rhs = model_of_some.stacked(is_equality=True)
        assert matrix.shape == (len(expected), n)
        assert matrix.toarray()[:, 0].tolist() == expected
        assert rhs.tolist() == [7.0] * len(expected)
