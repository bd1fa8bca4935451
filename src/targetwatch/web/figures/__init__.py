"""Figures typed in, pasted, read out of a press sentence, and put right."""
