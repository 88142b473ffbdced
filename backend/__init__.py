"""Alongside: the API and its worker."""

from contextlib import suppress

from flask_smorest import Api
from huey import Huey
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import worker
from backend.core import logs
from backend.core.app import App, set_up_edge
from backend.core.cipher import Keyring
from backend.core.db import Database, open_engine
from backend.core.docs import add_docs
from backend.core.faults import explanation_of
from backend.core.headers import SecurityHeaders
from backend.core.health import add_health
from backend.core.jobs import Jobs, open_jobs
from backend.core.key_mark import was_begun_with_our_key
from backend.core.limits import add_limits
from backend.core.static_files import add_static_files
from backend.core.transports import ConsoleMail, Mail, SmtpMail
from backend.core.vapid import Signer
from backend.deliveries.routes import add_metrics
from backend.deliveries.unreachable import give_up
from backend.devices.queries import of_unknown_keys
from backend.features import FEATURES
from backend.people.queries import can_be_decrypted
from backend.settings import SettingError, Settings, from_environment
from backend.sign_in.guard import guard
from backend.urls import location_of

OPENAPI = {
    "API_TITLE": "Alongside",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


def create_app(settings: Settings | None = None, *, mail: Mail | None = None) -> App:
    """The Flask application with all its features. `mail`: another mail transport, for tests."""
    settings = settings or from_environment(begins=False)
    logs.set_up()
    app = App(__name__, static_folder=None)
    app.config.update(OPENAPI)
    app.guard = guard
    install(app, settings, mail)
    add_limits(app)
    api = Api(app)
    for blueprint in FEATURES:
        api.register_blueprint(blueprint)
    set_up_edge(app)
    add_health(app)
    add_metrics(app)
    add_docs(app)
    add_static_files(app, settings.app_folder)
    app.wsgi_app = SecurityHeaders(app.wsgi_app, is_https=settings.is_https)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def install(app: App, settings: Settings, mail: Mail | None = None) -> None:
    """Give the application what is an installation's own: settings, database, keys, job queue.

    Tests use it to move one application from installation to installation.
    """
    app.settings = settings
    app.database = Database(open_engine(settings.database_url, Keyring(settings.secret_keys)))
    app.signer = Signer(settings.vapid_keys, settings.vapid_subject)
    _refuse_other_keys(app)
    app.jobs = Jobs(_queue(settings.jobs_url))
    worker.add_jobs(app, mail or _mail(settings))


def _refuse_other_keys(app: App) -> None:
    with app.database.reading() as session:
        is_ours = can_be_decrypted(session)
    with app.database.reading() as session:
        is_ours = is_ours and was_begun_with_our_key(session)
    with app.database.reading() as session:
        lost = of_unknown_keys(session, app.signer.live)
    if lost and app.settings.vapid_keys_lost:
        # tables that are still to be brought up to date: at the start after that
        with suppress(DBAPIError):
            give_up(app.database, lost)
        lost = set()
    app.database.engine.dispose()  # whoever forks after this begins with connections of its own
    if not is_ours:
        raise SettingError(
            "ALONGSIDE_SECRET_KEYS does not hold the key that this database was begun with: give "
            "the same keys to every machine (a first start keeps one in its folder: secret-keys)."
        )
    if lost:
        raise SettingError(
            f"ALONGSIDE_VAPID_KEYS holds no key that one of the {len(lost)} devices here was "
            "subscribed with, so none would hear anything: give the same keys to every machine, "
            f"or put {app.settings.vapid_file} back from a copy (docs/running.md says what to do "
            "where they are lost)."
        )


def _queue(url: str) -> Huey:
    try:
        return open_jobs(url)
    except Exception as error:
        if (why := explanation_of(error)) is None:
            raise
        raise SettingError(f"ALONGSIDE_JOBS_URL: the job queue {location_of(url)} {why}.") from None


def _mail(settings: Settings) -> Mail:
    if settings.smtp_url and settings.mail_from:
        return SmtpMail(settings.smtp_url, settings.mail_from)
    return ConsoleMail()
