"""Linear programs: solved by HiGHS, refined, certified, and asked why they have no solution."""
