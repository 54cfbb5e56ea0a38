"""Writes the history of one app of the generated project, operation by operation."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

APPS = (
    *("accounts", "catalog", "orders", "billing", "shipping", "stock"),
    *("suppliers", "support", "reviews", "content", "reports", "sites_admin"),
)
NOUNS = (
    *("Profile", "Group", "Entry", "Batch", "Label", "Rule", "Event", "Note", "Price"),
    *("Region", "Period", "Link", "Draft"),
)
MIGRATIONS = 22
FIRST_MODELS = 6

# NetBox's operations by kind, a twelfth of them; what stands in the first migration is left out.
DECK = {
    "create_model": 7,
    "add_field": 51,
    "alter_field": 31,
    "add_constraint": 11,
    "remove_field": 9,
    "add_index": 8,
    "alter_unique_together": 7,
    "run_sql": 7,
    "run_python": 5,
    "alter_options": 4,
    "rename_field": 3,
    "remove_constraint": 1,
    "delete_model": 1,
    "remove_index": 1,
}
COLUMNS = (
    'models.CharField(blank=True, default="", max_length={n}00)',
    "models.CharField(max_length={n}00, null=True)",
    'models.TextField(blank=True, default="")',
    "models.PositiveIntegerField(default={n})",
    "models.PositiveSmallIntegerField(blank=True, null=True)",
    "models.BooleanField(default=False)",
    "models.DateField(blank=True, null=True)",
    "models.JSONField(blank=True, default=dict)",
    "models.DecimalField(decimal_places=2, default=0, max_digits=1{n})",
)
BASIC = {
    "id": "models.BigAutoField(auto_created=True, primary_key=True, serialize=False, "
    'verbose_name="ID")',
    "created": "models.DateTimeField(auto_now_add=True, null=True)",
    "last_updated": "models.DateTimeField(auto_now=True, null=True)",
    "custom_field_data": "models.JSONField(blank=True, default=dict)",
    "name": "models.CharField(max_length=100)",
    "description": "models.CharField(blank=True, max_length=200)",
}
FUNCTION = """\
def fill_{number}(apps, schema_editor):
    {model} = apps.get_model("{app}", "{model}")
    for row in {model}.objects.using(schema_editor.connection.alias).filter({field}=None):
        row.{field} = row.name
        row.save(update_fields=["{field}"])


"""


@dataclass
class Model:
    """A model as the migrations have made it.

    Attributes:
        name: its name.
        fields: the source of each field.
        options: the source of each of Meta's options.
        constraints: the source of each constraint, by name.
        indexes: the source of each index, by name.
        fixed: fields that something else names, so that they stay.
    """

    name: str
    fields: dict[str, str] = field(default_factory=lambda: dict(BASIC))
    options: dict[str, str] = field(default_factory=dict)
    constraints: dict[str, str] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=lambda: set(BASIC))

    def free(self, kind: str = "") -> list[str]:
        """Return the fields that nothing else names, of a kind."""
        return [
            name for name, code in self.fields.items() if kind in code and name not in self.fixed
        ]


class App:
    """Writes the history of one app, operation by operation."""

    def __init__(self, label: str, others: tuple[str, ...], dice: random.Random) -> None:
        """Begin the history.

        Args:
            label: the app's.
            others: apps whose first migrations come before.
            dice: what chooses.
        """
        self.label = label
        self.dice = dice
        self.targets = others
        self.models: dict[str, Model] = {}
        self.names = [f"{label.title().replace('_', '')}{noun}" for noun in NOUNS]
        self.points_to: set[str] = set()
        self.functions = ""
        self.number = 0

    def files(self) -> dict[str, str]:
        """Return the app's files by path."""
        files = {f"{self.label}/migrations/0001_initial.py": self._migration(self._first(), "")}
        self.targets = APPS
        deck = [kind for kind, number in DECK.items() for _ in range(number)]
        self.dice.shuffle(deck)
        previous = "0001_initial"
        for place in range(2, MIGRATIONS + 1):
            # The more are left, the more a migration takes: sizes differ as in a real history.
            share = len(deck) // (MIGRATIONS + 1 - place)
            left = place == MIGRATIONS
            take = len(deck) if left else self.dice.randint(1, max(2 * share - 1, 1))
            operations = [
                self._next(deck) for _ in range(min(take, len(deck) - MIGRATIONS + place))
            ]
            name = f"{place:04}_{self.dice.choice(NOUNS).lower()}_changes"
            files[f"{self.label}/migrations/{name}.py"] = self._migration(operations, previous)
            previous = name
        files[f"{self.label}/models.py"] = self._models()
        return files

    def _first(self) -> list[str]:
        created = [self._create_model() for _ in range(FIRST_MODELS)]
        keys = [self._add_key() for _ in range(FIRST_MODELS)]
        return created + [operation for operation in keys if operation]

    def _next(self, deck: list[str]) -> str:
        """Take the first card that can be played now, and play it."""
        for place, kind in enumerate(deck):
            play: Callable[[], str] = getattr(self, f"_{kind}")
            operation = play()
            if operation:
                del deck[place]
                return operation
        raise ValueError(f"{self.label}: nothing can be done of {deck}.")

    def _migration(self, operations: list[str], previous: str) -> str:
        needs = [f'("{self.label}", "{previous}")'] if previous else []
        needs += [f'("{app}", "0001_initial")' for app in sorted(self.points_to - {self.label})]
        text = (
            "import django.db.models.deletion\n"
            "from django.conf import settings\n"
            "from django.db import migrations, models\n\n\n"
            f"{self.functions}class Migration(migrations.Migration):\n"
            f"    initial = {not previous}\n\n"
            "    dependencies = [\n"
            "        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\n"
            f"{''.join(f'        {need},{chr(10)}' for need in needs)}    ]\n\n"
            "    operations = [\n"
            f"{''.join(f'        migrations.{one},{chr(10)}' for one in operations)}    ]\n"
        )
        self.functions, self.points_to = "", set()
        return text

    def _models(self) -> str:
        text = "import django.db.models.deletion\nfrom django.conf import settings\n"
        text += "from django.db import models\n"
        for model in self.models.values():
            meta = dict(model.options)
            for name, group in (("constraints", model.constraints), ("indexes", model.indexes)):
                if group:
                    meta[name] = f"[{', '.join(group.values())}]"
            fields = (f"    {name} = {code}\n" for name, code in model.fields.items())
            options = (f"        {name} = {code}\n" for name, code in meta.items())
            text += f"\n\nclass {model.name}(models.Model):\n{''.join(fields)}"
            text += f"\n    class Meta:\n{''.join(options) or '        pass' + chr(10)}"
        return text

    def _any(self) -> Model:
        return self.dice.choice(list(self.models.values()))

    def _having(self, kind: str = "") -> tuple[Model, str] | None:
        """Choose a field that nothing else names, of a kind."""
        found = [(model, name) for model in self.models.values() for name in model.free(kind)]
        return self.dice.choice(found) if found else None

    def _basic(self) -> tuple[Model, str]:
        return self._any(), "description"

    def _new_name(self, stem: str) -> str:
        self.number += 1
        return f"{stem}_{self.number}"

    def _column(self) -> str:
        return self.dice.choice(COLUMNS).format(n=self.dice.randint(1, 4))

    def _key(self) -> tuple[str, str]:
        """Return the name and the source of a foreign key or a many-to-many."""
        name = self._new_name("link")
        chance = self.dice.random()
        if chance < 0.05:
            target = "settings.AUTH_USER_MODEL"
        else:
            app = self.dice.choice([*self.targets, self.label])
            self.points_to.add(app)
            noun = self.dice.choice(NOUNS[:FIRST_MODELS])
            target = f'"{app}.{app.replace("_", "")}{noun.lower()}"'
        if chance > 0.87:
            return name, f'models.ManyToManyField(blank=True, related_name="+", to={target})'
        deletion = self.dice.choice(("CASCADE", "PROTECT", "SET_NULL"))
        return name, (
            "models.ForeignKey(blank=True, null=True, "
            f'on_delete=django.db.models.deletion.{deletion}, related_name="+", to={target})'
        )

    def _create_model(self) -> str:
        model = Model(self.names.pop(0))
        for _ in range(3):
            model.fields[self._new_name("value")] = self._column()
        self.models[model.name] = model
        fields = ", ".join(f'("{name}", {code})' for name, code in model.fields.items())
        return f'CreateModel(name="{model.name}", fields=[{fields}])'

    def _add_key(self) -> str:
        name, code = self._key()
        return self._added(self._any(), name, code)

    def _add_field(self) -> str:
        if self.dice.random() < 0.5:
            return self._add_key()
        return self._added(self._any(), self._new_name("value"), self._column())

    def _added(self, model: Model, name: str, code: str) -> str:
        model.fields[name] = code
        return f'AddField(model_name="{model.name.lower()}", name="{name}", field={code})'

    def _alter_field(self) -> str:
        model, name = self._having("default") or self._having("ForeignKey") or (None, "")
        if model is None:
            return ""
        code = model.fields[name]
        changed = code.replace("max_length=", "max_length=1").replace("CASCADE", "PROTECT")
        if changed == code:
            changed = f'{code[:-1]}, help_text="{self._new_name(name)}")'
            changed = re.sub(', help_text="[^"]*"(?=, help_text)', "", changed)
        model.fields[name] = changed
        return f'AlterField(model_name="{model.name.lower()}", name="{name}", field={changed})'

    def _remove_field(self) -> str:
        found = self._having()
        if not found:
            return ""
        model, name = found
        del model.fields[name]
        return f'RemoveField(model_name="{model.name.lower()}", name="{name}")'

    def _rename_field(self) -> str:
        found = self._having("Char") or self._having()
        if not found:
            return ""
        model, old = found
        new = self._new_name("title")
        model.fields = {new if key == old else key: code for key, code in model.fields.items()}
        return f'RenameField(model_name="{model.name.lower()}", old_name="{old}", new_name="{new}")'

    def _add_constraint(self) -> str:
        model, column = (
            self._having("PositiveIntegerField") or self._having("CharField") or self._basic()
        )
        model.fixed.add(column)
        name = self._new_name(f"{self.label}_limit")
        code = f'models.UniqueConstraint(fields=("name", "{column}"), name="{name}")'
        if "Integer" in model.fields[column]:
            code = f'models.CheckConstraint(condition=models.Q({column}__gte=0), name="{name}")'
        model.constraints[name] = code
        return f'AddConstraint(model_name="{model.name.lower()}", constraint={code})'

    def _remove_constraint(self) -> str:
        found = [model for model in self.models.values() if model.constraints]
        if not found:
            return ""
        name = next(iter(found[0].constraints))
        del found[0].constraints[name]
        return f'RemoveConstraint(model_name="{found[0].name.lower()}", name="{name}")'

    def _add_index(self) -> str:
        model = self._any()
        name = self._new_name(f"{self.label[:6]}_idx")
        code = f'models.Index(fields=["name", "created"], name="{name}")'
        model.indexes[name] = code
        return f'AddIndex(model_name="{model.name.lower()}", index={code})'

    def _remove_index(self) -> str:
        found = [model for model in self.models.values() if model.indexes]
        if not found:
            return ""
        name = next(iter(found[0].indexes))
        del found[0].indexes[name]
        return f'RemoveIndex(model_name="{found[0].name.lower()}", name="{name}")'

    def _alter_unique_together(self) -> str:
        model, column = self._having("DateField") or self._having("CharField") or self._basic()
        model.fixed.add(column)
        # The linter stops where one is taken away: sqlmigrate looks for it in the database.
        before = model.options.get("unique_together", "()")
        model.options["unique_together"] = f'{before[:-1]}("name", "{column}"),)'
        value = model.options["unique_together"]
        return f'AlterUniqueTogether(name="{model.name.lower()}", unique_together={value})'

    def _alter_options(self) -> str:
        model = self._any()
        model.options["ordering"] = f'["name", "{self.dice.choice(("id", "created"))}"]'
        options = f'{{"ordering": {model.options["ordering"]}}}'
        return f'AlterModelOptions(name="{model.name.lower()}", options={options})'

    def _run_sql(self) -> str:
        table = f"{self.label}_{self._any().name.lower()}"
        new = self._new_name("idx")
        return f'RunSQL(\'ALTER INDEX IF EXISTS "{table}_old" RENAME TO "{table}_{new}"\')'

    def _run_python(self) -> str:
        model, column = self._having("CharField(max_length") or self._basic()
        model.fixed.add(column)
        number = self._new_name("rows")
        self.functions += FUNCTION.format(
            number=number, model=model.name, app=self.label, field=column
        )
        return f"RunPython(fill_{number}, migrations.RunPython.noop)"

    def _delete_model(self) -> str:
        # Foreign keys point to the models of the first migration alone.
        later = list(self.models.values())[FIRST_MODELS:]
        if not later:
            return ""
        del self.models[later[0].name]
        return f'DeleteModel(name="{later[0].name}")'
