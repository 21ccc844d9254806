"""Questions of a resilience study, one module each; all start from :mod:`.flowgraph`."""
