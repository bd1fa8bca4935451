"""The Grafana dashboards from one source in English and Chinese; `python -m grafana.generator` writes them."""

import warnings

with warnings.catch_warnings():
    # The classic schema is meant: Grafana 10 to 13 load it, and the newer one only 12 and up.
    warnings.filterwarnings("ignore", message="Prefer using dashboardv2", category=DeprecationWarning)
    from grafana_foundation_sdk.builders import dashboard, stat  # noqa: F401
