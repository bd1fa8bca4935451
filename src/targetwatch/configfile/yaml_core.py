"""The scalars of YAML 1.2's core: what a bare word or number in a file is taken for, read and written alike.

YAML 1.1, which PyYAML follows, takes NO for false, 12:30 for a number and `on` for true.
"""

from __future__ import annotations

import re

import yaml

PREFIX = "tag:yaml.org,2002:"
SCALARS = {
    "null": (r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    "int": (r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    "float": (
        r"^[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*|(?:0|[1-9][0-9]*)(?=[eE]))(?:[eE][-+]?[0-9]+)?$",
        "-+.0123456789",
    ),
    "merge": (r"^<<$", "<"),
}


def resolve_as_core(loader_or_dumper: type[yaml.resolver.BaseResolver]) -> None:
    """Make a loader or a dumper class know the scalars of YAML 1.2's core, and no other."""
    loader_or_dumper.yaml_implicit_resolvers = {}
    for name, (pattern, first) in SCALARS.items():
        starts = ["" if letter == "\0" else letter for letter in first]
        loader_or_dumper.add_implicit_resolver(PREFIX + name, re.compile(pattern), starts)
