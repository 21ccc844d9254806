"""The day of every test and docstring example: what is answered without a year moves with it."""

import os

# noon of 30 November 2026; set before anything is imported, and taken on by every process
os.environ["SOURCE_DATE_EPOCH"] = "1796040000"
