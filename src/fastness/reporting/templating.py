"""The template environment of report and brief: a missing value is an error."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(*, escape: bool) -> Environment:
    """Make an environment for the templates of this package; `escape` for HTML: everything is then escaped."""
    return Environment(
        loader=PackageLoader("fastness.reporting"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
