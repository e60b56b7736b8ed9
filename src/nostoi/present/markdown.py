"""The little Markdown that limits.md needs: headings, lists, paragraphs, emphasis."""

from __future__ import annotations

import html
import re

ITEM = re.compile(r"(?:[-*]|\d+\.)\s+")


def first_items(text: str, n: int = 5, sentences: int = 2) -> list[str]:
    """The first sentences of the first list items or paragraphs, without marks, for a box."""
    items: list[str] = []
    for block in _blocks(text):
        if block[0].startswith("#"):
            continue
        for line in block if _is_list(block) else [" ".join(block)]:
            plain = re.sub(r"[*_`]", "", ITEM.sub("", line, count=1)).strip()
            items.append(" ".join(re.split(r"(?<=[.!?])\s+", plain)[:sentences]))
    return items[:n]


def to_html(text: str) -> str:
    """HTML of a text; everything in it is escaped, links stay as words."""
    out = []
    for block in _blocks(text):
        if block[0].startswith("#"):
            out.append(f"<h3>{_inline(block[0].lstrip('# '))}</h3>")
        elif _is_list(block):
            tag = "ol" if block[0][0].isdigit() else "ul"
            items = "".join(f"<li>{_inline(ITEM.sub('', line, count=1))}</li>" for line in block)
            out.append(f"<{tag}>{items}</{tag}>")
        else:
            out.append(f"<p>{_inline(' '.join(block))}</p>")
    return "\n".join(out)


def _blocks(text: str) -> list[list[str]]:
    """Blocks of lines, headings apart; the further lines of a list item join the item."""
    blocks: list[list[str]] = []
    apart = re.sub(r"(?m)^(#.*)$", r"\n\1\n", text)
    for part in re.split(r"\n\s*\n", apart.strip()):
        lines: list[str] = []
        for line in part.splitlines():
            if lines and not ITEM.match(line) and ITEM.match(lines[-1]):
                lines[-1] += " " + line.strip()
            elif line.strip():
                lines.append(line.strip())
        if lines:
            blocks.append(lines)
    return blocks


def _is_list(block: list[str]) -> bool:
    return all(ITEM.match(line) for line in block)


def _inline(text: str) -> str:
    safe = html.escape(text)
    safe = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", safe)
    safe = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
