"""How Sphinx builds this folder: ``python -m sphinx -W -b html docs build/docs``."""

import re

from leadctl import __version__

project = "leadctl"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = f"leadctl {release}"
html_static_path = ["_static"]
html_css_files = ["reference.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
# The same links lead to headings here and where the files are read as they are.
myst_heading_anchors = 3
# Two hyphens are an option, not a dash.
smartquotes = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "inherited-members": True}

# Docstrings name the rule that they follow by the number it has in the specification.
_NUMBERS = r"[A-Z]{1,3}-[\w/]+(?:(?:, | to )[A-Z]{1,3}-[\w/]+)*"
_RULE = re.compile(rf"\s+\((?:{_NUMBERS}|case \w+|sections? [^()]*)\)")


def _without_rules(app, what, name, obj, options, lines):
    lines[:] = _RULE.sub("", "\n".join(lines)).split("\n")


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", _without_rules)
