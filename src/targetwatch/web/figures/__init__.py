"""Figures typed in, pasted, read out of a press sentence, put right, and those that wait for a decision."""
