"""Questions from outside the process: the explorer in a browser, other programs, assistants.

What can be asked is declared in ``operations``; the server, its OpenAPI document and the tools
of the Model Context Protocol follow. May import all but the command line.
"""
