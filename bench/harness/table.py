"""Rows of figures and how they are shown."""
import statistics


class Row:
    """One line of the table: a reference and Spate, repetition by repetition, and what is asked of Spate.

    bound: a factor of the reference, or with `absolute` a figure of its own; `less` says that less is better.
    """

    def __init__(self, measure, bound, less=False, absolute=False, unit="", digits=0):
        self.measure, self.bound, self.less, self.absolute = measure, bound, less, absolute
        self.unit, self.digits = unit, digits
        self.samples = []
        self.reference = ""
        self.failure = None

    def add(self, reference, spate):
        self.samples.append((reference, spate))

    def ratio(self):
        """The median of the ratios within each repetition, so that what slows a repetition down does so for both. None if the
        reference was nothing once: then there is no such ratio."""
        if any(reference == 0 for reference, _ in self.samples):
            return None
        return statistics.median(spate / reference for reference, spate in self.samples)

    def met(self):
        if not self.samples or self.failure:
            return False
        reached = statistics.median(s for _, s in self.samples) if self.absolute else self.ratio()
        return reached <= self.bound if self.less else reached >= self.bound

    def cells(self):
        at_least = "%g %s" % (self.bound, self.unit) if self.absolute else "%.2f x" % self.bound
        if self.failure or not self.samples:
            return [self.measure, "", "", "", at_least, "failed: " + (self.failure or "not measured")]
        figure = "%%.%df" % self.digits
        reference, spate = (figure % statistics.median(column) for column in zip(*self.samples))
        ratio = self.ratio()
        return [
            self.measure, (self.reference + " " + reference).strip(), spate, "" if ratio is None else "%.2f" % ratio, at_least,
            "yes" if self.met() else "no"]


HEADER = ["measure", "libtorrent", "spate", "ratio", "at least", "met"]


def render(rows):
    """A Markdown table whose columns also line up in a terminal."""
    lines = [HEADER] + [row.cells() for row in rows]
    widths = [max(len(line[i].splitlines()[0] if line[i] else "") for line in lines) for i in range(len(HEADER))]

    def line(cells):
        return "| " + " | ".join((cell.splitlines() or [""])[0].ljust(width) for cell, width in zip(cells, widths)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(lines[0]), rule, *map(line, lines[1:])])
