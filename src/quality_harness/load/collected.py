"""What a command knows of a run: the events that its pipe has brought, put together."""

from dataclasses import dataclass, field
from typing import Any

from quality_harness.load.recording import Recording


@dataclass
class Block:
    """A stretch of a run against one host.

    Attributes:
        host: where the requests went.
        began: by the clock.
        ended: by the clock; None while it goes on.
        recording: what all processes have counted.
        reports: the processes whose last report of it has come.
    """

    host: str
    began: float
    ended: float | None = None
    recording: Recording = field(default_factory=Recording)
    reports: set[str] = field(default_factory=set)


@dataclass
class Collected:
    """A run as it stands.

    Attributes:
        blocks: in their order; a plain run has one.
        processes: those that have connected or reported.
        code: Locust's exit code, once it has ended by itself.
    """

    blocks: list[Block] = field(default_factory=list)
    processes: set[str] = field(default_factory=set)
    code: int | None = None

    def take(self, event: dict[str, Any]) -> None:
        """Take one event of the pipe."""
        kind = event["event"]
        if kind == "start":
            self.blocks.append(Block(event["host"], event["time"]))
        elif kind == "stop":
            self.blocks[-1].ended = event["time"]
        elif kind == "worker":
            self.processes.add(event["process"])
        elif kind == "quit":
            self.code = event["code"]
        else:
            self._report(event)

    def _report(self, event: dict[str, Any]) -> None:
        self.processes.add(event["process"])
        for place, values in event["blocks"].items():
            # A worker may begin a block before the master says so, never two.
            if int(place) < len(self.blocks):
                self.blocks[int(place)].recording.merge(Recording.from_json(values))
        if event["ended"]:
            self.blocks[-1].reports.add(event["process"])

    def lost(self) -> set[str]:
        """Return the processes whose last report of an ended block never came."""
        return {
            process
            for block in self.blocks
            if block.ended is not None
            for process in self.processes - block.reports
        }

    def recording(self) -> Recording:
        """Return all blocks as one."""
        total = Recording()
        for block in self.blocks:
            total.merge(block.recording)
        return total
