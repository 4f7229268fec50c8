"""Sphinx settings: `pip install ".[docs]" && sphinx-build docs docs/_build`."""

project = "fastness"
copyright = "the fastness authors"
extensions = ["myst_nb"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "pictures"]
html_title = "fastness"
nb_execution_mode = "cache"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
