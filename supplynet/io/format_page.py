"""The page ``graphs/README.md``: every file, table, column and allowed value of a graph.

``python -m supplynet.io.format_page [folder]`` rewrites the page and the schema of every resource
of every graph in a folder of graphs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from supplynet.io.formats import endings_in_words
from supplynet.io.graph_schemas import column_table, escape, key_table, row_summary, with_schemas
from supplynet.network.scenario.change import VERBS, keys_of
from supplynet.network.schema import (
    REQUIRED_TABLES,
    TABLES,
    Commodity,
    DefaultRange,
    Form,
    Metadata,
    Stage,
    Unit,
)
from supplynet.network.tiers import TIERS
from supplynet.terms import PLANTS

PAGE = "README.md"

_INTRO = """\
# Graphs: the shipped networks and their format

A graph is a folder: a [Data Package](https://specs.frictionlessdata.io/data-package/) with
`datapackage.json`, one CSV file a table, and scenarios as TOML.

```
my-graph/
  datapackage.json      title, license, what flows, and the list of tables
  nodes.csv             mines, plants and nations (the one table that every graph has)
  edges.csv             who feeds whom
  ...                   further tables, each with the columns below
  scenarios/*.toml      named changes
```

This page is written from the row models in `supplynet/network/schema/` by
`python -m supplynet.io.format_page`; a test fails when the two differ.
The shipped graphs are licensed under CC BY 4.0, see `LICENSE` in this folder.

## Files

- Text is UTF-8, with or without a byte order mark. Cells are separated by commas, decimals by
  a point; there are no thousands separators.
- The first row names the columns. A column that is not needed may be left out; one whose name
  begins with `_` is your own and is passed over.
- An empty cell is a missing value. `NA` and `NaN` are text.
- A list in a cell is separated by `;`.
- A cell of text that starts with `=`, `+`, `-` or `@` is written with an apostrophe before it,
  so that no spreadsheet runs it as a formula; reading takes the apostrophe away again. (A text
  that itself starts with apostrophes and one of these characters gets one more.) Numbers are
  written plain.
- A file has at most 64 MiB, a table 1,000,000 rows, a cell 131,072 characters.

"""

_OWN = """\
## A graph of your own

1. Make a folder with `nodes.csv`: at least one mine, one nation, and what lies between them. Give
   each row a `confidence`, and cite the document in `sources.csv` when it is `sourced`.
2. Name the links in `edges.csv`, each with its `standing`. Assumed corridors go into `rules.csv`.
   Where plants work on what is somebody else's, a rule with `via` and `toll_form` is a toll, one
   link: what leaves the plants for `target` is, of each element, what came from `source` times
   their recovery, and their capacity is shared with all else that they do. Two bounded rules in
   a row would run on anybody's material; `check` finds them. A balance holds the two legs of a
   toll equal, element by element; in a maximum flow it passes its plant beside all else, up to
   the whole of the plant's capacity, so that the flow stays an upper bound.
3. Write `datapackage.json`: take one of the graphs in this folder, change the head and the key
   `supplynet` (stages, elements, forms, units), and list the tables under `resources`; the
   `schema` of a resource helps other programs and may be left out.
4. Ask for its problems, each with file, row, column and a hint:

   ```
   supplynet graph check my-graph
   ```

In Python, `supplynet.load("my-graph")` reads the folder, and `supplynet.save(net, path)` writes
any network as a folder, or as a {endings} file, without loss.
"""


def format_page() -> str:
    """Return ``graphs/README.md``: every file, table, column and allowed value."""
    parts = [_INTRO, "## datapackage.json\n\n"]
    parts.append(
        "Keys of a Data Package that are not listed are passed over. `licenses` is a list of\n"
        "objects with `name` and `title`; `resources` lists the tables, each with `name` and\n"
        "`path`. What flows stands under the key `supplynet`.\n\n"
    )
    heads: list[tuple[str, type[BaseModel], tuple[str, ...]]] = [
        ("Head", Metadata, ("commodity",)),
        ("Key `supplynet`", Commodity, ()),
        ("Items of `stages`", Stage, ()),
        ("Items of `forms`", Form, ()),
        ("Items of `units`", Unit, ()),
        ("Items of `default_ranges`, by confidence", DefaultRange, ()),
    ]
    for title, model, left_out in heads:
        parts.append(f"### {title}\n\n{row_summary(model)}\n\n")
        parts.append(key_table(model, left_out))
    parts.append(_GROUPS)
    parts.append("## Tables\n\n")
    for name, model in TABLES.items():
        needed = " Every graph has it." if name in REQUIRED_TABLES else ""
        parts.append(f"### {name}.csv\n\n{row_summary(model)}{needed}\n\n")
        parts.append(column_table(model))
    parts.append(_TIERS.replace("<!-- tiers -->\n", _tier_table()))
    parts.append(_SCENARIO.replace("<!-- verbs -->\n", _verb_table()))
    parts.append(_OWN.format(endings=endings_in_words()))
    return "".join(parts)


def _tier_table() -> str:
    """Return the named tiers and what each counts on."""
    rows = ["| tier | links up to | plants |", "|---|---|---|"]
    rows += [
        f"| {name} | {tier.links} | {PLANTS[tier.plants].phrase} |" for name, tier in TIERS.items()
    ]
    return "\n".join(rows) + "\n"


_TIERS = """\
## Tiers, ramps and outlets

A question counts links up to a standing (`links`) and plants up to a state (`plants`), or both by
the name of a tier:

<!-- tiers -->

- A link is no surer than the plants at its ends: one with a plant that does not run yet is planned.
- `status` says how far a plant is: `operating` and `ramping` ones run, those under `construction`
  are being built, `financed`, `announced` and `planned` ones are planned. Others count nowhere.
- A plant that is not `operating`, with a start year and a capacity, fills by the curve of its stage
  in `ramps.csv`. A curve with a selector in `nodes` comes before that of the whole stage, and rows
  of the plant in `capacities.csv` before both. Year 0 is the first year of output; the last share
  holds on.
- A plant that can be supplied in a tier and has no link or rule to sell by is in no figure of the
  tier: answers name it, and the check `no-outlet` lists tiers and years. A rule of standing
  `planned` may offer what it makes; what is right as it is stands in `accepted.csv`.

## Stocks and shocks

`supplynet shock` answers month by month. A year's limits and demands count by the length of a
period.

- A row of `stocks.csv` is what somebody holds, not what is planned or aimed at; two rows of one
  kind, holder and good are refused, so that no stock counts twice. Elements are drawn by plants as
  if they arrived in the form of the row, products by nations. In the unit `days` the tonnes follow
  from what the holders use without a shock.
- A stock is drawn while a shock is in force and filled again with what is over when none is, both
  by the part of it that `release` and `refill` allow in a month.
- `outages.csv` says how long a plant is out before it runs again; a row without a selector holds
  for all plants that no other row names.
- `lead_times.csv` says how many days goods are on the way from `source` to `target`, and how many
  more a plant takes (`processing`); the first row of each kind that fits a link counts. A run with
  `--delays` rounds their sum to whole periods; what is less than half a period takes none.
- `seasons.csv` says which part of a year goes in each of its twelve months, for links that lead
  from `source` to `target` in a form as a whole; a run with `--seasonal` multiplies their limits
  and what was observed on them. The ends tell how far years lay apart and are not run.
- `replays.csv` tells what was seen in a shock; `supplynet shock replay` scores a run against every
  row.
- The rows of `shocks.csv` with one `id` are one shock: a scenario with values of its parameters,
  from its first to its last month. The scenario itself holds for a year as any other.

"""

_GROUPS = """\
### Element groups

What `groups` do, and what may be told apart from them:

- **Parting.** A plant parts the groups of its column `makes`, and sends the rest on whole. In a
  stage where a plant names groups, the others part none; where none does, each parts all. An
  element without a group is parted by every plant.
- **Rows of a group** in `recoveries.csv`, `charges.csv` and the like hold for each of its
  elements. The most specific row counts: of the element, of its group, of `all`. A plant may
  recover some elements better than others, parted or not: what it sends on whole then has
  another composition, plant after plant.
- **Substitution.** Elements of one group replace each other in a product, within `share_low` and
  `share_high` of `contents.csv`: their metal adds up to what the central shares of the group add
  up to. In a product whose `design` is `redesigned` all sets but the largest may fall to their
  low ends, and the largest takes their part; an only set adds up to its low ends. In one whose
  `design` is `high-contents` each set adds up to its high ends. The scenarios of these names make
  every product whose `design` is `as-built` one. Without ranges nothing replaces anything. Where
  other elements
  replace each other than are parted together, `substitutes` names the sets: natural and
  synthetic graphite come from two chains, `groups` `{"natural": ["flake"], "synthetic":
  ["coke"]}`, and serve one product, `substitutes` `{"graphite": ["flake", "coke"]}`.
- **Grades.** A maker of a final form is not held to the product in its row: it makes every grade of
  the form that is asked for whose `share_low` of no element is above the `share_high` of its own
  product, with what it can part. So `contents.csv` decides which plants serve which use: a maker of
  magnets without dysprosium serves those that hold none, or once re-designed those whose share of
  it goes down to 0, and no others.
- **Host and by-product.** A capacity in `circuits.csv` holds what a plant parts of one group,
  beside its own: alumina in t/yr in `nodes.csv`, gallium in t/yr in `circuits.csv`. Under
  `surplus_limits` a group is a host that is not made for nothing: of `{"alumina": 0.0}` nothing
  that a plant parts is left over, so that gallium comes with the alumina that somebody takes. A
  plant with a part of its own has it in `surplus_limit` of `nodes.csv`: 1 where its host is wanted
  by somebody whom the graph does not know. A balance holds these; in a potential what is left over
  counts as taken by others.
- **Demand** in tonnes of metal, oxide or mix is shared out among the elements as the product
  holds them. One in tonnes of product needs its contents, too.
- **Tonnes of oxide.** With the basis `oxide` flows are told in tonnes of each element's usual
  oxide. `oxides` names another compound or a factor, such as `{"Mn": "MnO2", "Li": "Li2CO3"}` or
  `{"W": 1.261}`; an element without a known oxide is refused.

"""

_SCENARIO = """\
## Scenarios

A file in `scenarios/` is one scenario, named by the file. It lists changes that are applied in
order; `nodes`, `links` or `rules` says what a change is about, by selectors.

```toml
title = "Refining stops"
description = "No plant of the dominant supplier refines any more."
excludes = ["refining-grows"]   # scenarios that say the opposite: they cannot hold together

[[change]]
verb = "close"
nodes = "CHN:refiner"
from_year = 2026                # first and last year; what was before holds again after it
end_year = 2027
reason = "what-if"
```

<!-- verbs -->
`links` are those with a row of their own and those that rules stand for; `named = true` leaves
the latter out. A rule that is changed in part is split. One with a bound for all of its links can
be changed as a whole only: nobody knows what part of the bound is whose. `scale` makes a limit of
what was observed on a link that has none. A set of nodes stands for its plants where capacities are
scaled or set: nations have none. Years in which a plant is shut in the middle of its life are
written as a capacity of 0, and the return to what was before as a row of its own; of a plant
without a capacity, and of a nation, the links end and begin again. Circuits are scaled along where
a scale holds for good. A plant that is opened with the status `construction` counts in the tiers of
what is being built, and keeps its ramp.

Two verbs are about money and add to what the tables `prices` and `charges` hold: `charge` puts a
tariff, tax, freight or premium on links, or a cost of processing on nodes; `price` multiplies
what some nodes pay. Both may have a first and a last year.

```toml
[[change]]
verb = "charge"
links = { source = "CHN", target = "USA", form = "magnet" }
kind = "tariff"
amount = 0.25
unit = "share"
from_year = 2026
reason = "a quarter of the market price"

[[change]]
verb = "price"
nodes = "JPN,KOR"
form = "magnet"
factor = 1.2
end_year = 2027
reason = "buyers pay a fifth more"
```

Two verbs change whole tables, in every year: `need` multiplies what nations ask for of a product,
or of all; `recover` says what part of an element, of a group or of all plants pass on. They have no
first and last year.

```toml
[[change]]
verb = "need"
nodes = "KOR"
product = "magnet-traction"
factor = 1.2
reason = "a fifth more cars"

[[change]]
verb = "recover"
nodes = "node:kuantan-lamp"
group = "heavy"
recovery = 0.9
reason = "a better circuit"
```

Three more verbs add rows: `add` brings a row of any table, before all other changes of all
scenarios; `restrict` holds some elements back at a border, and products that hold them, by a part
of what each receiver needs (a nation) or can take (a plant), of what was observed or of what the
links may carry; `cap` limits a burden of the table
`intensities` at some plants together. Charges, prices and caps count in a balance only; every
other verb counts in potentials too.

```toml
[parameters.strength]           # "$strength" stands for its value: name:strength=0.5 sets it
default = 1.0
low = 0.0
high = 1.0
meaning = "part of the applications that are refused"

[[change]]
verb = "restrict"
links = { source = "CHN", target = "!CHN", form = "magnet" }   # no form: every form
elements = ["Dy", "Tb"]         # or groups; left out: all
withheld = "$strength"          # 1: nothing passes
relative_to = "need"            # or observed, or capacity: what withheld is a part of
from_year = 2025
reason = "licences"

[[change]]
verb = "cap"
nodes = "VNM"
burden = "tailings"
amount = 400000                 # t of it per year
level = "high"                  # end of the intensities that counts; central by default
reason = "what-if"

[[change]]
verb = "add"
table = "edges"
row = { source = "a", target = "b", form = "oxide", standing = "planned", confidence = "estimated" }
reason = "agreed, not built"    # the row's note; its sources are those of the change

[[change]]
verb = "set"                    # of links and rules also how sure they are
rules = "some-corridor"
standing = "planned"
reason = "agreed"
```

A parameter is a figure with `low` and `high`, or a word with `choices`; every file is tried at the
default and at each end. Scenarios compose, and the order in which they are named does not matter:
two that change one thing in ways whose order would matter are refused, with both names.

"""


def _verb_table() -> str:
    """What each verb does and the keys that it takes; any other key is refused."""
    shared = keys_of("close")[-2:]
    lines = ["| verb | what it does | keys |", "|---|---|---|"]
    for verb, model in VERBS.items():
        keys = ", ".join(f"`{key}`" for key in keys_of(verb) if key not in shared)
        lines.append(f"| `{verb}` | {escape(row_summary(model))} | {keys} |")
    also = " and ".join(f"`{key}`" for key in shared)
    lines += ["", f"Every verb takes {also} too, and no other key.", "", ""]
    return "\n".join(lines)


#: from the folder of a shipped graph
_SCHEMA = "../../docs/schemas/datapackage.json"


def rewrite(graphs: Path) -> list[Path]:
    """Rewrite the page and the schemas in a folder of graphs; return the files that changed."""
    from supplynet import files, limits
    from supplynet.io import strict

    contents = {graphs / PAGE: format_page()}
    for path in sorted(graphs.glob("*/datapackage.json")):
        descriptor = strict.parse_json(limits.decode(limits.read_bytes(path), path.name), str(path))
        # an editor that opens the file of a checkout finds the schema that the docs publish
        named = {"$schema": _SCHEMA, **descriptor}
        contents[path] = strict.dump_json(with_schemas(named))
    changed = [
        path
        for path, text in contents.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in changed:
        files.write_text(path, contents[path])
    return changed


def main(arguments: Sequence[str] | None = None) -> None:
    """Rewrite the folder of graphs that is named, or the one of this checkout."""
    from supplynet.io.load import graphs_folder

    given = list(sys.argv[1:] if arguments is None else arguments)
    for path in rewrite(Path(given[0]) if given else graphs_folder()):
        sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
