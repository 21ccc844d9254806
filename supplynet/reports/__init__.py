"""The report and its pages: answers into documents, and documents into files.

May import questions, analyses, draw, present and network; no command and no server.
"""
