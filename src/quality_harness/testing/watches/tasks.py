"""Celery tasks that a test sends in a way in which a worker would not get them."""

import functools
import importlib.util
from collections.abc import Callable, Iterable
from typing import Any
from unittest import mock

from quality_harness.finding import Rule
from quality_harness.gate import CouldNotRun
from quality_harness.testing.origin import calling_place
from quality_harness.testing.watching import Problem, Running
from quality_harness.testing.watching import Watch as BaseWatch

GATE = "isolation"

IN_TRANSACTION = Rule(
    code="ISO002",
    name="task-in-transaction",
    summary="A task is sent while a transaction of the code under test is open.",
    reason=(
        "A worker may start before the commit and find no row, and after a rollback it works for "
        "something that never happened. In a test, where tasks run at once or not at all, neither "
        "can be seen. The transaction that TestCase itself opens does not count."
    ),
    instead=(
        "Send the task once the transaction is committed: transaction.on_commit, or "
        "delay_on_commit of Celery's DjangoTask (5.4 and newer)."
    ),
    bad="with transaction.atomic():\n    blog.save()\n    mail_author.delay(blog.pk)",
    good="with transaction.atomic():\n    blog.save()\n    mail_author.delay_on_commit(blog.pk)",
)
SWALLOWED = Rule(
    code="ISO003",
    name="swallowed-task-error",
    summary="An eager task failed, and the test did not hear of it.",
    reason=(
        "With task_always_eager alone, a task that raises returns a failed result, which nobody "
        "looks at. The test is green although its task broke."
    ),
    instead="Set task_eager_propagates = True beside task_always_eager in the test settings.",
    bad="CELERY_TASK_ALWAYS_EAGER = True",
    good="CELERY_TASK_ALWAYS_EAGER = True\nCELERY_TASK_EAGER_PROPAGATES = True",
)
NOT_SERIALIZABLE = Rule(
    code="ISO004",
    name="task-not-serializable",
    summary="A task runs in a test with arguments or a result that no message can carry.",
    reason=(
        "apply() hands objects over as they are, and so does an eager result. With a broker the "
        "same call raises, or the worker gets something else: a number that is a key of a "
        "dictionary arrives as text."
    ),
    instead="Send what the serializer knows: ids, texts, numbers, lists.",
    bad="mail_author.apply(args=[blog])",
    good="mail_author.apply(args=[blog.pk])",
)
RULES = (IN_TRANSACTION, SWALLOWED, NOT_SERIALIZABLE)


class Watch(BaseWatch):
    """Looks at each call that sends or runs a task.

    Raises:
        CouldNotRun: Celery is not installed.
    """

    def __init__(self) -> None:
        if importlib.util.find_spec("celery") is None:
            raise CouldNotRun(
                "Tasks cannot be watched: Celery is not installed. Take 'tasks' out of "
                "[tool.quality_harness.testing] strict."
            )
        # What was found since the test began, each thing once.
        self.found: dict[Problem, None] = {}
        self._patches: list[Any] = []
        # A call that sends a task goes through several of the methods below.
        self._sending = 0

    def start(self) -> None:
        """Wrap what sends tasks and what runs them at once."""
        from celery import Celery, canvas
        from celery.app.task import Task

        senders = [(Task, "apply_async"), (Celery, "send_task")]
        senders += [(each, "apply_async") for each in (canvas._chain, canvas.group, canvas._chord)]
        for owner, name in senders:
            self._wrap(owner, name, self._sent)
        self._wrap(Task, "apply", self._applied)

    def stop(self) -> None:
        """Put Celery's own methods back."""
        while self._patches:
            self._patches.pop().stop()

    def begin(self, test: Running) -> None:
        """Nothing is found yet."""
        self.found = {}

    def judge(self, test: Running) -> Iterable[Problem]:
        """Tell what was found, each thing once."""
        return [
            Problem(each.rule, f"{test.name}: {each.message}", each.hint) for each in self.found
        ]

    def _wrap(self, owner: type, name: str, wrapper: Callable[[Any], Any]) -> None:
        patch = mock.patch.object(owner, name, wrapper(getattr(owner, name)))
        patch.start()
        self._patches.append(patch)

    def _note(self, rule: Rule, message: str, hint: str) -> None:
        self.found[Problem(rule, message, hint)] = None

    def _sent(self, original: Any) -> Any:
        @functools.wraps(original)
        def send(sender: Any, *arguments: Any, **options: Any) -> Any:
            name = getattr(sender, "name", None) or getattr(sender, "task", None)
            if original.__name__ == "send_task":
                name = arguments[0] if arguments else options.get("name")
            if not self._sending and _in_transaction():
                self._note(
                    IN_TRANSACTION,
                    f"{name} is sent inside a transaction ({calling_place()}).",
                    "Send it after the commit: transaction.on_commit(...), or delay_on_commit(...) "
                    "of Celery's DjangoTask.",
                )
            self._sending += 1
            try:
                result = original(sender, *arguments, **options)
            finally:
                self._sending -= 1
            self._hear(name, result)
            return result

        return send

    def _hear(self, name: object, result: Any) -> None:
        """Note the error of an eager task that has not reached its caller."""
        from celery.result import EagerResult

        if type(result) is EagerResult and result.state == "FAILURE":
            error = result.result
            problem = Problem(
                SWALLOWED,
                f"{name} failed and nobody heard of it: {type(error).__name__}: {error} "
                f"({calling_place()}).",
                "Set task_eager_propagates = True in the test settings, or look at the result.",
            )
            self.found[problem] = None
            # Whoever looks at the result has heard of it.
            result.__class__ = _heard_class(lambda: self.found.pop(problem, None))

    def _applied(self, original: Any) -> Any:
        @functools.wraps(original)
        def apply(
            task: Any, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any
        ) -> Any:
            # What is sent eagerly has been through the serializer already.
            sending, self._sending = self._sending, 0
            try:
                if not sending:
                    self._check_arguments(task, [list(args or ()), dict(kwargs or {})], options)
                result = original(task, args, kwargs, *rest, **options)
            finally:
                self._sending = sending
            self._check_result(task, result)
            return result

        return apply

    def _check_arguments(self, task: Any, body: Any, options: dict[str, Any]) -> None:
        named = options.get("serializer") or task.serializer
        problem = _lost(body, named or task.app.conf.task_serializer)
        if problem:
            self._note(
                NOT_SERIALIZABLE,
                f"{task.name} is run with arguments that {problem} ({calling_place()}).",
                "Send ids, texts, numbers or lists of them.",
            )

    def _check_result(self, task: Any, result: Any) -> None:
        """Look at a result that a backend would have to keep."""
        from celery.backends.base import DisabledBackend

        conf = task.app.conf
        kept = not task.ignore_result and not isinstance(task.backend, DisabledBackend)
        if kept and getattr(result, "state", "") == "SUCCESS":
            problem = _lost(result.result, conf.result_serializer)
            if problem:
                self._note(
                    NOT_SERIALIZABLE,
                    f"{task.name} returns what {problem} ({calling_place()}).",
                    "Return ids, texts, numbers or lists of them, or set ignore_result=True.",
                )


def _heard_class(heard: Callable[[], object]) -> Any:
    """Return a class for the result of a failed task, which tells when its outcome is asked for."""
    from celery.result import EagerResult

    class Failed(EagerResult):  # type: ignore[misc]
        """A result as before."""

        def __getattribute__(self, name: str) -> Any:
            if name in _OUTCOME:
                heard()
            return super().__getattribute__(name)

    return Failed


_OUTCOME = {"state", "status", "result", "get", "wait", "failed", "successful", "traceback"}


def _in_transaction() -> bool:
    """Whether a transaction is open that is not the one of a TestCase."""
    from django.db import connections

    return any(
        not block._from_testcase
        for connection in connections.all(initialized_only=True)
        for block in connection.atomic_blocks
    )


def _lost(value: Any, serializer: str) -> str:
    """Return what is wrong with a value for a serializer, or an empty string."""
    serialization: Any = importlib.import_module("kombu.serialization")
    try:
        kind, encoding, data = serialization.dumps(value, serializer)
        arrived = serialization.loads(data, kind, encoding, accept=[kind])
    except Exception as error:
        return f"{serializer} cannot carry: {type(error).__name__}: {error}"
    if serializer == "json" and _as_lists(value) != _as_lists(arrived):
        return f"arrive changed by {serializer}: {value!r} as {arrived!r}"
    return ""


def _as_lists(value: Any) -> Any:
    """Return a value with lists for tuples, which is no change that matters."""
    if isinstance(value, list | tuple):
        return [_as_lists(each) for each in value]
    if isinstance(value, dict):
        return {key: _as_lists(each) for key, each in value.items()}
    return value
