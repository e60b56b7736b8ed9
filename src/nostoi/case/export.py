"""The JSON Schema of the YAML files, from the same models that check them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import TypeAdapter

from nostoi.case.files import LIFE, PAGES, SCENARIO


def json_schema() -> dict[str, Any]:
    """One JSON Schema (draft 2020-12) whose ``$defs`` hold one schema per YAML file.

    An editor points at a part of it: ``# yaml-language-server: $schema=nostoi.schema.json#/$defs/
    case.yaml``. The document as a whole accepts any of these files.
    """
    pages = {**PAGES, "lives": LIFE, "scenarios": SCENARIO}
    inputs: list[tuple[str, Literal["validation"], TypeAdapter[Any]]] = [
        (key, "validation", page.adapter) for key, page in pages.items()
    ]
    files, shared = TypeAdapter.json_schemas(
        inputs, title="Nostoi case, format 1", ref_template="#/$defs/{model}"
    )
    definitions = dict(shared.get("$defs", {}))
    for (key, _), part in files.items():
        definitions[pages[str(key)].file] = part
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": shared.get("title", ""),
        "anyOf": [{"$ref": f"#/$defs/{page.file.replace('/', '~1')}"} for page in pages.values()],
        "$defs": definitions,
    }
