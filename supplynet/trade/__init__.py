"""Trade records of customs: read, cleaned with every loss counted, and made into a network.

May import io, network, solve and terms; no analysis, document or command.
"""
