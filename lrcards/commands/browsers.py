"""The app in a browser."""

import os

import click

from lrcards.commands.shared import collection_option, open_desk
from lrcards.printing import say


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: a free one.")
@click.option("--host", metavar="NAME", help="Where to listen.  [default: 127.0.0.1, this machine alone]")
@click.option("--share", is_flag=True, help="Let other machines in; without --host, on every address.")
@collection_option
def serve(port: int, host: str | None, share: bool) -> None:
    """Serve the app to browsers on this machine, until Ctrl+C; every page studies the same collection.

    Needs the extra web: pip install 'lrcards[web]'. There is no password: whoever reaches the port can
    study and change this collection.

    \b
    lrcards serve
    lrcards serve --port 8080
    """
    from lrcards import serving

    with open_desk() as desk:
        os.environ["LRCARDS_COLLECTION"] = str(desk.collection.path.absolute())
    host = host or ("0.0.0.0" if share else "127.0.0.1")
    with serving.listen(host, port, shared=share) as listening:
        address = serving.address_of(listening)
        if share:
            say(f"lrcards: Anyone who reaches {address} can study and change this collection.", err=True)
        serving.serve(listening, host, lambda: say(f"lrcards is at {address} (Ctrl+C ends it)."))
