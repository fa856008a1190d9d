"""Writes the OpenAPI document of `app.py` to a directory."""

import json
import sys
from pathlib import Path

# Keeps bytecode out of the source directories.
sys.dont_write_bytecode = True

import app  # noqa: F401, since importing it sets Django up
from drf_spectacular.generators import SchemaGenerator


def main(directory: Path) -> None:
    document = SchemaGenerator().get_schema(request=None, public=True)
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    (directory / "appointments.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
