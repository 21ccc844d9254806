"""The published methods: formula, meaning and source of each, said once."""

from __future__ import annotations

from supplynet.analysis.indices.result import Method

HHI = Method(
    "hhi",
    "Concentration (HHI)",
    "HHI = 10,000 x sum over suppliers of (q_i / sum q)^2",
    "0 for very many small suppliers, 10,000 for one alone; above 2,500 is called highly "
    "concentrated, 1,500 to 2,500 moderately.",
    "Hirschman, The paternity of an index, American Economic Review 54 (1964); classes: US "
    "Department of Justice and Federal Trade Commission, Horizontal Merger Guidelines (2010)",
)
GEOPOLRISK = Method(
    "geopolrisk",
    "GeoPolRisk score",
    "score = HHI x import risk; HHI = sum (p_i / sum p)^2 of world production; import risk = "
    "sum (imports_i x risk_i) / (imports + domestic production); risk_i = (2.5 - political "
    "stability) / 5",
    "0 to 1: the chance-like weight that a political disturbance among the suppliers reaches the "
    "importer. For ranking, not a probability.",
    "Gemechu et al., Journal of Industrial Ecology 20 (2016), doi 10.1111/jiec.12279; "
    "Koyamparambath et al., geopolrisk-py, Journal of Open Source Software (2025), doi "
    "10.21105/joss.09600",
)
EU_SUPPLY_RISK = Method(
    "eu-supply-risk",
    "EU supply risk",
    "SR = [GS x IR/2 + S x (1 - IR/2)] x (1 - EoL_RIR) x SI_SR; GS, S = sum (share_c^2 x WGI_c x "
    "t_c) over world supply and over supply to the EU; IR = (imports - exports) / (domestic "
    "production + imports - exports)",
    "WGI runs from 0 to 10, 10 the worst. A raw material counts as critical from 1.0 on, together "
    "with an economic importance of 2.8.",
    "European Commission, Methodology for establishing the EU list of critical raw materials, "
    "guidelines (2017), doi 10.2873/769526; Blengini et al., JRC 106997 (2017), doi 10.2760/73303",
)
CRMA = Method(
    "crma",
    "EU 2030 benchmark",
    "own capacity / yearly consumption >= 10 % (extraction), 40 % (processing), 25 % (recycling); "
    "largest outside supplier / yearly consumption <= 65 % at each stage; of a graph own capacity "
    "is what it becomes at the end",
    "The share of a year's consumption that the area could extract, process and recycle itself.",
    "Regulation (EU) 2024/1252 (Critical Raw Materials Act), article 5",
)
N_MINUS_1 = Method(
    "n-1",
    "Supply without the largest supplier (N-1)",
    "cover = (supply - supply of the largest) / (demand - demand of the largest); of a later "
    "stage at most what the others bring up; of a graph all in tonnes that arrive at the end",
    "What would be left for all others if the largest supplier served only itself. At 100% "
    "the others could do without it.",
    "International Energy Agency, Global Critical Minerals Outlook 2025, N-1 analysis",
)
