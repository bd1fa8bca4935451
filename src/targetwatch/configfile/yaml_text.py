"""Plain values as YAML text that `tree` reads back unchanged, laid out for people: short mappings on one line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from targetwatch.configfile.scalars import plain_number
from targetwatch.configfile.yaml_core import PREFIX, resolve_as_core

WIDTH = 120
SHORT = 90
"""Characters of keys and values that still stand on one line."""


def yaml_text(data: dict[str, Any]) -> str:
    """Return mappings, lists, text, dates as text, exact numbers, true and false as YAML."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=False)


class _Dumper(yaml.SafeDumper):
    """Writes plain whatever the reader takes back as it was."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's
        """Indent lists under their key."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's
        """Write everything out."""
        return True


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = plain_number(value)
    return dumper.represent_scalar(PREFIX + ("float" if "." in text else "int"), text)


def _mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.MappingNode:
    alone = all(not isinstance(inner, dict | list) for inner in value.values())
    length = sum(len(key) + len(str(inner)) + 4 for key, inner in value.items())
    return dumper.represent_mapping(PREFIX + "map", value, flow_style=alone and length <= SHORT)


resolve_as_core(_Dumper)
_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(dict, _mapping)
