"""Security headers: the content security policy and the others that every answer carries."""

from collections.abc import Callable, Iterable
from types import TracebackType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

OptExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
)  # as WSGI's servers are given it

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


def headers(*, is_https: bool) -> list[tuple[str, str]]:
    """The security headers, as WSGI takes them; with HTTPS also Strict-Transport-Security."""
    more = [("Strict-Transport-Security", TWO_YEARS)] if is_https else []
    return [*ALWAYS.items(), *more]


class SecurityHeaders:
    """WSGI middleware that adds the security headers to every answer (OWASP ASVS 5.0, 3.4).

    It is the outermost, so that no answer is left out: the API's, static files, errors.
    """

    def __init__(self, wsgi_app: WSGIApplication, *, is_https: bool) -> None:
        self._wsgi_app = wsgi_app
        self._headers = headers(is_https=is_https)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            return start_response(status, headers + self._headers, exc_info)

        return self._wsgi_app(environ, start)
