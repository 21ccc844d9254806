"""Array solvers and the independent checks of their answers.

The package knows arrays only. Import the module that answers the question:
``supplynet.solve.flow.maxflow`` does not load ``highspy``, for example, so
this file imports nothing.
"""
