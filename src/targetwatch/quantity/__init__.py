"""What was printed, read exactly or refused: numbers, units, growth rates, periods.

Knows nothing of indicators, files or the network. Whatever is ambiguous is refused with `QuantityError`, quoting
the text, because a figure read wrongly is worse than one not read.
"""

from targetwatch.model.words import format_period
from targetwatch.quantity.figures import Quantity, decimal_mark, in_unit, parse_quantity, parse_rate, quantities_in
from targetwatch.quantity.period import parse_period, said_day, said_period
from targetwatch.quantity.spellings import (
    CURRENCIES,
    Unit,
    convert,
    in_words,
    is_count,
    own_spellings,
    parse_unit,
    plain_text,
    printed_units,
    says_yes,
    unit_spellings,
)

__all__ = [
    "CURRENCIES",
    "Quantity",
    "Unit",
    "convert",
    "decimal_mark",
    "format_period",
    "in_unit",
    "in_words",
    "is_count",
    "own_spellings",
    "parse_period",
    "parse_quantity",
    "parse_rate",
    "parse_unit",
    "plain_text",
    "printed_units",
    "quantities_in",
    "said_day",
    "said_period",
    "says_yes",
    "unit_spellings",
]
