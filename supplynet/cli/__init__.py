"""The command line: options, output and exit codes.

May import everything; nothing may import it.
"""
