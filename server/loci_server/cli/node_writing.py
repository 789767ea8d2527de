"""`loci node create` and `loci node update`, which take the same fields."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.item_options import AllowMissing, Edtf, Etag, File, Graph, Note, Properties, Words
from loci_server.cli.item_output import show_node
from loci_server.cli.parsing import new_id, optional_moment, properties, text_of
from loci_server.cli.session import Session

Type = Annotated[str | None, typer.Option(help="Its type, such as `person`.")]
Label = Annotated[str | None, typer.Option(help="What it is called.")]
Aliases = Annotated[list[str] | None, typer.Option("--alias", help="Another name for it. May be repeated.")]
Time = Annotated[str | None, typer.Option(metavar="TIME", help="When it was said or happened.")]
Salience = Annotated[float | None, typer.Option(min=0, max=1, help="How much it matters; default 0.5.")]


class Field(StrEnum):
    """What an update can empty."""

    LABEL = "label"
    ALIASES = "aliases"
    TEXT = "text"
    PROPERTIES = "properties"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    EVENT_TIME = "event_time"
    SALIENCE = "salience"


@client_command
def create(
    session: Session,
    graph: Graph,
    node: Annotated[str | None, typer.Argument(metavar="[NODE]", help="Its id; default: a new UUID.")] = None,
    type: Type = None,
    label: Label = None,
    aliases: Aliases = None,
    text: Words = None,
    file: File = None,
    given: Properties = None,
    valid_from: Edtf = None,
    valid_to: Edtf = None,
    event_time: Time = None,
    salience: Salience = None,
    note: Note = None,
) -> None:
    """Make a node."""
    fields = _given(
        type=type,
        label=label,
        aliases=aliases or None,
        text=text_of(text, file),
        properties=properties(given or ()) or None,
        valid_from=valid_from,
        valid_to=valid_to,
        event_time=optional_moment(event_time, "--event-time"),
        salience=salience,
    )
    show_node(session.output, session.client.create_node(graph, new_id(node), note=note, **fields))


@client_command
def update(
    session: Session,
    graph: Graph,
    node: Annotated[str, typer.Argument(metavar="NODE", help="Its id.")],
    type: Type = None,
    label: Label = None,
    aliases: Aliases = None,
    text: Words = None,
    file: File = None,
    given: Properties = None,
    valid_from: Edtf = None,
    valid_to: Edtf = None,
    event_time: Time = None,
    salience: Salience = None,
    clear: Annotated[list[Field] | None, typer.Option(help="Empty this field. May be repeated.")] = None,
    etag: Etag = "",
    allow_missing: AllowMissing = False,
    note: Note = None,
) -> None:
    """Change the fields that are given. Properties are merged: `-p key=null` removes one, the others stay.

    With `--allow-missing`, a node that is not there is made.
    """
    fields = _given(
        type=type,
        label=label,
        aliases=aliases or None,
        text=text_of(text, file),
        properties=properties(given or ()) or None,
        valid_from=valid_from,
        valid_to=valid_to,
        event_time=optional_moment(event_time, "--event-time"),
        salience=salience,
    )
    fields |= dict.fromkeys(field.value for field in clear or ())
    if not fields and not allow_missing:
        raise typer.BadParameter("say which field to change")
    changed = session.client.update_node(graph, node, etag=etag, allow_missing=allow_missing, note=note, **fields)
    show_node(session.output, changed)


def _given(**fields: Any) -> Any:
    return {name: value for name, value in fields.items() if value is not None}
