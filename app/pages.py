"""The lab, its files, and the documentation of REST."""

from http import HTTPStatus
from typing import Any

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from app import files, locales, negotiation
from app.resources import PACKAGE, Resource, Tree, folder, package_file
from app.routing import NamedRoute
from app.settings import Settings

DOCS = PACKAGE / "docs"
SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css")


class Pages:
    """Everything that a browser fetches beside the API."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._static = Tree(folder("static"))
        self._plotly = Resource.read(package_file("plotly", "package_data/plotly.min.js"))
        self._docs = {path.name: Resource.read(path) for path in DOCS.iterdir()}
        self._docs |= {name: Resource.read(package_file("fastapi_offline", f"static/{name}")) for name in SWAGGER}
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder("templates")), autoescape=True, undefined=jinja2.StrictUndefined
        )

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [
            NamedRoute("/", self.lab),
            NamedRoute("/sweeps", self.sweeps),
            NamedRoute(self._plotly_url, self.plotly),
            NamedRoute("/static/{hash}/{path:path}", self.static),
            NamedRoute("/docs", self.docs),
            NamedRoute("/docs/{name}", self.docs),
        ]

    def warm(self) -> None:
        """Compress Plotly, so that nobody waits for it."""
        _ = self._plotly.compressed

    async def lab(self, request: Request) -> Response:
        """The lab, in the language that the reader asks for."""
        return files.page(request, *self._made(request, "lab.html"))

    async def sweeps(self, request: Request) -> Response:
        """The page of sweeps, likewise."""
        return files.page(request, *self._made(request, "sweeps.html"))

    def missing(self, request: Request) -> Response | None:
        """What a person sees at an address where nothing is; None for who asks for no page."""
        takes = negotiation.media_type(request.headers.get("accept"), ("application/problem+json", "text/html"))
        if takes != "text/html" or request.url.path.startswith("/api/"):
            return None
        html, headers = self._made(request, "missing.html")
        return Response(html, HTTPStatus.NOT_FOUND, headers, media_type="text/html")

    def _made(self, request: Request, template: str) -> tuple[str, dict[str, str]]:
        """A page in the reader's language, and the headers that say so."""
        language = _language(request)
        words, static = locales.words(language), self._static.refresh()
        html = self._templates.get_template(template).render(
            language=language,
            t=words.__getitem__,
            words=dict(words),
            catalog=locales.catalog(language),
            asset=lambda path: f"/static/{static.hash}/{path}",
            plotly_url=self._plotly_url,
            settings=_for_the_page(self._settings),
        )
        return html, {"content-language": language, "vary": "Accept-Language, Cookie"}

    async def static(self, request: Request) -> Response:
        """A file of the page; its address holds the hash of all of them, so that they always fit together."""
        static, wanted = self._static, request.path_params["hash"]
        # What a page asks for by the hash that it was given, a hundred files, need not be looked for on the disk.
        if wanted != static.hash:
            static.refresh()
        resource = static.get(request.path_params["path"])
        if resource is None or wanted != static.hash:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await files.respond(request, resource, immutable=True)

    async def plotly(self, request: Request) -> Response:
        """Plotly, as it came with its Python package."""
        return await files.respond(request, self._plotly, immutable=True)

    async def docs(self, request: Request) -> Response:
        """The documentation of REST, made by Swagger UI from /openapi.json, without any network."""
        resource = self._docs.get(request.path_params.get("name", "index.html"))
        if resource is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await files.respond(request, resource, immutable=False)

    @property
    def _plotly_url(self) -> str:
        return f"/static/plotly-{self._plotly.hash}.min.js"


def _language(request: Request) -> str:
    """By ?lang=, else by the cookie that the page sets, else by Accept-Language."""
    for asked in (request.query_params.get("lang"), request.cookies.get("lang")):
        if asked in locales.LANGUAGES:
            return asked
    return negotiation.language(request.headers.get("accept-language"), locales.LANGUAGES)


def _for_the_page(settings: Settings) -> dict[str, Any]:
    limits = ("frames_per_second", "max_steps", "max_points")
    return {name: getattr(settings, name) for name in limits}
