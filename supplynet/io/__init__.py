"""Networks in and out of files: folder, zip, JSON, GraphML, workbook, Parquet; safe and atomic.

May import network, files, limits, terms and errors; no solver and no analysis.
"""
