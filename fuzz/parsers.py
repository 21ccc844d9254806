"""What reads files, fed with any bytes: only our own errors may come out.

Each target is a function of bytes. The tests run every target over its seeds; ``atheris.py``
lets a coverage-guided fuzzer change them.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from supplynet.errors import DataError, SupplynetError
from supplynet.io.jsonfile import (
    dump_json,
    network_graphml,
    network_json,
    parse_graphml,
    parse_json,
    parse_network,
)
from supplynet.io.package import ArchiveMembers, network_zip, package_files, parse_package, unpack
from supplynet.io.parameters import read_parameters
from supplynet.io.parquet import read_parquet, write_parquet
from supplynet.io.production import read_production
from supplynet.io.sheets import parse_sheets
from supplynet.io.tables import read_rows
from supplynet.io.workbook import Book, network_xlsx, parse_workbook
from supplynet.limits import decode, parse_toml
from supplynet.network.edit import simple_metadata, validate_rows
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import TABLES
from supplynet.questions.indices.of_tables import read_flows
from supplynet.trade.clean import read_country_table
from supplynet.trade.layouts import layout_of, reading_of
from supplynet.trade.lines import read_batches, read_header
from supplynet.trade.read import read_trade
from supplynet.trade.rows import Found, RowReader

SEEDS = Path(__file__).parent / "seeds"
#: targets that share the seeds of another
_FOLDERS = {"records": "trade", "trade_codes": "trade"}
#: so that no currency of a seed ends a reader early
_RATES = {"EUR": 1.05, "JPY": 0.007}
#: between the parts of a package in one input
_CUT = b"\n%%%%\n"
# in memory where the system has such a folder: files are made and removed many times a second
_FOLDER = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())


def table(data: bytes) -> None:
    """A table of a graph; its first byte picks which."""
    names = sorted(TABLES)
    model = TABLES[names[data[0] % len(names)]] if data else TABLES[names[0]]
    problems: list[Problem] = []
    read_rows(io.StringIO(decode(data[1:], "x.csv")), model, file="x.csv", problems=problems)


def parquet(data: bytes) -> None:
    """A table of a graph as Parquet; its first byte picks which."""
    names = sorted(TABLES)
    model = TABLES[names[data[0] % len(names)]] if data else TABLES[names[0]]
    problems: list[Problem] = []
    read_parquet(data[1:], model, "x.parquet", problems)
    if problems:
        raise DataError(str(problems[0]))


def package(data: bytes) -> None:
    """A graph's folder: a descriptor, tables and scenarios, each part under its name."""
    parts = (part.partition(b"\n") for part in data.split(_CUT))
    files = {name.decode("utf-8", "replace"): text for name, _, text in parts}
    parse_package(ArchiveMembers(files), what="x")


def scenario(data: bytes) -> None:
    """A scenario in TOML."""
    Scenario.from_dict(parse_toml(decode(data, "x.toml"), "x.toml"), name="x")


def graphml(data: bytes) -> None:
    """A graph in GraphML."""
    parse_graphml(data, "x.graphml")


def json(data: bytes) -> None:
    """A graph in JSON."""
    parse_network(decode(data, "x.json"), "x.json")


def workbook(data: bytes) -> None:
    """A graph in a workbook, byte by byte."""
    parse_workbook(data, "x.xlsx")


def sheet(data: bytes) -> None:
    """A sheet in a workbook that is sound otherwise."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in _book().items():
            is_changed = name == "xl/worksheets/sheet1.xml"
            packed.writestr(zipfile.ZipInfo(name), data if is_changed else content)
    parse_sheets(buffer.getvalue(), "x.xlsx")


@lru_cache(maxsize=1)
def _book() -> dict[str, bytes]:
    """The parts of a workbook with one sheet."""
    book = Book("x")
    book.add("nodes", ["id", "name", "lat"], [["a", "=1", 1.5], ["b", "_x0041_", None]])
    return unpack(book.content(), "x.xlsx")


def archive(data: bytes) -> None:
    """A graph in a zip file."""
    unpack(data, "x.zip")


def records(data: bytes) -> None:
    """Lines of customs records of any layout into cells."""
    with _file(data) as path:
        header = read_header(path, lambda names: layout_of(names) is not None)
        reading = reading_of(header.names, None, path, rates=_RATES)
        reader = RowReader(path, 0, reading, (), (2022,), {}, header.delimiter)
        found = Found()
        for batch in read_batches(path, (), header, reading.name("code")):
            reader.add(batch, found)


def trade(data: bytes) -> None:
    """Customs records of any layout into flows."""
    with _file(data) as path:
        read_trade(path, max_unmapped=1, max_malformed=1, year=2022, rates=_RATES)


def trade_codes(data: bytes) -> None:
    """Customs records of one code, every year."""
    with _file(data) as path:
        read_trade(path, codes="850511", max_unmapped=1, max_malformed=0.5, rates=_RATES)


def trade_years(data: bytes) -> None:
    """Customs records whose years are columns without a unit."""
    with _file(data) as path:
        read_trade(path, max_unmapped=1, max_malformed=1, columns={"tonnes": "years"})


def trade_zip(data: bytes) -> None:
    """A zip archive of customs records, byte by byte."""
    with _file(data) as path:
        read_trade(path, max_unmapped=1, max_malformed=1, year=2022, rates=_RATES)


def trade_members(data: bytes) -> None:
    """Files in a sound zip archive, each part under its name."""
    parts = (part.partition(b"\n") for part in data.split(_CUT)[:20])
    files = {name.decode("utf-8", "replace")[:200] or "x.csv": text for name, _, text in parts}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name), text)
    trade_zip(buffer.getvalue())


def production(data: bytes) -> None:
    """A production table."""
    with _file(data) as path:
        read_production(path)


def flows(data: bytes) -> None:
    """A table of bilateral trade."""
    with _file(data) as path:
        read_flows(path)


def parameters(data: bytes) -> None:
    """A table of parameters."""
    with _file(data) as path:
        read_parameters(path)


def countries(data: bytes) -> None:
    """A table of the codes of countries."""
    with _file(data) as path:
        read_country_table(path)


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (
        table,
        parquet,
        package,
        scenario,
        graphml,
        json,
        archive,
        workbook,
        sheet,
        records,
        trade,
        trade_codes,
        trade_years,
        trade_zip,
        trade_members,
        production,
        flows,
        parameters,
        countries,
    )
}


class _file:  # noqa: N801  used like a function
    """A file that holds some bytes, for readers that want a path."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __enter__(self) -> Path:
        handle = tempfile.NamedTemporaryFile(dir=_FOLDER, suffix=".csv", delete=False)
        with handle:
            handle.write(self.data)
        self.path = Path(handle.name)
        return self.path

    def __exit__(self, *_: object) -> None:
        self.path.unlink()


def check(name: str, data: bytes) -> bool:
    """Feed a target; return whether it took the input.

    Raises
    ------
    Exception
        If the target raised anything but our own errors.
    """
    try:
        TARGETS[name](data)
    except SupplynetError as error:
        if not str(error):
            raise AssertionError("an error without a word") from error
        return False
    return True


@lru_cache(maxsize=32)
def seeds(name: str) -> dict[str, bytes]:
    """Inputs to start from, by name: files of the folder, and what the package itself writes."""
    folder = SEEDS / _FOLDERS.get(name, name)
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}
    return {**found, **_written(name)}


def _written(name: str) -> dict[str, bytes]:
    import supplynet as sn

    net: SupplyNetwork = sn.load("tutorial")
    files = {key: text.encode() for key, text in package_files(net).items()}
    if name == "table":
        order = sorted(TABLES)
        return {
            key: bytes([order.index(Path(key).stem)]) + text
            for key, text in files.items()
            if key.endswith(".csv")
        }
    if name == "parquet":
        return {
            key: bytes([number]) + write_parquet(net.rows(key), TABLES[key])
            for number, key in enumerate(sorted(TABLES))
            if net.rows(key)
        }
    if name == "package":
        return {"tutorial": _parts(net), "small": _parts(_small())}
    if name == "archive":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as small:
            small.writestr("datapackage.json", files["datapackage.json"])
        return {
            "tutorial": network_zip(net),
            "small": network_zip(_small()),
            "one": buffer.getvalue(),
        }
    if name in ("trade_zip", "trade_members"):
        return _records_in_an_archive(name)
    if name == "workbook":
        return {"tutorial": network_xlsx(net)}
    if name == "sheet":
        return {"nodes": _book()["xl/worksheets/sheet1.xml"]}
    if name == "graphml":
        return {
            key: network_graphml(one).encode()
            for key, one in (("tutorial", net), ("small", _small()))
        }
    if name == "json":
        return {
            key: network_json(one).encode() for key, one in (("tutorial", net), ("small", _small()))
        }
    return {}


def _small() -> SupplyNetwork:
    """A network of one mine and one nation, whose files are short enough to be changed a lot."""
    head = simple_metadata("small", stages=["mine", "nation"], commodity="x")
    told = {"confidence": "estimated", "note": "made up"}
    mine = {"id": "m", "name": "M", "stage": "mine", "country": "FJI", "capacity": 2.5, "unit": "t"}
    nation = {"id": "MLT", "name": "Malta", "stage": "nation", "country": "MLT"}
    link = {"source": "m", "target": "MLT", "form": "material", "standing": "observed"}
    tables = {"nodes": [{**mine, **told}, {**nation, **told}], "edges": [{**link, **told}]}
    return SupplyNetwork.from_rows(
        head, {name: validate_rows(name, records) for name, records in tables.items()}
    )


def _parts(net: SupplyNetwork) -> bytes:
    """The files of a graph in one input."""
    files = {key: text.encode() for key, text in package_files(net).items()}
    files["datapackage.json"] = _without_schemas(files["datapackage.json"])
    return _CUT.join(key.encode() + b"\n" + text for key, text in files.items())


def _records_in_an_archive(name: str) -> dict[str, bytes]:
    """A year of records beside a table of countries, as publishers pack them."""
    records = (SEEDS / "trade" / "baci.csv").read_bytes()
    countries = (SEEDS / "countries" / "table.csv").read_bytes()
    files = {"BACI_HS17_Y2022_V1.csv": records, "countries.csv": countries, "readme.txt": b"BACI"}
    if name == "trade_members":
        return {"parts": _CUT.join(key.encode() + b"\n" + text for key, text in files.items())}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for key, text in files.items():
            packed.writestr(zipfile.ZipInfo(key), text)
    return {"years": buffer.getvalue()}


def _without_schemas(descriptor: bytes) -> bytes:
    """A descriptor that is short enough to be changed in many ways."""
    tree = parse_json(descriptor.decode(), "x")
    for resource in tree["resources"]:
        resource.pop("schema", None)
    return dump_json(tree).encode()
