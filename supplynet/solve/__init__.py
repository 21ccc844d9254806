"""Array solvers and the independent checks of their answers.

Arrays in, certified solutions out: may import numpy, scipy, highspy and errors; no network, no
file. This file imports nothing, so that ``solve.flow.maxflow`` does not load ``highspy``.
"""
