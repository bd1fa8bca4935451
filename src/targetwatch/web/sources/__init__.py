"""Where the figures come from: what each source reads and when, how it went, run now, tried without saving."""
