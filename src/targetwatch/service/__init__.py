"""The running service: what it consists of, when it works, how it listens, and the past it can hand to Prometheus."""
