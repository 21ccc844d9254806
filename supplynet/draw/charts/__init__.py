"""Charts: answers as lines, dots and bars.

May import the scene, present, answers and network; no command, document or file.
"""
