"""The checker: a record in, a verdict out. It knows the contract and the model, and nothing of the server."""

from tests.robustness.floors import Floors
from tests.robustness.history import History
from tests.robustness.read_check import ReadCheck
from tests.robustness.truth import truth_of
from tests.robustness.verdicts import Verdict, Violation
from tests.robustness.watch_check import WatchCheck


def judge(history: History, floors: Floors) -> Verdict:
    """All that is wrong with a record."""
    truth = truth_of(history)
    violations: list[Violation] = [*truth.violations]
    messages = commits = 0
    for watcher in history.watchers:
        check = WatchCheck(truth, history, watcher)
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
        "streams": sum(len(watcher.streams) for watcher in history.watchers),
    }
    return Verdict(violations, [*floors.shortfalls(history)], counts)
