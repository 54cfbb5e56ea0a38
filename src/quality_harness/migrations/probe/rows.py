"""Rows of the old models, at the edges of what their fields and constraints allow."""

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field as with_default
from typing import Any

from django.db import Error, connection, transaction

from quality_harness.migrations.probe.attempts import taken
from quality_harness.migrations.probe.long_text import sent
from quality_harness.migrations.probe.saving import check_constraints, first_line, save_all
from quality_harness.migrations.probe.structure import in_order, unique_fields
from quality_harness.migrations.probe.values import (
    STYLES,
    Constants,
    NoValue,
    constant,
    count_of_constants,
    value,
)

_ATTEMPTS = 80
_ENOUGH = 4
_GONE = 1_000_000
_NO_LIMIT = 1_000
_REFUSED = (Error, ValueError, TypeError, OverflowError)


@dataclass(frozen=True)
class Recipe:
    """How a row is made.

    Attributes:
        style: one of STYLES, or "constant".
        index: which constant.
        overrides: the style of single fields, by name, where a constraint asks for others.
    """

    style: str
    index: int = 0
    overrides: tuple[tuple[str, str], ...] = ()


@dataclass
class Rows:
    """The rows that were made.

    Attributes:
        constants: what the migration compares with.
        is_plain: no value stands at an edge.
        searched: recipes of models that needed a search, by label; kept for the next migration.
        made: the objects of each model, in the order in which the models were filled.
        recipes: those that worked.
        failed: why no row of a model could be made.
    """

    constants: Constants
    is_plain: bool = False
    searched: dict[str, list[Recipe]] = with_default(default_factory=dict)
    made: dict[Any, list[Any]] = with_default(default_factory=dict)
    recipes: dict[Any, list[Recipe]] = with_default(default_factory=dict)
    failed: dict[Any, str] = with_default(default_factory=dict)
    _serials: dict[Any, int] = with_default(default_factory=dict)
    _problem: str = "no row was tried"
    _is_searching: bool = False

    def fill(self, models: Iterable[Any]) -> None:
        """Make rows of every model, those that others refer to first."""
        ordered = in_order(models)
        try:
            with transaction.atomic():
                self._fill(ordered)
        except _REFUSED:
            # A row is not allowed: with a savepoint for each model, to search among others.
            for found in (self.made, self.recipes, self.failed, self._serials):
                found.clear()
            self._is_searching = True
            with transaction.atomic():
                self._fill(ordered)

    def _fill(self, models: Iterable[Any]) -> None:
        for model in models:
            try:
                made = self._make_many(model) or self._search(model)
            except (NoValue, *(_REFUSED if self._is_searching else ())) as error:
                self.failed[model] = first_line(error)
                continue
            recipes, self.made[model] = [list(each) for each in zip(*made, strict=True)]
            self.recipes[model] = recipes
        with connection.cursor() as cursor:
            check_constraints(cursor)

    def ordinary(self, model: Any) -> set[Any]:
        """Return the keys of the rows that carry no constant of the migration."""
        made = zip(self.recipes[model], self.made[model], strict=True)
        return {each.pk for recipe, each in made if recipe.style != "constant"}

    def more(self, model: Any) -> list[Any]:
        """Return new unsaved objects of a model, one for each recipe that worked.

        A second call gives the same ones: what came of the first has been rolled back.
        """
        first = self._serials.get(model, 0)
        objects = [self._object(model, recipe) for recipe in self.recipes[model]]
        self._serials[model] = first
        return objects

    def _recipes(self, model: Any) -> list[Recipe]:
        unique = unique_fields(model)
        plain = [
            f for f in model._meta.concrete_fields if f.name not in unique and not f.remote_field
        ]
        if not plain or self.is_plain:
            return [Recipe("plain")] * min(3, self._room(model))
        # Each twice: only so does a new unique constraint meet rows that are alike.
        found = [Recipe(style) for style in STYLES for _ in range(2)]
        extra = range(count_of_constants(plain, self.constants))
        return (found + [Recipe("constant", index) for index in extra])[: self._room(model)]

    def _room(self, model: Any) -> int:
        """Return how many rows there may be: one to one, half is left to what is created later."""
        rooms = [
            max(len(self._targets(field)) // 2, 1)
            for field in model._meta.concrete_fields
            if field.remote_field and field.unique and not field.remote_field.parent_link
        ]
        return min(rooms, default=_NO_LIMIT)

    def _make_many(self, model: Any) -> list[tuple[Recipe, Any]]:
        """Make the rows at once; none where one of them is not allowed."""
        known = self.searched.get(model._meta.label)
        if model._meta.parents:
            return []
        recipes = known or self._recipes(model)
        objects = [self._object(model, recipe) for recipe in recipes]
        try:
            with transaction.atomic(savepoint=self._is_searching):
                save_all(model, objects)
        except Error:
            if not self._is_searching:
                raise
            self.searched.pop(model._meta.label, None)
            return []
        made = list(zip(recipes, objects, strict=True))
        if known:
            fixed = [each for each in self._recipes(model) if each.style == "constant"]
            made += self._make_single(model, fixed)
        return made

    def _search(self, model: Any) -> list[tuple[Recipe, Any]]:
        """Make the rows one by one, and try others where few of them are allowed."""
        made = self._make_single(model, self._recipes(model))
        if len(made) < _ENOUGH:
            made += self._make_single(model, itertools.islice(_mixed(model), _ATTEMPTS))
        if not made:
            raise NoValue(self._problem)
        self.searched[model._meta.label] = [each for each, _ in made if each.style != "constant"]
        return made

    def _make_single(self, model: Any, recipes: Iterable[Recipe]) -> list[tuple[Recipe, Any]]:
        """Make the rows that are allowed; of mixed ones, no more than are enough."""
        recipes = list(recipes)
        if model._meta.parents or len(recipes) < 2:
            return self._make_each(model, recipes)
        first = self._serials.get(model, 0)
        objects = (self._object(model, recipe) for recipe in recipes)
        most = _ENOUGH if recipes[0].overrides else len(recipes)
        found = taken(model, objects, most)
        if not found:
            # Once more, for what PostgreSQL says.
            self._serials[model] -= 1
            return self._make_each(model, recipes[-1:])
        if len(found) == most:
            self._serials[model] = first + max(found) + 1
        made = [(recipes[place], row) for place, row in found.items()]
        with transaction.atomic():
            save_all(model, [row for _, row in made])
        return made

    def _make_each(self, model: Any, recipes: Iterable[Recipe]) -> list[tuple[Recipe, Any]]:
        made: list[tuple[Recipe, Any]] = []
        for recipe in recipes:
            if len(made) >= _ENOUGH and recipe.overrides:
                break
            row = self._object(model, recipe)
            try:
                with transaction.atomic():
                    save_all(model, [row])
                made.append((recipe, row))
            except Error as error:
                self._problem = first_line(error)
        return made

    def _object(self, model: Any, recipe: Recipe) -> Any:
        serial = self._serials[model] = self._serials.get(model, 0) + 1
        unique = unique_fields(model)
        values: dict[str, Any] = {}
        turn = serial
        overrides = dict(recipe.overrides)
        for place, field in enumerate(model._meta.concrete_fields):
            vary = field.name in unique
            style = overrides.get(field.name, recipe.style)
            if _is_left_out(model, field, style, vary):
                continue
            if field.remote_field:
                values[field.attname] = self._target(field, style, turn if vary else _turn(recipe))
                # Each relation counts in the next digit, so that pairs differ as well; and
                # beside the one before, so that a row is seldom related to itself.
                count = len(self._targets(field)) or 1
                turn = turn // count + turn % count + 1 if vary else turn
            else:
                # By its place where it need not vary: so the recipe gives the same row again.
                number = serial if vary else place
                found = None
                if style == "constant":
                    found = None if vary else constant(field, self.constants, recipe.index)
                    style = "plain"
                if found is None:
                    found = value(field, style, number, vary)
                # A key that varies is looked for among those that are read.
                values[field.attname] = found if vary else sent(field, found)
        return model(**values)

    def _target(self, field: Any, style: str, turn: int) -> Any:
        targets = self._targets(field)
        if field.null and (style == "least" or not targets):
            return None
        if not targets:
            raise NoValue(f"{field.name} needs a row of {field.related_model._meta.label}")
        key = getattr(targets[turn % len(targets)], field.target_field.attname)
        if style == "most" and not field.db_constraint and isinstance(key, int):
            # Nothing keeps the old code from leaving a key whose row is gone.
            return key + _GONE
        return key

    def _targets(self, field: Any) -> list[Any]:
        return self.made.get(_model_of(self.made, field.related_model), [])


def _model_of(made: Iterable[Any], wanted: Any) -> Any:
    """Return the model of the same label: a state renders a model anew now and then."""
    return next((each for each in made if each._meta.label == wanted._meta.label), wanted)


def _is_left_out(model: Any, field: Any, style: str, vary: bool) -> bool:
    if field.generated or (field.remote_field and field.remote_field.parent_link):
        return True
    if field.primary_key and not field.remote_field:
        # The database or the field itself numbers the rows.
        is_numbered = str(field.get_internal_type()).endswith("AutoField")
        return is_numbered or bool(field.has_db_default())
    return bool(style == "unset" and not vary and (field.has_default() or field.has_db_default()))


def _turn(recipe: Recipe) -> int:
    """Return the place of a target that was made alike: an empty text beside an empty text."""
    styles = 2 * len(STYLES)
    return styles + recipe.index if recipe.style == "constant" else 2 * STYLES.index(recipe.style)


def _mixed(model: Any) -> Iterator[Recipe]:
    """Give recipes that mix styles, the same ones in each run."""
    chance = random.Random(model._meta.label)
    fields = [field.name for field in model._meta.concrete_fields]
    while True:
        yield Recipe("plain", overrides=tuple((name, chance.choice(STYLES)) for name in fields))
