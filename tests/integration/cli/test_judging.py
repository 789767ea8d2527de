"""What becomes of memories is told and moved in the terminal: salience, queries, feedback."""

from tests.command import Loci, until


def furnish(loci: Loci) -> None:
    loci("graphs", "create", "g")
    for id in ("a", "b"):
        loci("node", "create", "g", id, "--text", "The kettle is copper.", "--type", "fact")


def test_salience_is_shown_boosted_and_stored(loci: Loci) -> None:
    furnish(loci)
    shown = loci("salience", "show", "g", "a", "none")
    assert "0.500" in shown.out
    assert "365 d" in shown.out
    assert "graphs/g/nodes/none" in shown.err
    (boosted,) = loci("salience", "boost", "g", "a", "--json").lines
    assert (boosted["value"], boosted["boost"]) == (1.0, 0.5)
    assert "+0.100" in loci("salience", "boost", "g", "a", "--by", "0.2").out
    assert "0.500" in loci("salience", "unboost", "g", "a").out
    assert loci.any("salience", "boost", "g", "a", "--by", "2").code == 2
    assert "never" in loci("salience", "progress", "g").out
    loci("salience", "boost", "g", "b")
    done = loci("salience", "recalculate", "g").out
    assert "done" in done
    assert "changed 1" in " ".join(done.split())
    (again,) = loci("salience", "recalculate", "g", "--json").lines
    assert (again["state"], again["seen_count"]) == ("RECALCULATION_STATE_DONE", "2")
    assert "changed_count" not in again


def test_recalls_are_counted(loci: Loci) -> None:
    furnish(loci)
    loci("recall", "g", "kettle")
    until(lambda: loci("salience", "show", "g", "a", "--json").lines[0].get("use_count") == "1")


def test_queries_are_listed_and_switched_off(loci: Loci) -> None:
    furnish(loci)
    loci("search", "g", "copper kettle", "--profile", "strict")
    loci("recall", "g", "which kettle?")
    told = loci("queries", "g").out
    assert "copper kettle" in told
    assert "strict" in told
    assert [line["query"] for line in loci("queries", "g", "--json", "-n", "1").lines] == ["which kettle?"]
    assert loci("queries", "g", "--json", "--until", "2001-01-01").lines == []
    assert "not kept" in loci("graphs", "history", "g", "off").out
    assert "Nothing was asked" in loci("queries", "g").err
    assert "not kept" not in loci("graphs", "history", "g", "on").out


def test_feedback_is_given_listed_and_summed(loci: Loci) -> None:
    furnish(loci)
    (answer,) = loci("recall", "g", "kettle", "--profile", "fuzzy", "--json").lines
    loci("feedback", "give", "g", "helpful", "--node", "a", "--query", answer["query_id"], "-c", "It was that.")
    loci("feedback", "give", "g", "missed", "--node", "b")
    assert "query_id" in loci.fails("feedback", "give", "g", "missed")
    listed = loci("feedback", "list", "g").out
    assert "It was that." in listed
    assert answer["query_id"] in listed
    summary = loci("feedback", "summary", "g").out
    assert "fuzzy" in summary
    assert "most helpful" in summary
    (counted,) = loci("feedback", "summary", "g", "--json").lines
    assert counted["counts"] == {"helpful_count": "1", "missed_count": "1"}
    assert counted["most_helpful"][0]["node_name"] == "graphs/g/nodes/a"
    assert "query_id" in loci.fails("feedback", "give", "g", "helpful", "--query", "nonsense")
