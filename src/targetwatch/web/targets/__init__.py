"""What readers see: the overview, a target, an indicator, and what they are drawn from."""
