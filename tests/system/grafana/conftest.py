"""The project's root on the path, so that tests can import the stack and the generator they test."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))
