"""The lowest versions that pyproject.toml allows, as constraints of pip: ``python -m tests.lowest``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path


def lowest() -> list[str]:
    """``name==version`` of every dependency that users have."""
    text = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    ranges = [*project["dependencies"], *extras["html"], *extras["postgres"]]
    return [re.sub(r"^([\w-]+)(\[\w+\])?>=([\d.]+),<\S+$", r"\1==\3", range) for range in ranges]


if __name__ == "__main__":
    print("\n".join(lowest()))
