"""The figures of ``supplynet draw``, one module each."""
