"""The audit trail: looked through, exported, verified."""
