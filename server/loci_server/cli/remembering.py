"""`loci remember` and `loci forget`: memories written and deleted from the terminal."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.confirmation import confirm
from loci_server.cli.failures import Failed, advice
from loci_server.cli.item_options import Edtf, Graph, Note, Properties, Yes
from loci_server.cli.output import one_line, remark
from loci_server.cli.parsing import expiry, new_id, optional_moment, properties, words
from loci_server.cli.session import Session
from loci_server.cli.words import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loci.v1.memory_service_pb2 import RememberResponse

READ_AT_ONCE = 30
"""Memories; each may have 256 KiB of text and as much of metadata."""


@client_command
def remember(
    session: Session,
    graph: Graph,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered; `-` is standard input.")],
    node: Annotated[str | None, typer.Option("--id", metavar="NODE", help="Its id; default: a new UUID.")] = None,
    type: Annotated[str, typer.Option(help="fact, preference, goal, decision, note, episode, or one's own.")] = "fact",
    speaker: Annotated[str, typer.Option(help="Who said it.")] = "",
    said_in: Annotated[str, typer.Option("--session", help="The session it was said in.")] = "",
    event_time: Annotated[str | None, typer.Option(metavar="TIME", help="When it was said or happened.")] = None,
    valid_from: Edtf = None,
    valid_to: Edtf = None,
    given: Properties = None,
    slot: Annotated[str, typer.Option(metavar="NAME", help="What it fills, such as lives_in.")] = "",
    value: Annotated[str, typer.Option(help="With --slot: what fills it, such as Austin. Default: the text.")] = "",
    subject: Annotated[str, typer.Option(help="With --slot: whom it is about. Default: the speaker.")] = "",
    several: Annotated[bool, typer.Option("--several", help="With --slot: it can have several values.")] = False,
    negated: Annotated[bool, typer.Option("--not", help="With --slot: the value is not so.")] = False,
    source: Annotated[str, typer.Option(help="Who or what it comes from. Default: the speaker.")] = "",
    confidence: Annotated[float | None, typer.Option(min=0, max=1, help="Of the source; default 0.7.")] = None,
    importance: Annotated[float | None, typer.Option(min=0, max=1, help="Default 0.5.")] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="SPAN|TIME", help="When it goes: 30m, 12h, 7d, or a date.")
    ] = None,
    supersedes: Annotated[
        list[str] | None, typer.Option(metavar="NODE", help="A memory whose place it takes. May be repeated.")
    ] = None,
    note: Note = None,
) -> None:
    """Keep a memory, unless it is there already, and say what became of it."""
    import loci

    if not slot and (value or subject or several or negated):
        raise typer.BadParameter("give the slot's name, too", param_hint="--slot")
    fills = loci.slot(slot, value, subject=subject, multivalued=several, negated=negated) if slot else None
    answer = session.client.remember(
        graph,
        words(text),
        id=new_id(node),
        type=type,
        speaker=speaker,
        session=said_in,
        event_time=optional_moment(event_time, "--event-time"),
        valid_from=valid_from or "",
        valid_to=valid_to or "",
        metadata=properties(given or ()) or None,
        slot=fills,
        source=source,
        confidence=confidence,
        importance=importance,
        expires=expiry(expires) if expires is not None else None,
        supersedes=supersedes or (),
        note=note,
    )
    session.output.message(answer, lambda: _remembered(answer))


def _remembered(answer: "RememberResponse") -> "Iterator[tuple[str, object]]":
    from loci.names import id_of
    from loci.v1.memory_service_pb2 import RememberOutcome

    yield "memory", id_of(answer.node.name)
    yield "outcome", word(RememberOutcome, answer.outcome)
    yield "why", answer.reason
    yield "superseded", ", ".join(id_of(name) for name in answer.superseded)
    yield "belief", f"{answer.node.claim.belief:.2f}" + (" (contested)" if answer.node.claim.contested else "")


@client_command
def forget(
    session: Session,
    graph: Graph,
    nodes: Annotated[list[str] | None, typer.Argument(metavar="[NODE…]", help="The ids of memories.")] = None,
    types: Annotated[list[str] | None, typer.Option("--type", help="All of this type. May be repeated.")] = None,
    said_in: Annotated[str, typer.Option("--session", help="All that was said in this session.")] = "",
    given: Properties = None,
    before: Annotated[str | None, typer.Option(metavar="TIME", help="All that was said or happened before.")] = None,
    hard: Annotated[bool, typer.Option("--hard", help="Leave nothing of them, for good.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Yes = False,
    note: Note = None,
) -> None:
    """Delete memories by id, or all that pass the options together. A session goes with its turns.

    If there is nothing of one of the ids, nothing is deleted. `loci node restore` brings one back.
    """
    wanted: Any = {}
    if types:
        wanted["types"] = types
    if said_in:
        wanted["session"] = said_in
    if given:
        wanted["properties"] = properties(given)
    if before is not None:
        wanted["event_time"] = (None, optional_moment(before, "--before"))
    if nodes and wanted:
        raise typer.BadParameter("give ids of memories or options that select them, not both")
    if not nodes and not wanted:
        raise typer.BadParameter("give ids of memories, or options that select them")
    missing = _missing(session, graph, nodes, hard=hard) if nodes else []
    if missing:
        kept = "" if dry_run else " Nothing was forgotten."
        raise Failed(f"NODE_NOT_FOUND: there is no {', '.join(missing)}.{kept} {advice('NODE_NOT_FOUND')}")
    if hard and not dry_run:
        confirm("Delete these memories and all that the history holds of them, for good?", yes=yes)
    if dry_run:
        _show_what_would_go(session, graph, nodes or [], wanted or None, hard=hard)
    else:
        _forget(session, graph, nodes or [], wanted or None, hard=hard, note=note)


def _missing(session: Session, graph: str, nodes: list[str], *, hard: bool) -> list[str]:
    """The ids of which there is nothing."""
    from loci.names import id_of

    return [id_of(name) for name in session.client.forget(graph, nodes, hard=hard, dry_run=True).missing]


def _forget(session: Session, graph: str, nodes: list[str], wanted: Any, *, hard: bool, note: str | None) -> None:
    from loci.names import id_of

    gone: list[str] = []
    more = True
    while more:
        answer = session.client.forget(graph, nodes, filter=wanted, hard=hard, note=note)
        went = [id_of(name) for name in answer.names]
        gone += went
        nodes = [node for node in nodes if id_of(node) not in went]
        more = answer.more
        if went and not hard:
            remark(f"`loci node restore {graph} NODE {answer.revision - 1}` brings one back.")
    if session.output.as_json:
        session.output.json({"names": gone, "dry_run": False, "more": False})
    elif gone:
        session.output.table(("forgotten",), [(name,) for name in gone])
    else:
        remark("There is no such memory (a node with text).")


def _show_what_would_go(session: Session, graph: str, nodes: list[str], wanted: Any, *, hard: bool) -> None:
    from loci.names import id_of

    answer = session.client.forget(graph, nodes, filter=wanted, hard=hard, dry_run=True)
    names = list(answer.names)
    texts: dict[str, str] = {}
    for place in range(0, len(names), READ_AT_ONCE):
        found = session.client.get_nodes(graph, names[place : place + READ_AT_ONCE]).nodes
        texts |= {node.name: one_line(node.text or node.label) for node in found}
    gone = [(id_of(name), texts.get(name, "")) for name in names]
    if session.output.as_json:
        told = {"names": [name for name, _ in gone], "texts": [text for _, text in gone]}
        session.output.json({**told, "dry_run": True, "more": answer.more})
    elif gone:
        session.output.table(("would go", "text"), gone)
    else:
        remark("There is no such memory (a node with text).")
    if answer.more:
        remark(f"More than these {len(gone)} would go.")
