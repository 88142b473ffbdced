"""Help, open to strangers: who is unsure whether to join or sign in can read it."""

from backend.core.app import this_app
from backend.core.request import Blueprint, public
from backend.help.schemas import HelpOut, HelpShown

blp = Blueprint("help", __name__, url_prefix="/api/help", description="Who runs this, and help.")


@blp.get("")
@public
@blp.response(200, HelpOut)
def get_help() -> HelpShown:
    """Read who runs this installation, and to whom its people can turn."""
    settings = this_app().settings
    return {"run_by": settings.run_by, "support": settings.support}
