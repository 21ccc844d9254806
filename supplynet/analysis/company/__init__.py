"""Dependence of a company's parts on plants, mines and countries, direct and look-through.

The answer has no names of the company's file unless they are asked for. May import calibrated
flows, exposure, network and solve.
"""
