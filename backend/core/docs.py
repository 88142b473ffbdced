"""A page that reads the OpenAPI document to people: plain HTML under the strict policy."""

from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, send_from_directory

from backend.core.request import public

JsonObject = dict[str, Any]  # an object of the OpenAPI document, as the library gives it
METHODS = ("get", "post", "put", "patch", "delete")
HERE = Path(__file__).parent
page = Blueprint("docs", __name__, template_folder="templates")


def add_docs(app: Flask) -> None:
    app.register_blueprint(page)
    # flask-smorest's view is a bound method, which cannot be marked itself
    view = partial(app.view_functions["api-docs.openapi_json"])
    app.view_functions["api-docs.openapi_json"] = public(view)


@page.get("/api/docs")
@public
def docs() -> str:
    """Every call, what it takes and what it answers."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return render_template("docs.html", spec=spec, calls=_by_tag(spec), shape=shape)


@page.get("/api/docs/docs.css")
@public
def style() -> Response:
    """The page's own style."""
    return send_from_directory(HERE / "static", "docs.css", max_age=3600)


def _by_tag(spec: JsonObject) -> dict[str, list[JsonObject]]:
    calls: dict[str, list[JsonObject]] = {tag["name"]: [] for tag in spec.get("tags", [])}
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                call = item[method]
                parameters = item.get("parameters", []) + call.get("parameters", [])
                calls[call["tags"][0]].append(
                    call | {"path": path, "method": method, "parameters": parameters}
                )
    return calls


def shape(schema: JsonObject) -> str:
    """A JSON schema in a few words: "list of Reflection", "text, up to 80 letters"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "allOf" in schema or "anyOf" in schema:
        return " or ".join(shape(part) for part in schema.get("anyOf") or schema["allOf"])
    if schema.get("type") == "array":
        return f"list of {shape(schema['items'])}"
    if "enum" in schema:
        return " · ".join("null" if value is None else str(value) for value in schema["enum"])
    kind = schema.get("type", "anything")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    limits = [f"{schema[key]} {name}" for key, name in LIMITS.items() if key in schema]
    return " · ".join([words, *([schema["format"]] if "format" in schema else []), *limits])


LIMITS = {
    "minLength": "letters at least",
    "maxLength": "letters at most",
    "minimum": "at least",
    "maximum": "at most",
    "minItems": "items at least",
    "maxItems": "items at most",
}
