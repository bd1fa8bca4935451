"""`python -m targetwatch`: the same as the `targetwatch` command."""

from targetwatch.cli import main

main()
