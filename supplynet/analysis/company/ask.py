"""``supplynet.company``: what a company's parts rest on, direct and looked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.company.evidence import company_proof
from supplynet.analysis.company.lookup import Held, Part, look_up
from supplynet.analysis.company.result import AskRow, CitedRow, CompanyResult, UncoveredRow
from supplynet.analysis.company.study import Behind, Studied, factors, study
from supplynet.analysis.exposure.ask import usual_objective
from supplynet.analysis.provenance import provenance_of
from supplynet.analysis.question import joined, selector_name
from supplynet.analysis.words import measured_words
from supplynet.errors import DataError, OptionError, TableError
from supplynet.network.elements import element_names, strategic_materials
from supplynet.network.problems import raise_problems
from supplynet.network.selector import Selection, select
from supplynet.solve.check import worst
from supplynet.terms import LENSES, one_of
from supplynet.text import listing, share

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.check import Certificate

#: share from which something not known is asked about
_WORTH_ASKING = 0.01


def company(
    net: SupplyNetwork | Iterable[SupplyNetwork],
    *,
    parts: Iterable[Part],
    avoid: str | Iterable[str],
    year: int | None = None,
    lens: str = "location",
    anonymous: bool = False,
    rows: Sequence[int] | None = None,
    file: str = "",
) -> CompanyResult:
    """What do a company's parts rest on, and how long do its stocks last without a jurisdiction?

    Each part is looked up in the graph that holds its product or element. From its maker (a plant,
    a supplier's plants, or those of a country) the tonnes are followed back to the mines by what
    went between plants in the year, proportional mixing at each. What is not known stays open:
    a share is reported as what surely passed the jurisdiction and what may have.

    Parameters
    ----------
    net : SupplyNetwork or iterable of SupplyNetwork
        Graphs to look parts up in. Nothing of the parts enters them.
    parts : iterable of Part
        Rows of the bill of materials.
    avoid : str or iterable of str
        Selector of the jurisdiction.
    year : int, optional
        Of the flows; default: the base year of each graph.
    lens : {"location", "control"}
        Whether a country means where a plant stands or who owns it.
    anonymous : bool
        Whether names, suppliers and amounts of the parts stay out of the answer: a part is then
        its row in the file.
    rows : sequence of int, optional
        Row of each part in its file; by default from 2 on.
    file : str
        Name of that file, for messages.

    Returns
    -------
    CompanyResult

    Raises
    ------
    DataError
        If there is no part.
    TableError
        If a part says neither product nor element, several graphs hold it, or a name in it is one
        of no plant, country or graph, or is near one that is known; all faults at once.
    OptionError
        If no graph is given.
    CertificateError
        If the independent check refuses a balance or a trace.

    Examples
    --------
    >>> import supplynet as sn
    >>> part = Part(part="drive", product="goods", plant="Free Maker", stock_days=30)
    >>> found = company(sn.load("tutorial"), parts=[part], avoid="ISL")
    >>> found.rows[0].part, found.rows[0].known_by, found.rows[0].traced
    ('drive', 'plant', 0.0)
    """
    from supplynet.network.network import SupplyNetwork

    nets = [net] if isinstance(net, SupplyNetwork) else list(net)
    bill = tuple(parts)
    numbers = list(range(2, len(bill) + 2)) if rows is None else list(rows)
    one_of(lens, LENSES, "lens")
    held = _held(bill, numbers, file, nets)
    used = {one.net.name for one in held if one is not None}
    behind = {
        graph.name: _behind(graph, joined(avoid), year, lens)
        for graph in nets
        if graph.name in used
    }
    studied: list[Studied] = []
    questions: list[AskRow] = []
    uncovered: list[UncoveredRow] = []
    for part, number, one in zip(bill, numbers, held, strict=True):
        label = f"row {number}" if anonymous else part.part
        if one is None:
            supplier = "" if anonymous else part.supplier
            uncovered.append(UncoveredRow(number, label, supplier, *_material(part)))
            continue
        found = study(behind[one.net.name], one, number, label, has_names=not anonymous)
        studied.append(found)
        questions += _questions(one.part, found, has_names=not anonymous)
    years = {base.balance.question.year for base in behind.values()} or {
        nets[0].commodity.base_year
    }
    words = {"avoid": joined(avoid), "lens": lens, "year": year, "anonymous": anonymous}
    certificates = dict(_certificates(behind))
    return CompanyResult(
        avoid=joined(avoid),
        lens=lens,
        avoid_name=selector_name(nets[0], joined(avoid)),
        year=min(years),
        years=tuple(sorted(years)),
        graphs=tuple(behind),
        has_names=not anonymous,
        n_unmatched=sum(
            bool(one.part.supplier) and not (one.maker or one.supplier) for one in held if one
        ),
        rows=tuple(one.row for one in studied),
        materials=tuple(row for one in studied for row in one.materials),
        places=tuple(row for one in studied for row in one.places),
        countries=tuple(row for one in studied for row in one.countries),
        factors=tuple(row for base in behind.values() for row in factors(base)),
        ways=tuple(row for one in studied for row in one.ways),
        uncovered=tuple(uncovered),
        questions=tuple(questions),
        sources=tuple(_sources(behind, studied)),
        certificate=worst(certificates.values()),
        certificates=certificates,
        provenance=provenance_of(
            words,
            graphs=[{"graph": name, "digest": base.net.digest} for name, base in behind.items()],
        ),
        evidence=partial(company_proof, behind, studied),
    )


def _held(
    bill: Sequence[Part], numbers: Sequence[int], file: str, nets: Sequence[SupplyNetwork]
) -> list[Held | None]:
    """Return how a graph holds each part; a TableError states every fault at once."""
    if not nets:
        raise OptionError("no graph is given to look parts up in")
    if not bill:
        raise DataError("there is no part", hint="a row a part, the first row names the columns")
    held, problems = look_up(bill, numbers, file, nets)
    raise_problems(problems, TableError, what=file or "parts")
    return held


def _certificates(behind: Mapping[str, Behind]) -> Iterator[tuple[str, Certificate]]:
    """Yield those of the flows of each graph, and of the trace of each of its elements."""
    for name, base in behind.items():
        yield name, base.balance.certificate
        for element, upstream in base.followed.items():
            yield f"{name}, {element}", upstream.certificate(base.exposed.surely)


def _material(part: Part) -> tuple[str, str]:
    """Return what a part holds, an element by its symbol, and what a law calls it."""
    named = str(part.element or part.product)
    symbols = {name: symbol for symbol, name in element_names().items()}
    material, strategic = symbols.get(named.casefold(), named), strategic_materials()
    for text in strategic.values():  # what is no element by its name, such as graphite
        if text.partition(",")[0].casefold() == named.casefold():
            return material, text
    return material, strategic.get(material, "")


def _behind(net: SupplyNetwork, avoid: str, year: int | None, lens: str) -> Behind:
    """Return a graph with its flows of the year, measured where they are."""
    from supplynet.analysis.balance import balance

    words: dict[str, Any] = measured_words(net, {}) if year is None else {"year": year}
    objective = usual_objective(net, {"year": year})
    nations = frozenset(net.nation_ids)
    chosen = select(net, avoid, lens=lens)
    exposed = Selection(chosen.surely - nations, chosen.possibly - nations)
    return Behind(balance(net, objective=objective, **words), exposed, lens)


def _questions(part: Part, found: Studied, *, has_names: bool) -> Iterator[AskRow]:
    """Yield what to ask the supplier of a part, the widest gap first."""
    row = found.row
    supplier = part.supplier if has_names else ""

    def asked(question: str, reason: str) -> AskRow:
        return AskRow(row.row, row.part, supplier, question, reason)

    what = row.material
    if row.known_by == "nothing":
        yield asked(f"Which plant made the {what}?", "its maker is not known, so nothing is")
    elif row.known_by == "plant" and not found.n_makers:
        yield asked(
            f"From whom does the plant have its {row.weakest}?",
            "what comes to the plant is not known in that year",
        )
    elif not found.n_makers:
        yield asked(
            f"Which plant made the {what}?",
            f"no plant that makes it is known there ({row.known_by})",
        )
    elif found.n_makers > 1:
        yield asked(
            f"Which plant made the {what}?",
            f"the mix of {found.n_makers} plants stands for it, known by {row.known_by} alone",
        )
    lost = [one for one in found.materials if found.n_makers and one.unknown >= _WORTH_ASKING]
    if lost:
        yield asked(
            f"From which refiners and mines does the {listing(one.element for one in lost)} come?",
            f"as much as {share(max(one.unknown for one in lost))} of its way back is not known",
        )
    unseen = [one for one in found.materials if (one.assumed or 0.0) >= _WORTH_ASKING]
    if unseen:
        yield asked(
            f"Who supplied the {listing(one.element for one in unseen)} to your plant and to its "
            "suppliers?",
            f"as much as {share(max(one.assumed or 0.0 for one in unseen))} of it came on links "
            "that nobody has seen",
        )
    if part.kg is None or part.quantity is None:
        yield asked(f"How many kilograms of {what} are in a part?", "its tonnes are not known")


def _sources(behind: dict[str, Behind], studied: Sequence[Studied]) -> Iterator[CitedRow]:
    """Yield the sources of the plants that the parts rest on, and of the links between them."""
    for name, base in behind.items():
        nodes = {place.node for one in studied for place in one.places if place.graph == name}
        cited = {source for node in nodes for source in base.net.node(node).source_ids}
        for edge in base.net.edge_rows:
            if edge.source in nodes and edge.target in nodes:
                cited |= set(edge.source_ids)
        for key, source in base.net.source_by_id.items():
            if key in cited:
                yield CitedRow(name, key, source.title, source.publisher, source.locator)
