"""Reading YAML with the line of every key, and without the parts of YAML that surprise.

Refused: anchors and aliases (a few lines of them can grow to gigabytes), tags, merges, several
documents, deep nesting, and a key that stands twice. Dates stay text, and so do spellings such as
``1_000`` or ``1:30`` that YAML would silently turn into other numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from nostoi.case.complaints import Complaints
from nostoi.case.quantities import shown

Path = tuple[int | str, ...]

_MAX_DEPTH = 20
_PLAIN_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


@dataclass
class Document:
    """The data of a YAML file (keys without a value left out) and the line of every key."""

    name: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def locate(self, loc: Any) -> tuple[int | None, str]:
        """The line and the dotted name of a path; parts that the file lacks are stepped over."""
        path: Path = ()
        line: int | None = 1
        for part in loc:
            if (*path, part) in self.lines:
                path = (*path, part)
                line = self.lines[path]
        said = path if not loc or path[-1:] == (loc[-1],) else (*path, loc[-1])
        return line, ".".join(str(part) for part in said)


def read_yaml(name: str, text: str, out: Complaints) -> Document | None:
    """The document in `text`, or None with complaints."""
    try:
        if not _events_are_plain(name, text, out):
            return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        out.add(151, f"YAML cannot read this ({problem})", name, mark.line + 1 if mark else None)
        return None
    except (ValueError, OverflowError, RecursionError):
        out.add(151, "YAML cannot read this", name)
        return None
    document = Document(name)
    before = len(out.found)
    document.data = {} if node is None else _value(node, (), document, out)
    return document if len(out.found) == before else None


def _events_are_plain(name: str, text: str, out: Complaints) -> bool:
    """Whether the text holds one document without anchors, tags and deep nesting."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            out.add(150, "the file uses YAML anchors or aliases", name, line)
            return False
        if getattr(event, "tag", None) is not None:
            out.add(151, "the file uses a YAML tag", name, line)
            return False
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > _MAX_DEPTH or documents > 1:
            what = "is nested too deep" if depth > _MAX_DEPTH else "holds several documents"
            out.add(151, f"the file {what}", name, line)
            return False
    return True


def _value(node: yaml.Node, path: Path, document: Document, out: Complaints) -> Any:
    """Plain data from a node; notes the line of everything on the way."""
    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, k), document, out) for k, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document, out)
    return _scalar(node, document, out)


def _mapping(node: yaml.MappingNode, path: Path, document: Document, out: Complaints) -> Any:
    """A mapping with text keys; a key that stands twice or is no plain word is refused."""
    data: dict[str, Any] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
            out.add(151, "a key must be a plain word", document.name, line)
            continue
        key = key_node.value
        if (*path, key) in document.lines:
            out.add(149, f"the key {shown(key)} stands twice", document.name, line, key)
            continue
        value = _value(child, (*path, key), document, out)
        document.lines[(*path, key)] = line
        if value is not None:
            data[key] = value
    return data


def _scalar(node: yaml.Node, document: Document, out: Complaints) -> Any:
    """None, a bool, a number or text."""
    text = str(node.value)
    if node.tag == _NULL:
        return None
    if node.tag == _BOOL:
        return text.lower() in ("yes", "true", "on")
    if node.tag in _NUMBERS and _PLAIN_NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdigit() and len(text) < 16 else float(text)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        line = node.start_mark.line + 1
        out.add(146, "the file holds characters that are not text", document.name, line)
    return text
