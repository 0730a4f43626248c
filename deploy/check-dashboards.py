"""Reads every dashboard with Grafana's own models (grafana-foundation-sdk) and writes it again: what they do not know is lost, and reported.

    python3 deploy/check-dashboards.py DIRECTORY
"""

import json
import sys
from pathlib import Path

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(before, after, path):
    if isinstance(before, dict):
        for name, value in before.items():
            place = f"{path}.{name}" if path else name
            if isinstance(after, dict) and name in after:
                yield from lost(value, after[name], place)
            elif value not in ({}, [], None, ""):
                yield f"{place} is not known"
    elif isinstance(before, list):
        for i, value in enumerate(before):
            yield from lost(value, after[i] if isinstance(after, list) and i < len(after) else None, f"{path}[{i}]")
    elif before != after:
        yield f"{path} is {before!r}, was read as {after!r}"


plugins.register_default_plugins()
files = sorted(Path(sys.argv[1]).glob("*.json"))
complaints = [] if files else [f"no dashboards in {sys.argv[1]}"]
for file in files:
    written = json.loads(file.read_text())
    again = json.loads(JSONEncoder(sort_keys=True).encode(Dashboard.from_json(written)))
    complaints += [f"{file.name}: {complaint}" for complaint in lost(written, again, "")]
print("\n".join(complaints) or f"{len(files)} dashboards")
sys.exit(1 if complaints else 0)
