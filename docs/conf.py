"""How Sphinx builds the documentation: `python -m sphinx -W -b html docs docs/_build`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from nostoi import __version__

project = "Nostoi"
author = "Nostoi contributors"
copyright = "Nostoi contributors, BSD 3-Clause"
release = __version__
extensions = ["myst_parser", "mathml"]
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Nostoi"
html_theme_options = {"footer_icons": []}
# Pages link to files of the repository, which are no pages of the documentation.
suppress_warnings = ["myst.xref_missing"]
