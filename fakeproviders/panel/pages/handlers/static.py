"""What pages load beside themselves: the style sheet, the slider's script, the icon."""

from importlib.resources import files

from aiohttp import web

_TYPES = {
    "panel.css": "text/css",
    "slider.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


async def show(request: web.Request) -> web.StreamResponse:
    """One of them."""
    name = request.match_info["name"]
    if name not in _TYPES:
        raise web.HTTPNotFound
    text = files("fakeproviders.panel").joinpath("static", name).read_text("utf-8")
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=text, content_type=_TYPES[name], headers=headers)
