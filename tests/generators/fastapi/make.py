"""Writes the OpenAPI document of every application in `apps` to a directory."""

import importlib
import json
import sys
from pathlib import Path

# Keeps bytecode out of the source directories.
sys.dont_write_bytecode = True


def main(directory: Path) -> None:
    for source in sorted((Path(__file__).resolve().parent / "apps").glob("*.py")):
        # A module without an `app` is part of another application.
        app = getattr(importlib.import_module(f"apps.{source.stem}"), "app", None)
        if app is not None:
            text = json.dumps(app.openapi(), indent=2, sort_keys=False, ensure_ascii=False) + "\n"
            (directory / f"{source.stem}.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
