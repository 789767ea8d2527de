"""What is known of nodes besides what they say, as exports and imports have it."""

from loci.v1.bulk_service_pb2 import NodeStanding
from loci_server.domain.salience import Uses
from loci_server.store.times import write_timestamp


def standing_message(uses: Uses) -> NodeStanding | None:
    """None if there is nothing to tell."""
    if not uses.count and not uses.boost:
        return None
    told = NodeStanding(boost=uses.boost, use_count=uses.count)
    if uses.first is not None and uses.last is not None:
        write_timestamp(told.first_use_time, uses.first)
        write_timestamp(told.last_use_time, uses.last)
    return told
