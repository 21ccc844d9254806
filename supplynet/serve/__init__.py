"""Questions from outside the process: a page in a browser, other programs, assistants.

What can be asked is declared once in :mod:`supplynet.serve.operations`; the server, its OpenAPI
document and the tools of the Model Context Protocol are derived from it.
"""
