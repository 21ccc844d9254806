"""The command line: one thin module a command; see :mod:`supplynet.cli.main`."""
