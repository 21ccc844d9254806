"""Maps: flows as great circles over countries.

May import the scene, present, answers and network; no command, document or file.
"""
