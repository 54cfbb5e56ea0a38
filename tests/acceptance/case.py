"""What a case is: a change of the planted project, an event, and the verdicts that it must get."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.acceptance.events import Event
from tests.acceptance.scenario import Branch

GITHUB, GITLAB = ("github",), ("gitlab",)
FAIL, COULD_NOT_RUN = "fail", "could-not-run"
Plant = Callable[[Branch], None]


@dataclass(frozen=True)
class Case:
    """A pull request.

    Attributes:
        name: in the table and on the command line.
        plant: makes the change, and commits it unless `title` is left to commit it.
        title: the message of the commit of what is left.
        red: the gates that must not pass, and how; nothing for a good one.
        event: what happens with the branch.
        stops: whether the run must end with 2 before any gate has run.
        skipped: the job of GitHub's workflow that the change keeps from running.
        emptied: variables that the host leaves out.
        hosts: under whose templates it is run; one is enough for what no template has a part in.
    """

    name: str
    plant: Plant
    title: str = "feat: a change"
    red: Mapping[str, str] = field(default_factory=dict)
    event: Event = Event()
    stops: bool = False
    skipped: str = ""
    emptied: tuple[str, ...] = ()
    hosts: tuple[str, ...] = (*GITHUB, *GITLAB)

    @property
    def is_good(self) -> bool:
        """Whether it must pass."""
        return not (self.red or self.stops or self.skipped)

    @property
    def code(self) -> int:
        """The exit code that `quality-harness gate` must end with."""
        if self.stops or COULD_NOT_RUN in self.red.values():
            return 2
        return 1 if self.red else 0


@dataclass
class Table:
    """Cases in the order in which they are written down."""

    cases: list[Case] = field(default_factory=list)

    def good(self, **values: object) -> Callable[[Plant], Plant]:
        """Add a change that must pass all gates."""
        return self.case(**values)

    def bad(self, *gates: str, how: str = FAIL, **values: object) -> Callable[[Plant], Plant]:
        """Add a change that these gates, and no others, must refuse."""
        return self.case(red={gate: how for gate in gates}, **values)

    def case(self, **values: object) -> Callable[[Plant], Plant]:
        """Add a case under its function's name."""

        def add(plant: Plant) -> Plant:
            name = plant.__name__.strip("_").replace("_", "-")
            self.cases.append(Case(name, plant, **values))  # type: ignore[arg-type]
            return plant

        return add
