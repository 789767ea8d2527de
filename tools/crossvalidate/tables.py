"""What is printed, in the form in which docs/retrieval.md shows it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace

from tools.crossvalidate.asked import MEASURES, Asked, Scores
from tools.crossvalidate.recomputed import SHIPPED, Constants
from tools.crossvalidate.tuning import FACTORS, GOAL, CrossValidated, Difference, difference, mean, reached


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """In Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def agreement(asked: Asked) -> str:
    """Whether the formula is that of the server."""
    answers = [answer for given in asked.answers.values() for answer in given]
    agreeing = sum(answer.agrees for answer in answers)
    error = max(answer.error for answer in answers)
    return f"{asked.name}: {agreeing} of {len(answers)} orders are the server's; scores differ by {error:.1e} at most"


def measured(
    sets: Sequence[Asked], overall: Constants, held_out: CrossValidated, elsewhere: Mapping[str, Constants]
) -> str:
    """`elsewhere`: for each data set the constants that were tuned without it."""
    scored = {
        "shipped": {each.name: each.scores(SHIPPED) for each in sets},
        "tuned on all": {each.name: each.scores(overall) for each in sets},
        "held out": held_out.scores,
    }
    if elsewhere:
        scored["tuned on the other"] = {each.name: each.scores(elsewhere[each.name]) for each in sets}
    gained = mean(
        [difference(each, scored["held out"][each.name], scored["shipped"][each.name], GOAL) for each in sets]
    )
    rows = [["the goal", *(share(reached(scores.values())) for scores in scored.values()), shown(gained)]]
    for each in sets:
        for place, measure in enumerate(MEASURES):
            values = [share(scores[each.name][:, place].mean()) for scores in scored.values()]
            held = gain(each, scored["held out"][each.name], scored["shipped"][each.name], place)
            rows.append([f"{each.name} {measure}", *values, held])
    return table(["", *scored, "held out − shipped"], rows)


def choices(overall: Constants, held_out: CrossValidated, elsewhere: Mapping[str, Constants]) -> str:
    """Which value each constant took, and in how many folds."""
    rows = []
    for field in fields(Constants):
        taken = Counter(getattr(constants, field.name) for constants in held_out.constants)
        counted = ", ".join(f"{value:g} × {count}" for value, count in sorted(taken.items()))
        others = [f"{getattr(constants, field.name):g}" for constants in elsewhere.values()]
        row = [field.name, f"{getattr(SHIPPED, field.name):g}", f"{getattr(overall, field.name):g}", counted]
        rows.append([*row, *others])
    return table(["", "shipped", "tuned on all", "folds", *(f"without {name}" for name in elsewhere)], rows)


def alone(sets: Sequence[Asked], values: Mapping[str, Sequence[float]]) -> str:
    """What one constant at another value gains over those that are shipped, in sample: nothing is chosen by it."""
    changed = {
        f"{name} {value:g}": replace(SHIPPED, **{name: value})
        for name, choices in values.items()
        for value in choices
        if value != getattr(SHIPPED, name)
    }
    rows = [
        [label, *(gain(asked, asked.scores(constants), asked.scores(SHIPPED), place) for asked, place in columns(sets))]
        for label, constants in changed.items()
    ]
    return table(["for the shipped one", *heads(sets)], rows)


def ablation(sets: Sequence[Asked], held_out: CrossValidated, without: Mapping[str, CrossValidated]) -> str:
    """What each factor gains on conversations that were held out, all others tuned with it and without it."""
    rows = []
    for factor in FACTORS:
        found = without[factor].scores
        gains = (gain(each, held_out.scores[each.name], found[each.name], place) for each, place in columns(sets))
        rows.append([factor, *gains])
    return table(["gain of", *heads(sets)], rows)


def columns(sets: Sequence[Asked]) -> list[tuple[Asked, int]]:
    """Each measure that is tuned for, of each data set."""
    return [(asked, place) for asked in sets for place in GOAL]


def heads(sets: Sequence[Asked]) -> list[str]:
    return [f"{asked.name} {MEASURES[place]}" for asked, place in columns(sets)]


def gain(asked: Asked, first: Scores, second: Scores, measure: int) -> str:
    return shown(difference(asked, first, second, [measure]))


def shown(found: Difference) -> str:
    """Mean over conversations and its standard error."""
    return f"{found.mean:+.3f} ± {found.error:.3f}".replace("0.", ".").replace("-", "−")


def share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
