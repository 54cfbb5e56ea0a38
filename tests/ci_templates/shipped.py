"""What is shipped below ci-templates/."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "ci-templates"
