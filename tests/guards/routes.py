"""Every route × method of the application, and how to write one with real ids."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.core.app import App

# Reached without signing in, and why.
PUBLIC = {
    "GET /healthz": "a supervisor asks",
    "GET /readyz": "a supervisor asks",
    "GET /metrics": "from this machine only, or with the operator's token",
    "POST /api/csp-reports": "browsers report without cookies",
    "GET /api/docs": "holds nobody's data",
    "GET /api/docs/docs.css": "holds nobody's data",
    "GET /api/openapi.json": "holds nobody's data",
    "GET /": "the app's own files",
    "GET /<path:path>": "the app's own files",
    "POST /api/sign-in/codes": "the way in",
    "POST /api/sign-in/sessions": "the way in",
    "GET /api/help": "read before one signs in or joins",
    "GET /api/sign-in/demo": "the sample's way in, closed elsewhere",
    "POST /api/sign-in/demo": "the sample's way in, closed elsewhere",
    "GET /api/invitations/<string(maxlength=64):token>": "the token is the key",
    "POST /api/invitations/<string(maxlength=64):token>/codes": "the token is the key",
    "POST /api/invitations/<string(maxlength=64):token>/acceptance": "token and code are the keys",
    "GET /api/invitations/<string(maxlength=64):token>/contract": "read before one joins",
    "GET /api/mail-preferences/<string(maxlength=120):mail_token>": "a mail's link is the key",
    "POST /api/mail-preferences/<string(maxlength=120):mail_token>": "a mail's link is the key",
    "GET /api/former-addresses/<string(maxlength=64):former_token>": "a mail's link is the key",
    "POST /api/former-addresses/<string(maxlength=64):former_token>": "a mail's link is the key",
}


@dataclass(frozen=True)
class Call:
    """A route and a method of it."""

    method: str
    rule: str
    endpoint: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def parameters(self) -> list[str]:
        """The names of what stands in its address."""
        return PARAMETER.findall(self.rule)

    def path(self, ids: Mapping[str, Any]) -> str:
        """The address with `ids` filled in by the parameters' names."""
        return PARAMETER.sub(lambda found: str(ids[found[1]]), self.rule)


PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")


def all_calls(app: App) -> Iterator[Call]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Call(method, rule.rule, rule.endpoint)


def guarded_calls(app: App) -> list[Call]:
    return [call for call in all_calls(app) if str(call) not in PUBLIC]
