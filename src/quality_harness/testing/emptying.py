"""Brings a test database back to the state of its template after a TransactionTestCase.

The template holds, in a schema of its own, a copy of every row that a fresh test database has, and
two functions. `restore` looks for tables that differ from the template: a row that was written
since carries a younger transaction id, and one that was deleted is missing in the count. It deletes
what is in those tables, and puts the copies back. Everything else is not touched.
"""

import functools
from typing import Any
from unittest import mock

from django.apps import apps
from django.db import DatabaseError, connections, transaction
from django.test import TransactionTestCase

from quality_harness.testing.server import is_copy
from quality_harness.testing.settings import TABLE

# Ordinary tables that belong to no extension. What the migrations did is not undone by rows.
_TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname) AS tab, c.oid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'quality_harness')
      AND c.relname <> 'django_migrations'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
"""
# A table of this size is emptied with those that refer to it, by TRUNCATE.
_LARGE = 1 << 20

SNAPSHOT = f"""
CREATE SCHEMA quality_harness;
CREATE TABLE quality_harness.seeded
    (tab text PRIMARY KEY, copy text, columns text, rows bigint, youngest xid);
CREATE TABLE quality_harness.sequences (seq text PRIMARY KEY, value bigint);

CREATE FUNCTION quality_harness.youngest(tab text) RETURNS xid LANGUAGE plpgsql AS $function$
DECLARE
    found xid;
BEGIN
    EXECUTE format('SELECT xmin FROM ONLY %s ORDER BY age(xmin) LIMIT 1', tab) INTO found;
    RETURN found;
END $function$;

CREATE FUNCTION quality_harness.snapshot() RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    item record;
    held bigint;
    named text;
    number int := 0;
BEGIN
    FOR item IN {_TABLES} LOOP
        EXECUTE format('SELECT count(*) FROM ONLY %s', item.tab) INTO held;
        CONTINUE WHEN held = 0;
        number := number + 1;
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO named
        FROM pg_attribute WHERE attrelid = item.oid AND attnum > 0
            AND NOT attisdropped AND attgenerated = '';
        EXECUTE format('CREATE TABLE quality_harness.%I AS SELECT %s FROM ONLY %s',
                       'rows_' || number, named, item.tab);
        INSERT INTO quality_harness.seeded VALUES (item.tab, format('quality_harness.%I',
            'rows_' || number), named, held, quality_harness.youngest(item.tab));
        INSERT INTO quality_harness.sequences
        SELECT format('%I.%I', n.nspname, s.relname), pg_sequence_last_value(s.oid)
        FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_namespace n ON n.oid = s.relnamespace
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
            AND d.refobjid = item.oid AND d.deptype IN ('a', 'i');
    END LOOP;
END $function$;

CREATE FUNCTION quality_harness.restore() RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    changed oid[] := '{{}}';
    item record;
    differs boolean;
    large boolean := false;
    switched text[] := '{{}}';
    waiting oid[];
    one oid;
    line text;
BEGIN
    PERFORM set_config('row_security', 'off', true);
    FOR item IN
        SELECT t.*, s.rows, s.youngest, pg_relation_size(t.oid) AS size
        FROM ({_TABLES}) t LEFT JOIN quality_harness.seeded s ON to_regclass(s.tab) = t.oid
        WHERE s.tab IS NOT NULL OR pg_relation_size(t.oid) > 0
    LOOP
        IF item.rows IS NULL THEN
            EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s)', item.tab) INTO differs;
        ELSE
            EXECUTE format('SELECT count(*) <> $1 OR coalesce(min(age(xmin)) < age($2), false)'
                           ' FROM ONLY %s', item.tab)
                INTO differs USING item.rows, item.youngest;
        END IF;
        IF differs THEN
            changed := changed || item.oid;
            large := large OR item.size > {_LARGE};
        END IF;
    END LOOP;
    IF changed = '{{}}' THEN RETURN; END IF;

    -- What the deletion cascades into has to be put back too; TRUNCATE wants all that refer.
    WITH RECURSIVE reached(oid) AS (
        SELECT unnest(changed)
        UNION
        SELECT f.conrelid FROM reached r JOIN pg_constraint f ON f.confrelid = r.oid
        WHERE f.contype = 'f' AND (large OR f.confdeltype IN ('c', 'n', 'd'))
    )
    SELECT array_agg(r.oid) INTO changed
    FROM reached r JOIN pg_class c ON c.oid = r.oid AND c.relkind = 'r';

    -- The project's own triggers would write, or refuse.
    FOR item IN
        SELECT tgrelid::regclass AS tab, tgname, tgenabled FROM pg_trigger
        WHERE tgrelid = ANY (changed) AND NOT tgisinternal AND tgenabled <> 'D'
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', item.tab, item.tgname);
        switched := switched || format('ALTER TABLE %s ENABLE %s TRIGGER %I', item.tab,
            CASE item.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
            item.tgname);
    END LOOP;

    SET CONSTRAINTS ALL DEFERRED;
    IF large THEN
        SELECT string_agg(format('ONLY %s', o::regclass), ', ') INTO line
        FROM unnest(changed) AS o;
        EXECUTE 'TRUNCATE ' || line;
    ELSIF NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable
                      AND confrelid = ANY (changed)) THEN
        FOREACH one IN ARRAY changed LOOP
            EXECUTE format('DELETE FROM ONLY %s', one::regclass);
        END LOOP;
    ELSE
        PERFORM quality_harness.in_order(changed, 'DELETE FROM ONLY %1$s');
    END IF;

    SELECT array_agg(to_regclass(tab)::oid) INTO waiting FROM quality_harness.seeded
    WHERE to_regclass(tab) = ANY (changed);
    IF waiting IS NOT NULL THEN
        PERFORM quality_harness.in_order(
            waiting, 'INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM %3$s');
        UPDATE quality_harness.seeded SET youngest = quality_harness.youngest(tab)
        WHERE to_regclass(tab) = ANY (waiting);
    END IF;

    IF switched <> '{{}}' THEN
        SET CONSTRAINTS ALL IMMEDIATE;
        FOREACH line IN ARRAY switched LOOP EXECUTE line; END LOOP;
    END IF;
END $function$;

-- Foreign keys that cannot be deferred want an order, which is found by trying.
CREATE FUNCTION quality_harness.in_order(waiting oid[], statement text) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    rest oid[];
    one oid;
    saved record;
BEGIN
    LOOP
        rest := '{{}}';
        FOREACH one IN ARRAY waiting LOOP
            SELECT columns, copy INTO saved
            FROM quality_harness.seeded WHERE to_regclass(tab) = one;
            BEGIN
                EXECUTE format(statement, one::regclass, saved.columns, saved.copy);
            EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN
                rest := rest || one;
            END;
        END LOOP;
        EXIT WHEN rest = '{{}}';
        IF rest = waiting THEN
            EXECUTE format(statement, rest[1]::regclass, saved.columns, saved.copy);
        END IF;
        waiting := rest;
    END LOOP;
END $function$;

-- Where a table holds rows from the start, its numbers go on behind them.
CREATE FUNCTION quality_harness.reset_sequences() RETURNS void LANGUAGE sql AS $function$
    SELECT setval(s.oid, coalesce(k.value, p.seqstart), k.value IS NOT NULL)
    FROM pg_class s
    JOIN pg_sequence p ON p.seqrelid = s.oid
    JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LEFT JOIN quality_harness.sequences k ON to_regclass(k.seq) = s.oid
    WHERE pg_sequence_last_value(s.oid) IS DISTINCT FROM k.value
$function$;

SELECT quality_harness.snapshot();
"""


def take_snapshot(connection: Any) -> None:
    """Copy every row of a fresh test database, for `restore`."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)


def restore_after_tests() -> None:
    """Let every TransactionTestCase restore its databases; a second call does nothing.

    A TestCase rolls back and never comes here. Databases that are no copies of a template get
    Django's flush.
    """
    flush, reset = TransactionTestCase._fixture_teardown, TransactionTestCase._reset_sequences
    if hasattr(flush, "restores"):
        return

    @functools.wraps(flush)
    def restore(case: Any) -> None:
        names = case._databases_names(include_mirrors=False)
        copies = [name for name in names if is_copy(connections[name].settings_dict["NAME"])]
        for name in copies:
            _call(name, "restore")
        if copies:
            _forget_rows()
        others = [name for name in names if name not in copies]
        if others:
            with mock.patch.object(case, "_databases_names", lambda **_: others):
                flush(case)

    def reset_sequences(name: str) -> None:
        if is_copy(connections[name].settings_dict["NAME"]):
            _call(name, "reset_sequences")
        else:
            reset(name)

    restore.restores = True  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = restore
    TransactionTestCase._reset_sequences = staticmethod(reset_sequences)


def _call(alias: str, function: str) -> None:
    connection = connections[alias]
    try:
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            cursor.execute(f"SELECT quality_harness.{function}()")
    except DatabaseError as error:
        raise DatabaseError(
            f"The database {connection.settings_dict['NAME']!r} cannot be brought back to its "
            f"template's state: {error}. Does a test leave its tables changed? With "
            f"{TABLE}.template = false Django's flush empties it"
        ) from error


def _forget_rows() -> None:
    """Empty the caches of rows, as the receivers of Django's flush do."""
    for app, model in (("contenttypes", "ContentType"), ("sites", "Site")):
        if apps.is_installed(f"django.contrib.{app}"):
            apps.get_model(app, model).objects.clear_cache()
