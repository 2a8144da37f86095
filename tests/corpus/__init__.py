from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared"
