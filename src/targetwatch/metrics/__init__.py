"""The gauges: every verdict as Prometheus samples, and what the process says of itself.

`CATALOGUE` names every metric. An `Exposition` makes the bytes of a snapshot when it is taken, so that a scrape hands
them over and never asks the database; a `Service` keeps the numbers of the process.
"""

from targetwatch.metrics.exposition import Exposition
from targetwatch.metrics.names import CATALOGUE, Metric
from targetwatch.metrics.service import Service

__all__ = ["CATALOGUE", "Exposition", "Metric", "Service"]
