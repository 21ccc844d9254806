"""Potential: the maximum that a nation or bloc could obtain with exclusive access to the network.

The model is that of the balance with one nation buying: the others buy only where their scrap
helps it. So on every network, tier, year and lens maximum flow >= potential >= contested
supply. May import the balance, flow, arrays, network and solve.
"""
