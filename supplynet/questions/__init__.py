"""One question a file: options, rows, answer, what computes it, and its words.

A file imports the contract and terms alone; what it computes with is imported where it computes, so
that commands and help texts load no mathematics. Nothing below knows a question. The table
here has a line for every word that can be asked: commands, the functions of the library, completion
and the pages of reference follow from it.
"""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """A question as it is listed, without loading it."""

    asks: str = ""  #: the question in a sentence; empty for what is asked in Python alone
    function: str = ""  #: what answers it in Python, from the package on; empty for commands alone
    types: tuple[str, ...] = ()  #: public types of its module
    was: tuple[str, ...] = ()  #: other words by which it was asked before: commands, functions

    @property
    def module(self) -> str:
        """Module of this folder that declares it; empty where it is not declared yet."""
        room, _, tail = self.function.partition(".")
        return tail.partition(".")[0] if room == "questions" else ""


#: by its words: a family, whose first line is its main question, and its members
WORDS = {
    "report": Listed("Study a nation's supply without a country.", "reports.study.study"),
    "report of": Listed(function="reports.build.report", types=("Report",)),
    "coverage": Listed(
        "How much of its demand could a nation cover with exclusive access?",
        "questions.potential.potential",
        ("PotentialResult",),
    ),
    "coverage outlook": Listed(
        "What could nations cover, by tier and year?",
        "questions.outlook.outlook",
        ("OutlookResult",),
    ),
    "coverage progress": Listed(
        "When does a nation's dependence fall below a level?",
        "questions.progress.progress",
        ("ProgressResult",),
    ),
    "bypass": Listed(
        "What could arrive without a country?",
        "questions.bypass.bypass",
        ("BypassResult",),
        was=("bypass_balance",),
    ),
    "flow": Listed(
        "How much could reach a nation?",
        "questions.flow.flow",
        ("FlowResult",),
        was=("max_flow",),
    ),
    "flow cut": Listed(
        "What stops more from arriving?",
        "questions.cut.cut",
        ("CutsResult",),
        was=("min_cut", "min_cuts"),
    ),
    "flow routes": Listed(
        "By which mines and plants does it come?", "questions.routes.routes", ("RoutesResult",)
    ),
    "allocate": Listed(
        "Who gets how much when all nations buy at once?",
        "questions.contested.allocate",
        ("AllocateResult",),
        was=("balance",),
    ),
    "allocate explain": Listed(
        "Why does a nation go short when all nations buy at once?",
        "questions.explain.explain",
        ("Explanation",),
    ),
    "allocate dead_ends": Listed(
        "Which plants could make something that nobody is named to buy?",
        "questions.dead_ends.dead_ends",
        ("DeadEndsResult",),
    ),
    "chokepoints": Listed(
        "Which plant or country matters most?",
        "questions.chokepoints.chokepoints",
        ("ChokepointResult",),
    ),
    "chokepoints unavoidable": Listed(
        "Which plants does every route pass?",
        "questions.unavoidable.unavoidable",
        ("UnavoidableResult",),
    ),
    "chokepoints interdict": Listed(
        "Which losses, few at a time, cost most?",
        "questions.interdict.interdict",
        ("InterdictionResult",),
        was=("interdict_balance",),
    ),
    "chokepoints fortify": Listed(
        "What to protect against the worst losses?",
        "questions.fortify.fortify",
        ("FortifyResult",),
        was=("fortify_balance",),
    ),
    "chokepoints disrupt": Listed(
        "Whose loss costs all nations together most?",
        "questions.disrupt.disrupt",
        ("DisruptionResult",),
    ),
    "chokepoints risks": Listed(
        "Which plants may be out for longer than all can do without them?",
        "questions.risks.risks",
        ("RisksResult",),
    ),
    "shock": Listed(
        "Who is served how much, month by month, when a shock comes?",
        "questions.run.run",
        ("RunResult",),
    ),
    "shock survive": Listed(
        "What is a nation's time to survive a shock, and what do its stocks buy?",
        "questions.survive.survive",
        ("SurviveResult",),
    ),
    "shock stockpile": Listed(
        "What does a nation have to hold to bridge each shock?",
        "questions.stockpile.stockpile",
        ("StockpileResult",),
    ),
    "shock replay": Listed(
        "Does a run of a shock give back what was seen?",
        "questions.replay.replay",
        ("ReplayResult",),
    ),
    "plan": Listed(
        "What to do to reach a target, from when, at what cost?",
        "questions.plan.plan",
        ("PlanResult",),
    ),
    "trace": Listed(
        "How much of a nation's supply touched a jurisdiction?",
        "questions.exposure.exposure",
        ("ExposureResult",),
    ),
    "trace footprint": Listed(
        "What comes with a nation's supply: carbon dioxide, tailings, residue?",
        "questions.footprint.footprint",
        ("FootprintResult",),
    ),
    "trace dependence": Listed(
        "How far do importers depend on a country, by customs records?",
        "questions.dependence.dependence",
        ("DependenceResult",),
    ),
    "trace exposure_of": Listed(function="questions.exposure.exposure_of"),
    "trace footprint_of": Listed(function="questions.footprint.footprint_of"),
    "trace dependence_of": Listed(function="questions.dependence.dependence_of"),
    "compare": Listed(
        "What do scenarios change, alone and together?",
        "questions.compare.compare",
        ("ScenariosResult",),
        was=("compare_scenarios",),
    ),
    "compare diff": Listed("What changed between two editions?"),
    "compare answers": Listed(function="analysis.compare.compare", types=("CompareResult",)),
    "compare sweep": Listed(
        "How does any answer differ between nations, years, tiers and scenarios?",
        "reports.sweep.sweep",
    ),
    "compare diff_graphs": Listed(function="analysis.editions.diff_graphs"),
    "compare diff_tables": Listed(function="analysis.editions.diff_tables"),
    "company": Listed(
        "What do a company's parts rest on?", "questions.company.company", ("CompanyResult",)
    ),
    "indices": Listed(
        "How concentrated and risky is a supply?", "questions.indices.indices", ("IndexResult",)
    ),
    "indices of_table": Listed(function="questions.indices.of_tables.table_indices"),
    "uncertainty": Listed(
        "How sure is an answer?",
        "questions.uncertainty.sample",
        ("Study",),
        was=("draws",),
    ),
    "draw": Listed("Draw a result as a figure: what could arrive, from the ground to a nation."),
    "draw layers": Listed("Draw what could arrive from the ground to a nation."),
    "draw map": Listed("Draw a flow on a map of the world."),
    "draw sankey": Listed("Draw who sends how much to whom, stage by stage."),
    "draw outlook": Listed("Draw what nations could cover, by tier and year."),
    "draw months": Listed("Draw what is served month by month through a shock."),
    "draw ramps": Listed("Draw when plants start and how they fill."),
    "draw plan": Listed("Draw what to do, from when, and what it costs."),
    "draw sure": Listed("Draw how sure an answer is."),
    "draw years": Listed("Draw what could cover a nation's demand by year."),
    "draw losses": Listed("Draw which losses cost most."),
    "draw worst": Listed("Draw what is still covered when the worst few are lost."),
    "draw dependence": Listed("Draw which part of a nation's supply touched a jurisdiction."),
    "draw concentration": Listed("Draw how concentrated each stage is."),
    "explore": Listed("Explore a graph in the browser."),
    "verify": Listed("Do the figures of a written result follow from its proofs?"),
    "graph": Listed("Look up, make, change and check graphs."),
    "graph list": Listed("List the shipped graphs.", "io.load.list_graphs"),
    "graph show": Listed("Show what a graph holds, or one of its nodes."),
    "graph find": Listed("Find what a name stands for in a graph.", "network.names.find"),
    "graph nations": Listed("List the nations that may be asked for."),
    "graph nodes": Listed("List plants by a selector."),
    "graph scenarios": Listed("List the scenarios of a graph."),
    "graph new": Listed("Start a graph of your own."),
    "graph check": Listed("Check a graph for errors.", "network.checks.check.check"),
    "graph evidence": Listed(
        "How much of a graph rests on documents, and which rows to look up first?",
        "questions.evidence.evidence",
        ("EvidenceResult",),
    ),
    "graph convert": Listed("Write a graph in another format."),
    "graph import": Listed("Make a network of customs records."),
    "graph merge": Listed(
        "Lay customs records onto a graph, and show where they differ.",
        "trade.merge.merge",
        ("MergeResult",),
    ),
    "graph calibrate": Listed(
        "Do the flows give back what was observed and published?",
        "questions.calibrate.calibrate",
        ("CalibrationResult",),
    ),
    "graph generate": Listed("Make up a network of any size.", "analysis.generated.generate"),
    "graph simple_metadata": Listed(function="network.edit.simple_metadata"),
    "graph concordance": Listed(function="trade.concordance.concordance"),
    "graph to_network": Listed(function="trade.network.to_network"),
    "graph draft_network": Listed(function="trade.draft.draft_network"),
    "schema": Listed("Print the JSON schema of a result, or of a file that authors write."),
    "mcp": Listed("Serve the questions as tools for assistants."),
    "completion": Listed("Print a script that completes words in the shell."),
}
#: the family that is a group of commands, and no question itself
GROUP = "graph"
#: what is asked on the command line, in a line each
COMMANDS = {text: row.asks for text, row in WORDS.items() if row.asks}
#: words of those that a module of this folder declares, by the name of that
QUESTIONS = {row.module: text for text, row in WORDS.items() if row.asks and row.module}
#: module of each of their public types
TYPES = {
    kind: f"supplynet.{row.function.rpartition('.')[0]}"
    for row in WORDS.values()
    for kind in row.types
}


def members(family: str) -> dict[str, str]:
    """Return what is asked on the command line below a family, by the word behind its own."""
    below = ((text.partition(" "), asks) for text, asks in COMMANDS.items())
    return {member: asks for (top, _, member), asks in below if member and top == family}


def renamed(word: str) -> str:
    """Return the words in place of an old one, of a command or a function; empty for none."""
    for text, row in WORDS.items():
        last = "" if text.startswith("draw") else text.rpartition(" ")[2]
        if word in (last, row.function.rpartition(".")[2], *row.was):
            return text
    return ""
