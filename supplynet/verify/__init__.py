"""Check the proofs in a result of supplynet with nothing but Python: no package, no solver.

python verify.py FILE.json|html [--graph FOLDER] [--schemas FOLDER]
exit code 0: all holds, 1: not, 2: unreadable.

Every number of an answer is a figure. It is certified if a proof has it, or if it follows from
certified ones by the arithmetic that stands beside the proof; every other one is open. The schemas
(docs/schemas) have the arithmetic that the program declares, which the file must repeat.
"""

import base64
import csv
import hashlib
import json
import math
import sys
import zlib
from collections import Counter
from functools import partial, reduce
from itertools import accumulate
from pathlib import Path
from typing import Any

from supplynet.verify.arithmetic import BESIDE, NAMED, OPEN, Arithmetic, Place, column_of, is_of
from supplynet.verify.programs import FOLDS, Attack, Program, figure_faults, unpack, whole

__all__ = ["BESIDE", "FOLDS", "OPEN", "Arithmetic", "Attack", "Place", "Program", "column_of"]
__all__ += ["figure_faults", "is_of", "main", "outline", "parts_of", "read", "table_faults"]
__all__ += ["unpack", "verify", "whole"]

ARRAYS = frozenset(("x", "c", "low", "high", "lower", "upper", "duals"))  # of programs
LEAST = "low", "lower"  # those that are no limit where they are null, and minus infinity
#: what proofs of answers in an answer may take from that of the whole
LENT = {"matrices": "matrices", "names": "names", "outer": "programs"}


def table_faults(result: Any, folder: Path) -> list[str]:
    """Look up what is used: there in the year, sure enough, and not avoided."""
    asked, known, few = result["question"], set[Any](), ("plants", "dead_ends")
    links, year = "observed contracted planned memorandum possible", int(asked["year"])
    shut = asked["avoid"].split(",") if asked["lens"] == "location" else []
    for path in (folder / name for name in ("nodes.csv", "edges.csv", "rules.csv")):
        text = path.read_text("utf-8-sig") if path.exists() or path.stem == "nodes" else ""
        for row in csv.DictReader(text.split("\n")):
            is_then = int(row.get("start_year") or 0) <= year <= int(row.get("end_year") or year)
            is_shut = row.get("country") in shut and row["stage"] != "nation"
            rank = links.index(row.get("standing", "observed"))
            if is_then and not is_shut and rank <= links.index(asked["links"]):
                link = (row.get("source"), row.get("target")), (row.get("form"), "id" in row)
                known |= {row["id"]} if "stage" in row else {*link}  # only rules have an id, too
    flows = [row for row in result.get("flows", ()) if isinstance(row, dict)]
    moved = [(row["tail"], row["head"], row["form"]) for row in flows]
    ways = [link[:2] for link in moved] + [way["nodes"] for way in result.get("routes", ())]
    ways += [[r.get("node", r.get("plant", ":"))] for table in few for r in result.get(table, ())]
    lost = sorted({name for way in ways for name in way if ":" not in name} - known)
    faults = [f"no link {a} to {b}" for a, b, form in moved if not {(a, b), (form, True)} & known]
    return faults + [f"{name} is not there in {year}, or avoided" for name in lost]


def origin_faults(result: Any) -> Any:
    """Yield where the question, options or tables that an answer states are not of its proof."""
    question, mine = result.get("question", {}), outline(result)
    options = result["provenance"].get("options", {})
    for key in (question.keys() & options.keys()) - {"elements"}:  # of several, some are told
        if options[key] != question[key]:
            yield f"{key} is {question[key]} in the question and {options[key]} where it comes from"
    for proof in result.get("proof", ()):
        if proof.get("of", {}).get("outline", mine) != mine:
            yield "its proof is of another question, other tables or rows"


def outline(result: Any) -> str:
    """Return a digest of all but amounts: names, years, units, rows, and of what it is an answer.

    No program proves these. The digest shows that they were changed; who forges them can make it.
    """
    named = {key for _, key, text in result.get("arithmetic", ()) if text == NAMED}

    def without_figures(part: Any) -> Any:
        if isinstance(part, dict):
            own = {k: str(v) if k in named else v for k, v in part.items()}
            return {str(k): without_figures(v) for k, v in own.items() if k not in BESIDE}
        if isinstance(part, (list, tuple)):
            return list(map(without_figures, part))
        part = part.item() if hasattr(part, "item") else part  # of an array
        is_text = part is None or isinstance(part, (str, int))
        return part if is_text else 0.0 if math.isfinite(part) else None

    head = {k: v for k, v in result.get("headline", {}).items() if k != "read_off"}
    origin = {k: v for k, v in result["provenance"].items() if k not in ("versions", "build")}
    parts = [*map(without_figures, (result, head)), origin]
    text = json.dumps(parts, sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def twice(part: Any, path: str = "") -> Any:
    """Yield the tables of an answer that state a row twice."""
    pairs: Any = part.items() if isinstance(part, dict) else ()
    pairs = enumerate(part) if isinstance(part, list) else pairs
    for key, value in pairs:
        if key not in BESIDE:
            yield from twice(value, f"{path}.{key}".strip("."))
    if isinstance(part, list) and part and isinstance(part[0], dict):
        n_rows = Counter(json.dumps(row, sort_keys=True) for row in part)
        yield from [f"{path} states a row twice"] * (max(n_rows.values()) > 1)


def checks(result: Any, folder: Path | None, sums: Arithmetic) -> Any:
    """Yield what is checked of a result, and its faults; None: it is not checked."""
    programs: dict[str, Program] = {}
    faults = [*origin_faults(result), *twice(result)]
    if faults or result.get("proof"):
        yield "question, tables and rows are those of the proof, each once", faults
    for proof in result.get("proof", ()):
        mine, faults, columns = list[Program](), list[str](), dict[Any, list[Any]]()
        for told in proof["programs"]:
            faults += ["another has its name"] * (told["name"] in programs)
            mine.append(programs.setdefault(told["name"], Program(proof, told, programs)))
            faults += [f"{told['name']}: {fault}" for fault in mine[-1].faults()]
        sizes = [(len(one.rows), bool(one.row)) for one in mine]
        n, about = sum(n for n, _ in sizes), sum(n for n, is_rounded in sizes if is_rounded)
        duals = sum("duals" in one.told for one in mine)
        how = f"{n} rows{f', {n - about} of them' * (0 < about < n)}"
        how += " exactly" * (about < n) + ", others" * (0 < about < n) + " to 1e-7" * (about > 0)
        if mine:
            yield f"{len(mine)} points keep to {how}; none is better than {duals}", faults
        for spec in proof["figures"]:
            columns.setdefault((spec["table"], spec["key"]), []).append(spec)
        faults, bare = [], 0
        for (table, key), specs in columns.items():  # all of it is proved, open, or nothing
            rows, proved = {place: sums.row(place) for place in sums.rows(table)}, set[Place]()
            faults += [f"no table {table}"] * (table.partition(".")[0] not in (*result, ""))
            for spec in specs:
                where = spec.get("where", {}).items()
                fit = {place: row for place, row in rows.items() if where <= row.items()}
                proved |= fit.keys()
                bare += len(fit) * (not spec["of"] and "rows" not in spec)
                several = list(fit.values())
                if "is_whole" in spec:
                    several = [{key: sum(row[key] for row in several)}]
                faults += [f"{table} lacks rows"] * (len(several) < spec.get("n", "where" in spec))
                lines = unpack(spec["lines"]) if "lines" in spec else ()  # one a row
                told = [{**spec, "line": line} for line in lines] or [spec] * len(several)
                each = zip(told, several, strict=True)
                faults += [one for says, row in each for one in figure_faults(programs, says, row)]
            rest, spec = rows.keys() - proved, {"key": key, "open": 0}
            faults += [one for n in rest for one in figure_faults(programs, spec, rows[n])]
        what = f"figures of {len(columns)} columns are those of the points, {bare} left open"
        if mine or columns:
            yield what, faults if columns else None
        for one in (Attack(sums, proof, told, programs) for told in proof.get("attacks", ())):
            yield f"{one.told['value']}: what removals leave, and none less", one.checks()
        yield from ((what, None) for what in proof["open"])
    if sums.rules:
        yield f"{len(sums.rules)} columns follow from others as is stated", sums.faults
    asked = {f"{table}.{key}".strip(".") for table, key, text in sums.rules if "answered(" in text}
    if again := asked & set(map(column_of, sums.again)):
        yield f"otherwise than by asking again: {', '.join(sorted(again))}", None
    if sums.rules or (sums.forged and result.get("proof")):
        how = "as it stands in the file" if sums.known is None else "as the program declares it"
        yield f"the arithmetic is taken {how}", sums.forged
    if not result.get("proof"):
        yield "it carries no proof", None
    elif folder is not None and result.get("question", {}).get("scenarios"):
        yield "its tables: scenarios changed them", None
    elif folder is not None and "question" in result:
        yield "tables: what is used counts; not limits, yields, needs", table_faults(result, folder)


def read_text(text: str) -> Any:
    """Return what a text of proofs holds: arrays, and proofs that call them by number."""
    return json.loads(zlib.decompress(base64.b64decode(text, validate=True)))


def opened(text: str) -> list[Any]:
    """Return the proofs that a text holds, with every array in its place."""
    told, known = read_text(text), dict[Any, tuple[Any, ...]]()

    def array(n: int, no_limit: float = math.inf) -> tuple[Any, ...]:
        if (n, no_limit) not in known:
            ends = tuple(no_limit if end is None else end for end in told["arrays"][n])
            known[n, no_limit] = ends
        return known[n, no_limit]

    for proof in told["proofs"]:
        if "matrices" in proof:
            blocks = [list(map(array, block)) for block in proof["matrices"]]
            proof["matrices"] = [[*map(summed, block[:2]), *block[2:]] for block in blocks]
            proof["names"] = list(map(array, proof["names"]))
        for program in proof["programs"]:
            for key in ARRAYS & program.keys():
                program[key] = array(program[key], -math.inf if key in LEAST else math.inf)
    return list(told["proofs"])


def summed(steps: Any) -> tuple[int, ...]:
    """Return numbers of which each stands less the one before."""
    return tuple(accumulate(steps))


def lent(answer: Any, outer: Any) -> Any:
    """Return an answer whose proofs are opened; in another, they take what they lack from that."""
    proofs = answer.get("proof", ())
    if all("at" not in one and "matrices" in one for one in proofs):
        return answer
    told = opened(proofs[0]["text"]) if "text" in proofs[0] else outer and outer[0].get("all")
    shared = {key: outer[0][name] for key, name in LENT.items()} if outer else {}
    own = [{**told[one["at"]], **one, "all": told} if "at" in one else one for one in proofs]
    own = [{key: end for key, end in one.items() if key not in ("at", "text")} for one in own]
    return {**answer, "proof": [one if "matrices" in one else {**shared, **one} for one in own]}


def parts_of(data: Any, outer: Any = ()) -> Any:
    """Yield the answers in a document: what has an origin."""
    if isinstance(data, dict) and "provenance" in data:
        yield (data := lent(data, outer))
        outer = data.get("proof", ())
    inner = data.values() if isinstance(data, dict) else data
    for part in inner if isinstance(data, (dict, list)) else ():
        yield from parts_of(part, outer)


def verify(
    data: Any,
    folder: Path | None = None,
    where: str = "",
    sums: list[Arithmetic] | None = None,
    declared: Any = None,
    tables: Any = None,
    outer: Any = (),
) -> list[tuple[str, str]]:
    """Return what holds of the results in a document, what FAILS, and what is not checked.

    `sums` gets the figures of every result that can be read; `declared` returns the rules of
    columns of a kind of answer, as the program declares them; `tables` returns for an answer what
    looks figures up in the tables of its graph; `outer` is the proof of the answer that it lies in.
    """
    told: list[tuple[str, str]] = []
    sums = [] if sums is None else sums
    inner: Any = dict(enumerate(data)) if isinstance(data, list) else {}
    if isinstance(data, dict):
        inner, name = {**data, "": None}, f"{where or 'result'} ({data.get('result', 'answer')})"
        try:
            head = inner.pop("headline", ())  # of lists and pages too; ends are reported elsewhere
            for key in {*head} - {"name", "of", "unit", "read_off"} if "value" in head else ():
                end = reduce(lambda at, step: at[step], head["read_off"][key] or [""], inner)
                if head[key] != (len(end) if isinstance(end, list) else end):
                    told.append(("FAILS", f"{name}: headline: {key} is {head[key]}, not {end}"))
            if "provenance" in data:
                data = lent(data, outer)
                outer = data.get("proof", ())
                sums.append(Arithmetic(data, declared, tables and tables(data)))
                for what, faults in checks(data, folder, sums[-1]):
                    word = "not checked" if faults is None else "FAILS" if faults else "holds"
                    told.append((word, "; ".join([f"{name}: {what}", *(faults or ())[:3]])))
                if data.get("proof"):
                    told.append(("certified", f"{name}: {sums[-1]}"))
        except Exception as error:  # forged proofs may break anything
            told.append(("FAILS", f"{name}: the proof cannot be read: {error!r}"))
    for key, part in inner.items():
        name = f"{where}.{key}".lstrip(".")
        if isinstance(part, (dict, list)):
            told += verify(part, folder, name, sums, declared, tables, outer)
    return told


def read(path: Path) -> Any:
    """Return the content of a result or report; of a page that holds none nothing."""
    page = (raw := path.read_bytes()).partition(b'json.gz" href="data:')[2].partition(b",")[2]
    if not page and raw[:1] == b"<":
        return {}
    raw = base64.b64decode(page.partition(b'"')[0]) if page else raw
    return json.loads(zlib.decompress(raw, 31) if raw[:2] == b"\x1f\x8b" else raw)


def of_schema(folder: Path, kind: str) -> Any:
    """Return the arithmetic that the schema of a kind of answer has."""
    schema = json.loads((folder / f"{Path(kind).name}.json").read_text("utf-8"))
    return schema["properties"].get("arithmetic", {"const": []})["const"]


def main(words: list[str]) -> int:
    """Check a file; print what was seen."""
    try:
        options: dict[str, Any] = {"--graph": None, "--schemas": None}
        options |= zip(words[1::2], map(Path, words[2::2]), strict=True)
        folder, schemas = options.values()
        declared = partial(of_schema, schemas) if schemas else None
        told = verify(read(Path(words[0])), folder, declared=declared)
    except (OSError, ValueError, LookupError, zlib.error) as error:
        print(f"{__doc__}\ncannot be read: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"{word:<12} {what}" for word, what in told) or "no result in it")
    seen = {word for word, _ in told}
    return int(not {"holds"} <= seen <= {"holds", "not checked", "certified"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
