"""The door through which everything goes that is written into a page of HTML.

Characters that do not show become visible (`finalize`), then what means something in HTML is escaped.
A page's own policy forbids every request, and every style and script but those that it names by digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harness.report.visible import visible

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["asset", "environment", "markup", "policy"]


def environment(names: Mapping[str, Any]) -> Environment:
    """The templates of this package; `names` are the functions and values that they use."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.globals.update(names)
    return made


def _shown(value: Any) -> Any:
    """Every value on its way into the page; what is markup already has come this way."""
    from markupsafe import Markup

    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def markup(text: str) -> Any:
    """Text that is HTML already: our own templates, and figures that `svg.cleaned` has passed."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - see above


def asset(environment: Environment, name: str) -> Any:
    """The source of a style or a script, to be written into the page as it is."""
    from jinja2 import BaseLoader

    loader = environment.loader or BaseLoader()
    return markup(loader.get_source(environment, name)[0])


def policy(css: str, js: str = "") -> str:
    """The content security policy of a page with this one style and, at most, this one script."""
    scripts = (f"script-src '{_digest(js)}'",) if js else ()
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(css)}'",
            *scripts,
            "img-src data:",  # the empty icon, so that no browser asks for one
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
