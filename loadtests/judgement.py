"""What a load run proves, said by Locust's exit code.

Locust itself exits with 0 where no request was made, and with the same code for an answer that
failed and for a scenario that is broken.
"""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from locust.env import Environment

BROKEN = 2


def judge(environment: "Environment", **_: object) -> None:
    """Make Locust exit with 2 where its run says nothing about the app.

    Args:
        environment: Locust's, when it quits.
    """
    if environment.runner is not None and environment.runner.exceptions:
        problem = "A load scenario raised an exception: mend the scenario."
    elif not environment.stats.total.num_requests:
        problem = "No request was made, so nothing was measured."
    else:
        return
    logging.getLogger(__name__).error(problem)
    environment.process_exit_code = BROKEN
