"""What every answer tells the browser it may do."""

from typing import Protocol

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types svelte-trusted-html alongside-worker; "
    "report-uri /api/csp-reports"
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


class SettableHeaders(Protocol):
    """Headers of an answer, whichever library's."""

    def __setitem__(self, name: str, value: str, /) -> None: ...


def protect(headers: SettableHeaders, *, is_https: bool) -> None:
    """Set the headers that keep a page to itself (OWASP ASVS 5.0, chapter 3.4)."""
    for name, value in ALWAYS.items():
        headers[name] = value
    if is_https:
        headers["Strict-Transport-Security"] = TWO_YEARS
