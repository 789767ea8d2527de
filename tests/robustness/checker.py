"""The checker: a record in, a verdict out. It knows the contract and the model, and nothing of the server."""

from collections.abc import Sequence
from dataclasses import replace

from tests.robustness.feed_check import misreported, projected
from tests.robustness.floors import Floors
from tests.robustness.history import History, Watcher
from tests.robustness.read_check import ReadCheck
from tests.robustness.truth import truth_of
from tests.robustness.verdicts import Verdict, Violation
from tests.robustness.watch_check import WatchCheck

BESIDE = Floors(reads=0, filtered=0, progress=0, resumed=0, kinds=0, multiple=0)


def judge(history: History, floors: Floors) -> Verdict:
    """All that is wrong with a record, and with those of the graphs beside."""
    main = judge_graph(history, history.feeds, floors)
    beside = [judge_graph(one, history.feeds, BESIDE) for one in history.beside]
    counts = {**main.counts, "graphs beside": len(beside)}
    for verdict in beside:
        for counted in ("acknowledged writes", "revisions", "commits told"):
            counts[counted] += verdict.counts[counted]
    return Verdict(
        [violation for verdict in (main, *beside) for violation in verdict.violations],
        [shortfall for verdict in (main, *beside) for shortfall in verdict.shortfalls],
        counts,
    )


def judge_graph(history: History, feeds: Sequence[Watcher], floors: Floors) -> Verdict:
    """Of one graph; `feeds` are judged by what they tell of it."""
    told = [projected(feed, history.graph, compacted=bool(history.compactions)) for feed in feeds]
    seen = replace(history, watchers=[*history.watchers, *told])
    truth = truth_of(seen)
    violations: list[Violation] = [*truth.violations]
    for feed in feeds:
        violations += misreported(feed, history.graph)
    messages = commits = 0
    for watcher in seen.watchers:
        check = WatchCheck(truth, seen, watcher)
        violations += check.run()
        messages += check.message_count
        commits += check.commit_count
    violations += ReadCheck(truth, history).run()
    counts = {
        "acknowledged writes": history.acknowledged,
        "revisions": truth.known,
        "reads": len(history.reads) + len(history.listings) + len(history.heads),
        "watch messages": messages,
        "commits told": commits,
        "messages of progress": sum(not m.commits for watcher in history.watchers for m in watcher.messages()),
        "streams": sum(len(watcher.streams) for watcher in (*history.watchers, *feeds)),
    }
    return Verdict(violations, [*floors.shortfalls(history, told)], counts)
