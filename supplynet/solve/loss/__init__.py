"""What the loss of nodes, arcs or sets of them costs a largest flow, exactly."""
