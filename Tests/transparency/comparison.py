"""Which results are the same from run to run, and which ones a form has changed."""

import re


class Results:
    """All results of one run of a suite, by step and test."""

    def __init__(self):
        self.by_test = {}
        self.invocations = 0
        self.opaque = 0
        self.lost = []
        self.explained = []

    def add(self, step, found, session, losses):
        """`losses` are those that the suite knows: a number and a reason, by step."""
        for test, result in found.items():
            self.by_test[f"{step}: {test}" if test else step] = result
        self.invocations += session.get("invocations", 0)
        self.opaque += session.get("opaque", 0)
        lost = session.get("lost", 0)
        most, reason = losses.get(step, (0, ""))
        is_known = isinstance(lost, int) and lost <= most
        if lost and not is_known:
            self.lost.append(f"{step}: lost {lost}")
        elif lost:
            self.explained.append(f"{step}: lost {lost}: {reason}")


def stable(runs):
    """The results that all the runs, bare ones, agree about."""
    first, *others = [run.by_test for run in runs]
    return {test: result for test, result in first.items()
            if all(other.get(test) == result for other in others)}


def unstable(runs):
    everything = set().union(*[run.by_test for run in runs])
    return everything - stable(runs).keys()


def changed(expected, run, flaky):
    """The tests of `run` whose results are not the expected ones, with both."""
    found = run.by_test
    return {test: (expected.get(test), found.get(test)) for test in expected.keys() | found.keys()
            if test not in flaky and expected.get(test) != found.get(test)}


def known(difference, form, suite):
    """The reason that a suite gives for a difference, or None."""
    for each in suite.known:
        if form.name in each.forms and re.fullmatch(each.test, difference):
            return each.reason
    return None
