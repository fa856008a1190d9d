"""Writes the OpenAPI document of every application in `apps`.

With `--check` it writes nothing, and names the documents that differ.
"""

import importlib
import json
import sys
from pathlib import Path

# No bytecode beside the sources.
sys.dont_write_bytecode = True

HERE = Path(__file__).resolve().parent
DOCUMENTS = HERE / "documents"


def documents() -> dict[str, str]:
    """By file name, the documents of all modules that have an `app`; the others are parts of these."""
    made = {}
    for source in sorted((HERE / "apps").glob("*.py")):
        app = getattr(importlib.import_module(f"apps.{source.stem}"), "app", None)
        if app is not None:
            made[f"{source.stem}.json"] = (
                json.dumps(app.openapi(), indent=2, sort_keys=False, ensure_ascii=False) + "\n"
            )
    return made


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: make.py [--check]", file=sys.stderr)
        return 2
    made = documents()
    there = {path.name: path.read_text(encoding="utf-8") for path in DOCUMENTS.glob("*.json")}
    # A document without its application differs as well.
    differing = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
    if arguments:
        for name in differing:
            print(f"documents/{name} is not what its application gives")
        return 1 if differing else 0
    DOCUMENTS.mkdir(exist_ok=True)
    for name in differing:
        path = DOCUMENTS / name
        if name in made:
            path.write_text(made[name], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
