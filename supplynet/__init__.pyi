"""Public names of supplynet, written by tools/stubs.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd

from supplynet import draw as draw
from supplynet import errors as errors
from supplynet.analysis.balance.solved import Allocated
from supplynet.analysis.balance.worst import BalanceInterdictionResult as BalanceInterdictionResult
from supplynet.analysis.company.lookup import Part as Part
from supplynet.analysis.compare import CompareResult as CompareResult
from supplynet.analysis.compare import compare as _compare_answers
from supplynet.analysis.editions import VintageResult as VintageResult
from supplynet.analysis.editions import diff_graphs as _compare_diff_graphs
from supplynet.analysis.editions import diff_tables as _compare_diff_tables
from supplynet.analysis.generated import generate as _graph_generate
from supplynet.analysis.potential.ask import BalanceBypassResult as BalanceBypassResult
from supplynet.analysis.provenance import Provenance as Provenance
from supplynet.analysis.question import Question as Question
from supplynet.analysis.uncertainty.rows import Strands
from supplynet.contract.answer import Result as Result
from supplynet.contract.headline import Headline as Headline
from supplynet.errors import SupplynetError as SupplynetError
from supplynet.io.load import list_graphs as _graph_list
from supplynet.io.load import load as load
from supplynet.io.load import save as save
from supplynet.network.checks.check import check as _graph_check
from supplynet.network.edit import simple_metadata as _graph_simple_metadata
from supplynet.network.names import find as _graph_find
from supplynet.network.network import SupplyNetwork as SupplyNetwork
from supplynet.network.problems import CheckReport as CheckReport
from supplynet.network.scenario.scenario import Scenario as Scenario
from supplynet.network.scenario.scenario import ScenarioLike
from supplynet.network.schema import Parameter
from supplynet.questions.bypass import BypassResult as BypassResult
from supplynet.questions.calibrate import CalibrationResult as CalibrationResult
from supplynet.questions.chokepoints import ChokepointResult as ChokepointResult
from supplynet.questions.company import CompanyResult as CompanyResult
from supplynet.questions.compare import ScenariosResult as ScenariosResult
from supplynet.questions.contested import AllocateResult as AllocateResult
from supplynet.questions.cut import CutsResult as CutsResult
from supplynet.questions.dead_ends import DeadEndsResult as DeadEndsResult
from supplynet.questions.dependence import DependenceResult as DependenceResult
from supplynet.questions.dependence import dependence_of as _trace_dependence_of
from supplynet.questions.disrupt import DisruptionResult as DisruptionResult
from supplynet.questions.evidence import EvidenceResult as EvidenceResult
from supplynet.questions.explain import Explanation as Explanation
from supplynet.questions.exposure import ExposureResult as ExposureResult
from supplynet.questions.exposure import exposure_of as _trace_exposure_of
from supplynet.questions.flow import FlowResult as FlowResult
from supplynet.questions.footprint import FootprintResult as FootprintResult
from supplynet.questions.footprint import footprint_of as _trace_footprint_of
from supplynet.questions.fortify import FortifyResult as FortifyResult
from supplynet.questions.indices import IndexResult as IndexResult
from supplynet.questions.indices.of_tables import table_indices as _indices_of_table
from supplynet.questions.interdict import InterdictionResult as InterdictionResult
from supplynet.questions.outlook import OutlookResult as OutlookResult
from supplynet.questions.plan import PlanResult as PlanResult
from supplynet.questions.potential import PotentialResult as PotentialResult
from supplynet.questions.progress import ProgressResult as ProgressResult
from supplynet.questions.replay import ReplayResult as ReplayResult
from supplynet.questions.risks import RisksResult as RisksResult
from supplynet.questions.routes import RoutesResult as RoutesResult
from supplynet.questions.run import RunResult as RunResult
from supplynet.questions.stockpile import StockpileResult as StockpileResult
from supplynet.questions.survive import SurviveResult as SurviveResult
from supplynet.questions.unavoidable import UnavoidableResult as UnavoidableResult
from supplynet.questions.uncertainty import Study as Study
from supplynet.reports.build import Report as Report
from supplynet.reports.build import report as _report_of
from supplynet.reports.study import study as _report
from supplynet.reports.sweep import sweep as _compare_sweep
from supplynet.solve.check import Certificate as Certificate
from supplynet.solve.loss.losses import Progress
from supplynet.trade.concordance import concordance as _graph_concordance
from supplynet.trade.draft import draft_network as _graph_draft_network
from supplynet.trade.merge import MergeResult as MergeResult
from supplynet.trade.merge import merge as _graph_merge
from supplynet.trade.network import to_network as _graph_to_network
from supplynet.trade.read import read_trade as read_trade
from supplynet.trade.table import TradeTable as TradeTable

class _Report:
    __call__ = staticmethod(_report)
    of = staticmethod(_report_of)

report: _Report

class _Coverage:
    def __call__(
        self,
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
        detail: str = ...,
        time_limit: float | None = ...,
    ) -> PotentialResult: ...
    @staticmethod
    def outlook(
        net: SupplyNetwork,
        *,
        to: str | Iterable[str],
        avoid: str | Iterable[str] | None = ...,
        year: int | Iterable[int] | None = ...,
        tier: str | Iterable[str] = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        form: str | None = ...,
        time_limit: float | None = ...,
    ) -> OutlookResult: ...
    @staticmethod
    def progress(
        net: SupplyNetwork,
        *,
        to: str | Iterable[str],
        avoid: str | Iterable[str],
        year: int | Iterable[int] | None = ...,
        tier: str | Iterable[str] = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        form: str | None = ...,
        time_limit: float | None = ...,
        below: float = ...,
        slip: int | Iterable[int] = ...,
    ) -> ProgressResult: ...

coverage: _Coverage

class _Bypass:
    def __call__(
        self,
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

bypass: _Bypass

class _Flow:
    def __call__(
        self,
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
    @staticmethod
    def cut(
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
    @staticmethod
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

flow: _Flow

class _Allocate:
    def __call__(
        self,
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
        objective: str = ...,
        priority: str | Iterable[str] | None = ...,
        exposed_to: str | Iterable[str] | None = ...,
        weights: Mapping[str, float] | None = ...,
        basis: str | None = ...,
        firm: bool = ...,
        nation: str | Iterable[str] | None = ...,
        ranges: bool = ...,
        explain: str | Iterable[str] | None = ...,
        detail: str = ...,
        near: AllocateResult | None = ...,
        time_limit: float | None = ...,
    ) -> AllocateResult: ...
    @staticmethod
    def explain(
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
        objective: str = ...,
        priority: str | Iterable[str] | None = ...,
        exposed_to: str | Iterable[str] | None = ...,
        weights: Mapping[str, float] | None = ...,
        basis: str | None = ...,
        firm: bool = ...,
        nation: str | Iterable[str] | None = ...,
        time_limit: float | None = ...,
    ) -> Explanation: ...
    @staticmethod
    def dead_ends(
        net: SupplyNetwork,
        *,
        avoid: str | Iterable[str] | None = ...,
        year: int | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
    ) -> DeadEndsResult: ...

allocate: _Allocate

class _Chokepoints:
    def __call__(
        self,
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
    @staticmethod
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
    @staticmethod
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
        weights: Mapping[str, float] | None = ...,
        basis: str = ...,
        time_limit: float | None = ...,
        k: int | None = ...,
        budget: float | None = ...,
        cost: Mapping[str, float] | None = ...,
        frontier: bool = ...,
    ) -> InterdictionResult: ...
    @staticmethod
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
        weights: Mapping[str, float] | None = ...,
        basis: str = ...,
        time_limit: float | None = ...,
        k_defend: int = ...,
        k_attack: int = ...,
    ) -> FortifyResult: ...
    @staticmethod
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
    @staticmethod
    def risks(
        net: SupplyNetwork,
        *,
        year: int | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        time_limit: float | None = ...,
        form: str | None = ...,
    ) -> RisksResult: ...

chokepoints: _Chokepoints

class _Shock:
    def __call__(
        self,
        net: SupplyNetwork,
        *,
        to: str | Iterable[str] | None = ...,
        avoid: str | Iterable[str] | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        time_limit: float | None = ...,
        gradual: bool = ...,
        seasonal: bool = ...,
        delays: bool = ...,
        respond: Iterable[str] | None = ...,
        shock: str | Iterable[str] | None = ...,
        during: str | None = ...,
        begin: str | None = ...,
        end: str | None = ...,
        by: str = ...,
        behavior: str = ...,
        lead: int = ...,
        anticipation: float = ...,
        postponed: float = ...,
        stocks: Iterable[str] | None = ...,
        level: str = ...,
    ) -> RunResult: ...
    @staticmethod
    def survive(
        net: SupplyNetwork,
        *,
        to: str | Iterable[str],
        avoid: str | Iterable[str] | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        time_limit: float | None = ...,
        gradual: bool = ...,
        seasonal: bool = ...,
        delays: bool = ...,
        respond: Iterable[str] | None = ...,
        shock: str | Iterable[str] | None = ...,
        during: str | None = ...,
        begin: str | None = ...,
        end: str | None = ...,
        by: str = ...,
        behavior: str = ...,
        lead: int = ...,
        anticipation: float = ...,
        postponed: float = ...,
        ranges: bool = ...,
        makers: bool = ...,
    ) -> SurviveResult: ...
    @staticmethod
    def stockpile(
        net: SupplyNetwork,
        *,
        to: str | Iterable[str],
        element: str | list[str] | None = ...,
        avoid: str | Iterable[str] | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        time_limit: float | None = ...,
        gradual: bool = ...,
        seasonal: bool = ...,
        delays: bool = ...,
        respond: Iterable[str] | None = ...,
        shock: str | Iterable[str] | None = ...,
        during: str | None = ...,
        rate: float = ...,
        ranges: bool = ...,
        alone: bool = ...,
        every: bool = ...,
    ) -> StockpileResult: ...
    @staticmethod
    def replay(
        net: SupplyNetwork,
        shock: str,
        *,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        time_limit: float | None = ...,
        behavior: str = ...,
        postponed: float = ...,
        every: bool = ...,
    ) -> ReplayResult: ...

shock: _Shock

class _Plan:
    def __call__(
        self,
        net: SupplyNetwork,
        *,
        to: str | Iterable[str],
        avoid: str | Iterable[str] | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        target: str | float | Mapping[str, float] | None = ...,
        by: int | None = ...,
        until: int | None = ...,
        begin: int | None = ...,
        budget: str | float | Mapping[int, float] | Iterable[str] | None = ...,
        discount: float = ...,
        include: Iterable[str] = ...,
        exclude: Iterable[str] = ...,
        time_limit: float | None = ...,
        alternatives: int = ...,
        keep: str | Path | None = ...,
        curve: float | None = ...,
        draws: int = ...,
        chance: float = ...,
        seed: int = ...,
        worth: str | Iterable[str] = ...,
        split: bool = ...,
        regret: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        risk: float | None = ...,
        ranges: bool = ...,
        reasons: bool = ...,
        steps: bool = ...,
    ) -> PlanResult: ...

plan: _Plan

class _Trace:
    def __call__(
        self,
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
        priority: str | Iterable[str] | None = ...,
        weights: Mapping[str, float] | None = ...,
        basis: str | None = ...,
        near: Allocated | None = ...,
        firm: bool = ...,
        time_limit: float | None = ...,
        exposed_to: str | Iterable[str],
        form: str | Iterable[str] | None = ...,
        product: str | Iterable[str] | None = ...,
        objective: str | None = ...,
        ranges: str = ...,
        within: float = ...,
    ) -> ExposureResult: ...
    @staticmethod
    def footprint(
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
        priority: str | Iterable[str] | None = ...,
        weights: Mapping[str, float] | None = ...,
        basis: str | None = ...,
        near: Allocated | None = ...,
        firm: bool = ...,
        time_limit: float | None = ...,
        form: str | Iterable[str] | None = ...,
        flows: str = ...,
        objective: str = ...,
        exposed_to: str | Iterable[str] | None = ...,
    ) -> FootprintResult: ...
    @staticmethod
    def dependence(
        trade: pd.DataFrame,
        *,
        on: str,
        importers: str | Iterable[str],
        hubs: str | Iterable[str] = ...,
        unlisted: pd.DataFrame | None = ...,
        records: Mapping[str, Any] | None = ...,
    ) -> DependenceResult: ...
    exposure_of = staticmethod(_trace_exposure_of)
    footprint_of = staticmethod(_trace_footprint_of)
    dependence_of = staticmethod(_trace_dependence_of)

trace: _Trace

class _Compare:
    def __call__(
        self,
        net: SupplyNetwork,
        *cases: ScenarioLike | Sequence[ScenarioLike],
        to: str | Iterable[str],
        element: str | Iterable[str] | None = ...,
        avoid: str | Iterable[str] | None = ...,
        year: int | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        objective: str = ...,
        arrivals: str | None = ...,
        model: str = ...,
        ranges: bool = ...,
        detail: str = ...,
        time_limit: float | None = ...,
    ) -> ScenariosResult: ...
    answers = staticmethod(_compare_answers)
    sweep = staticmethod(_compare_sweep)
    diff_graphs = staticmethod(_compare_diff_graphs)
    diff_tables = staticmethod(_compare_diff_tables)

compare: _Compare

class _Company:
    def __call__(
        self,
        net: SupplyNetwork | Iterable[SupplyNetwork],
        *,
        avoid: str | Iterable[str],
        year: int | None = ...,
        lens: str = ...,
        parts: Iterable[Part],
        anonymous: bool = ...,
        rows: Iterable[int] | None = ...,
        file: str = ...,
    ) -> CompanyResult: ...

company: _Company

class _Indices:
    def __call__(
        self,
        net: SupplyNetwork,
        *,
        to: str = ...,
        element: str | None = ...,
        year: int | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        basis: str = ...,
        parameters: Iterable[Parameter] = ...,
    ) -> IndexResult: ...
    of_table = staticmethod(_indices_of_table)

indices: _Indices

class _Uncertainty:
    def __call__(
        self,
        net: SupplyNetwork,
        *,
        to: str | Iterable[str],
        element: str | Iterable[str] | None = ...,
        avoid: str | Iterable[str] | None = ...,
        year: int | Iterable[int] | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: Strands | ScenarioLike | Iterable[ScenarioLike] | None = ...,
        against: ScenarioLike | None = ...,
        folder: str | Path | None = ...,
        workers: int = ...,
        executor: Executor | str | None = ...,
        progress: Callable[[int, int], None] | None = ...,
        of: str = ...,
        shock: str | Iterable[str] | None = ...,
        draws: int | None = ...,
        until: float | None = ...,
        seed: int = ...,
        method: str = ...,
        policy: bool = ...,
        least: Iterable[float] = ...,
        options: Mapping[str, Any] | None = ...,
        drivers: bool = ...,
        brief: bool = ...,
    ) -> Study: ...

uncertainty: _Uncertainty

class _Graph:
    list = staticmethod(_graph_list)
    find = staticmethod(_graph_find)
    check = staticmethod(_graph_check)
    @staticmethod
    def evidence(
        net: SupplyNetwork,
        *,
        to: str | Iterable[str] | None = ...,
        avoid: str | Iterable[str] | None = ...,
        year: int | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        lens: str = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        template: str | Path | None = ...,
        corrections: str | Path | None = ...,
    ) -> EvidenceResult: ...
    merge = staticmethod(_graph_merge)
    @staticmethod
    def calibrate(
        net: SupplyNetwork,
        *,
        year: int | Iterable[int] | None = ...,
        links: str | None = ...,
        plants: str | None = ...,
        tier: str | None = ...,
        scenario: ScenarioLike | Iterable[ScenarioLike] | None = ...,
        every: bool = ...,
        time_limit: float | None = ...,
    ) -> CalibrationResult: ...
    generate = staticmethod(_graph_generate)
    simple_metadata = staticmethod(_graph_simple_metadata)
    concordance = staticmethod(_graph_concordance)
    to_network = staticmethod(_graph_to_network)
    draft_network = staticmethod(_graph_draft_network)

graph: _Graph

__version__: str

__all__ = [
    "__version__",
    "report",
    "coverage",
    "bypass",
    "flow",
    "allocate",
    "chokepoints",
    "shock",
    "plan",
    "trace",
    "compare",
    "company",
    "indices",
    "uncertainty",
    "graph",
    "SupplyNetwork",
    "Scenario",
    "load",
    "save",
    "read_trade",
    "Part",
    "BalanceBypassResult",
    "BalanceInterdictionResult",
    "Certificate",
    "CheckReport",
    "Headline",
    "Provenance",
    "Question",
    "Result",
    "TradeTable",
    "VintageResult",
    "SupplynetError",
    "Report",
    "PotentialResult",
    "OutlookResult",
    "ProgressResult",
    "BypassResult",
    "FlowResult",
    "CutsResult",
    "RoutesResult",
    "AllocateResult",
    "Explanation",
    "DeadEndsResult",
    "ChokepointResult",
    "UnavoidableResult",
    "InterdictionResult",
    "FortifyResult",
    "DisruptionResult",
    "RisksResult",
    "RunResult",
    "SurviveResult",
    "StockpileResult",
    "ReplayResult",
    "PlanResult",
    "ExposureResult",
    "FootprintResult",
    "DependenceResult",
    "ScenariosResult",
    "CompareResult",
    "CompanyResult",
    "IndexResult",
    "Study",
    "EvidenceResult",
    "MergeResult",
    "CalibrationResult",
    "draw",
    "errors",
]
