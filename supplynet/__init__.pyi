"""Public names of supplynet, written by tools/stubs.py."""

from collections.abc import Iterable, Mapping

from supplynet import draw as draw
from supplynet import errors as errors
from supplynet.analysis.balance import balance as balance
from supplynet.analysis.balance.defend import fortify_balance as fortify_balance
from supplynet.analysis.balance.explain import Explanation as Explanation
from supplynet.analysis.balance.explain import explain as explain
from supplynet.analysis.balance.result import BalanceResult as BalanceResult
from supplynet.analysis.balance.worst import BalanceInterdictionResult as BalanceInterdictionResult
from supplynet.analysis.balance.worst import interdict_balance as interdict_balance
from supplynet.analysis.calibrate import calibrate as calibrate
from supplynet.analysis.calibrate.result import CalibrationResult as CalibrationResult
from supplynet.analysis.company.ask import company as company
from supplynet.analysis.company.parts import Part as Part
from supplynet.analysis.company.result import CompanyResult as CompanyResult
from supplynet.analysis.compare import CompareResult as CompareResult
from supplynet.analysis.compare import compare as compare
from supplynet.analysis.dead_ends import DeadEndsResult as DeadEndsResult
from supplynet.analysis.dead_ends import dead_ends as dead_ends
from supplynet.analysis.decisions.ask import plan as plan
from supplynet.analysis.decisions.result import PlanResult as PlanResult
from supplynet.analysis.editions import diff_graphs as diff_graphs
from supplynet.analysis.editions import diff_tables as diff_tables
from supplynet.analysis.editions_result import VintageResult as VintageResult
from supplynet.analysis.exposure import exposure as exposure
from supplynet.analysis.exposure import exposure_of as exposure_of
from supplynet.analysis.exposure.result import ExposureResult as ExposureResult
from supplynet.analysis.footprint import footprint as footprint
from supplynet.analysis.footprint import footprint_of as footprint_of
from supplynet.analysis.footprint.result import FootprintResult as FootprintResult
from supplynet.analysis.generated import generate as generate
from supplynet.analysis.indices import indices as indices
from supplynet.analysis.indices.result import IndexResult as IndexResult
from supplynet.analysis.potential import potential as potential
from supplynet.analysis.potential.bypass import BalanceBypassResult as BalanceBypassResult
from supplynet.analysis.potential.bypass import bypass_balance as bypass_balance
from supplynet.analysis.potential.outlook import OutlookResult as OutlookResult
from supplynet.analysis.potential.outlook import outlook as outlook
from supplynet.analysis.potential.result import PotentialResult as PotentialResult
from supplynet.analysis.provenance import Provenance as Provenance
from supplynet.analysis.question import Question as Question
from supplynet.analysis.scenarios import compare_scenarios as compare_scenarios
from supplynet.analysis.scenarios_result import ScenariosResult as ScenariosResult
from supplynet.analysis.sweep import sweep as sweep
from supplynet.analysis.time.ask import run as run
from supplynet.analysis.time.progress import progress as progress
from supplynet.analysis.time.progress_result import ProgressResult as ProgressResult
from supplynet.analysis.time.replay import ReplayResult as ReplayResult
from supplynet.analysis.time.replay import replay as replay
from supplynet.analysis.time.result import RunResult as RunResult
from supplynet.analysis.time.risks import RisksResult as RisksResult
from supplynet.analysis.time.risks import risks as risks
from supplynet.analysis.time.stockpile import stockpile as stockpile
from supplynet.analysis.time.stockpile_result import StockpileResult as StockpileResult
from supplynet.analysis.time.survive import survive as survive
from supplynet.analysis.time.survive_result import SurviveResult as SurviveResult
from supplynet.analysis.uncertainty.ask import sample as sample
from supplynet.analysis.uncertainty.study import Study as Study
from supplynet.contract.headline import Headline as Headline
from supplynet.contract.result import Result as Result
from supplynet.errors import SupplynetError as SupplynetError
from supplynet.io.formats import save as save
from supplynet.io.load import list_graphs as list_graphs
from supplynet.io.load import load as load
from supplynet.network.checks.check import check as check
from supplynet.network.directory import find as find
from supplynet.network.interchange import simple_metadata as simple_metadata
from supplynet.network.network import SupplyNetwork as SupplyNetwork
from supplynet.network.problems import CheckReport as CheckReport
from supplynet.network.scenario.file import ScenarioLike
from supplynet.network.scenario.scenario import Scenario as Scenario
from supplynet.questions.bypass import BypassResult as BypassResult
from supplynet.questions.chokepoints import ChokepointResult as ChokepointResult
from supplynet.questions.cut import CutsResult as CutsResult
from supplynet.questions.disrupt import DisruptionResult as DisruptionResult
from supplynet.questions.flow import FlowResult as FlowResult
from supplynet.questions.fortify import FortifyResult as FortifyResult
from supplynet.questions.interdict import InterdictionResult as InterdictionResult
from supplynet.questions.routes import RoutesResult as RoutesResult
from supplynet.questions.unavoidable import UnavoidableResult as UnavoidableResult
from supplynet.reports.build import Report as Report
from supplynet.reports.build import report as report
from supplynet.reports.study import study as study
from supplynet.solve.check import Certificate as Certificate
from supplynet.solve.loss.losses import Progress
from supplynet.trade.concordance import concordance as concordance
from supplynet.trade.dependence import DependenceResult as DependenceResult
from supplynet.trade.draft import draft_network as draft_network
from supplynet.trade.exposure import dependence as dependence
from supplynet.trade.merge import MergeResult as MergeResult
from supplynet.trade.merge import merge as merge
from supplynet.trade.network import to_network as to_network
from supplynet.trade.observed import dependence_of as dependence_of
from supplynet.trade.read import read_trade as read_trade
from supplynet.trade.table import TradeTable as TradeTable
from supplynet.trade.table_indices import table_indices as table_indices

def max_flow(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    model: str = ...,
) -> FlowResult: ...
def min_cut(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
) -> CutsResult: ...
def min_cuts(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    is_all: bool = ...,
    limit: int | None = ...,
) -> CutsResult: ...
def routes(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | Iterable[str] | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    via: str | Iterable[str] | None = ...,
) -> RoutesResult: ...
def bypass(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | Iterable[str] | None = ...,
    avoid: str | Iterable[str],
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    via: str | Iterable[str] | None = ...,
    model: str = ...,
) -> BypassResult: ...
def unavoidable(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
) -> UnavoidableResult: ...
def chokepoints(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    by: str = ...,
    lost: str | Iterable[str] | None = ...,
    top: int | None = ...,
    certify: str = ...,
    model: str = ...,
    count: str = ...,
    ranges: bool = ...,
    both_lenses: bool = ...,
    progress: Progress | None = ...,
) -> ChokepointResult: ...
def interdict(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    by: str = ...,
    protect: str | Iterable[str] | None = ...,
    model: str = ...,
    count: str = ...,
    time_limit: float | None = ...,
    k: int | None = ...,
    budget: float | None = ...,
    cost: Mapping[str, float] | None = ...,
    frontier: bool = ...,
) -> InterdictionResult: ...
def disrupt(
    net: SupplyNetwork,
    *,
    element: str | Iterable[str] | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    by: str = ...,
    lost: str | Iterable[str] | None = ...,
    weights: Mapping[str, float] | None = ...,
    basis: str = ...,
    top: int | None = ...,
    time_limit: float | None = ...,
) -> DisruptionResult: ...
def fortify(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = ...,
    avoid: str | Iterable[str] | None = ...,
    year: int | None = ...,
    links: str | None = ...,
    plants: str | None = ...,
    tier: str | None = ...,
    lens: str = ...,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    by: str = ...,
    protect: str | Iterable[str] | None = ...,
    model: str = ...,
    count: str = ...,
    time_limit: float | None = ...,
    k_defend: int = ...,
    k_attack: int = ...,
) -> FortifyResult: ...

__version__: str

__all__ = [
    "__version__",
    "SupplyNetwork",
    "Scenario",
    "load",
    "save",
    "list_graphs",
    "check",
    "find",
    "simple_metadata",
    "generate",
    "bypass_balance",
    "potential",
    "outlook",
    "balance",
    "dead_ends",
    "explain",
    "interdict_balance",
    "fortify_balance",
    "exposure",
    "exposure_of",
    "footprint",
    "footprint_of",
    "calibrate",
    "compare_scenarios",
    "sample",
    "plan",
    "PlanResult",
    "sweep",
    "compare",
    "indices",
    "table_indices",
    "diff_tables",
    "diff_graphs",
    "read_trade",
    "concordance",
    "dependence",
    "dependence_of",
    "merge",
    "to_network",
    "draft_network",
    "run",
    "RunResult",
    "survive",
    "company",
    "CompanyResult",
    "Part",
    "replay",
    "ReplayResult",
    "risks",
    "RisksResult",
    "SurviveResult",
    "stockpile",
    "StockpileResult",
    "Study",
    "progress",
    "ProgressResult",
    "report",
    "study",
    "BalanceBypassResult",
    "BalanceInterdictionResult",
    "BalanceResult",
    "CalibrationResult",
    "Certificate",
    "CheckReport",
    "CompareResult",
    "DependenceResult",
    "DeadEndsResult",
    "Explanation",
    "ExposureResult",
    "FootprintResult",
    "Headline",
    "IndexResult",
    "MergeResult",
    "OutlookResult",
    "PotentialResult",
    "Provenance",
    "Question",
    "Report",
    "Result",
    "ScenariosResult",
    "TradeTable",
    "VintageResult",
    "SupplynetError",
    "max_flow",
    "FlowResult",
    "min_cut",
    "min_cuts",
    "CutsResult",
    "routes",
    "RoutesResult",
    "bypass",
    "BypassResult",
    "unavoidable",
    "UnavoidableResult",
    "chokepoints",
    "ChokepointResult",
    "interdict",
    "InterdictionResult",
    "disrupt",
    "DisruptionResult",
    "fortify",
    "FortifyResult",
    "draw",
    "errors",
]
