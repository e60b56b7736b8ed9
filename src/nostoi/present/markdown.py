"""The little Markdown that limits.md needs: headings, lists, paragraphs, emphasis."""

from __future__ import annotations

import html
import re


def first_items(text: str, n: int = 4) -> list[str]:
    """The first sentences or list items of a text, without marks, for a short box."""
    items = []
    for block in _blocks(text):
        for line in block if _is_list(block) else [" ".join(block)]:
            if not line.startswith("#"):
                items.append(re.sub(r"^[-*]\s+|[*_`]", "", line).strip())
    return items[:n]


def to_html(text: str) -> str:
    """HTML of a text; everything in it is escaped, links stay as words."""
    out = []
    for block in _blocks(text):
        if block[0].startswith("#"):
            out.append(f"<h3>{_inline(block[0].lstrip('# '))}</h3>")
            block = block[1:]
        if not block:
            continue
        if _is_list(block):
            items = "".join(f"<li>{_inline(line[2:])}</li>" for line in block)
            out.append(f"<ul>{items}</ul>")
        else:
            out.append(f"<p>{_inline(' '.join(block))}</p>")
    return "\n".join(out)


def _blocks(text: str) -> list[list[str]]:
    """Blocks of lines; the further lines of a list item join the item."""
    blocks: list[list[str]] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in part.splitlines():
            starts = re.match(r"[-*]\s|#", line) is not None
            if lines and not starts and re.match(r"[-*]\s", lines[-1]):
                lines[-1] += " " + line.strip()
            elif line.strip():
                lines.append(line.strip())
        if lines:
            blocks.append(lines)
    return blocks


def _is_list(block: list[str]) -> bool:
    return all(re.match(r"[-*]\s", line) for line in block)


def _inline(text: str) -> str:
    safe = html.escape(text)
    safe = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", safe)
    safe = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
