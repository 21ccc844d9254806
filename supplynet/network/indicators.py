"""Indicators that rows of the table parameters may tell: name, unit and meaning."""

from __future__ import annotations

#: indicators that the methods look for, with their units and meaning
INDICATORS: dict[str, tuple[str, str]] = {
    "wgi_political_stability": ("-2.5 to 2.5", "political stability and absence of violence"),
    "wgi_mean6": ("-2.5 to 2.5", "mean of the six Worldwide Governance Indicators"),
    "trade_factor": (
        "1",
        "t of the EU method: above 1 with export restrictions, 0.8 inside the EU",
    ),
    "import_reliance": ("1", "net imports over apparent consumption"),
    "eol_rir": ("1", "end-of-life recycling input rate"),
    "si_sr": ("1", "substitution index of supply risk, 1 where nothing can replace it"),
    "consumption": ("t", "what the place uses in a year"),
    "recycling": ("t", "what the place can recycle in a year"),
    "n_minus_1": (
        "1",
        "published cover of all others without the place, shown beside the graph's own",
    ),
    "main_supplier_share": ("1", "share of the largest outside supplier in the consumption"),
}
