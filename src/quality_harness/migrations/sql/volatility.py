"""Which functions PostgreSQL calls anew for each row, where a column is added with a default.

A function of the database's own user is VOLATILE unless its definition says otherwise; those that
come with PostgreSQL are known by their names.
"""

from collections.abc import Iterator

from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.sql.names import plain
from quality_harness.migrations.sql.tokens import Word, statements

VOLATILE = {"random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7", "uuid_generate_v4",
            "uuid_generate_v1", "uuid_generate_v1mc", "clock_timestamp", "timeofday", "nextval",
            "currval", "lastval", "setval", "uuid", "gen_random_bytes", "gen_salt"}  # fmt: skip
# Expressions of Django, by their classes.
_OF_DJANGO = {"Random": "random", "RandomUUID": "gen_random_uuid", "UUID4": "uuidv4",
              "UUID7": "uuidv7"}  # fmt: skip
# Types and signs that a parenthesis may follow.
_NO_FUNCTIONS = {
    "varchar", "char", "character", "varying", "bpchar", "numeric", "decimal", "dec", "float",
    "timestamp", "timestamptz", "time", "timetz", "interval", "bit", "varbit", "geometry",
    "geography", "vector", "and", "or", "not", "in", "any", "all", "some", "is", "like", "ilike",
    "between", "case", "when", "then", "else", "end", "array", "row", "values", "zone", "as",
    "from", "for", "using", "exists", "select", "distinct", "default",
}  # fmt: skip
# Those of PostgreSQL and its extensions that give all rows of one statement the same.
_SETTLED = {
    "now", "transaction_timestamp", "statement_timestamp", "current_date", "current_time",
    "current_timestamp", "localtime", "localtimestamp", "timezone", "date_trunc", "date_part",
    "date_bin", "extract", "age", "date", "to_char", "to_date", "to_timestamp", "to_number",
    "make_date", "make_time", "make_timestamp", "make_timestamptz", "make_interval",
    "justify_days", "justify_hours", "justify_interval", "lower", "upper", "initcap", "concat",
    "concat_ws", "format", "substring", "substr", "left", "right", "trim", "btrim", "ltrim",
    "rtrim", "lpad", "rpad", "repeat", "replace", "reverse", "translate", "split_part", "strpos",
    "position", "overlay", "length", "char_length", "character_length", "octet_length",
    "bit_length", "ascii", "chr", "md5", "sha224", "sha256", "sha384", "sha512", "digest", "hmac",
    "encode", "decode", "convert_to", "convert_from", "quote_literal", "quote_ident",
    "quote_nullable", "regexp_replace", "regexp_match", "regexp_split_to_array", "normalize",
    "unaccent", "to_hex", "hashtext", "abs", "ceil", "ceiling", "floor", "round", "trunc", "mod",
    "power", "sqrt", "exp", "ln", "log", "sign", "div", "pi", "degrees", "radians", "coalesce",
    "nullif", "greatest", "least", "cast", "num_nulls", "num_nonnulls", "to_json", "to_jsonb",
    "json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array",
    "json_object", "jsonb_object", "json_array", "json_scalar", "json_value", "json_query",
    "jsonb_set", "jsonb_strip_nulls", "jsonb_typeof", "row_to_json", "array_to_json", "hstore",
    "array_append", "array_prepend", "array_cat", "array_fill", "array_length", "cardinality",
    "string_to_array", "array_to_string", "array_remove", "int4range", "int8range", "numrange",
    "daterange", "tsrange", "tstzrange", "int4multirange", "tstzmultirange", "lower_inf",
    "upper_inf", "to_tsvector", "to_tsquery", "plainto_tsquery", "setweight", "point", "box",
    "circle", "polygon", "st_makepoint", "st_setsrid", "st_point", "st_geomfromtext",
    "st_makeenvelope", "inet", "cidr", "host", "network", "uuid_nil", "uuid_ns_dns",
    "uuid_ns_url", "uuid_generate_v3", "uuid_generate_v5", "current_setting", "current_user",
    "current_schema", "current_database", "session_user", "txid_current", "pg_current_xact_id",
    "pg_backend_pid", "inet_client_addr", "enum_first", "enum_last", "text", "int4", "int8",
    "text2ltree", "xmlelement", "bool", "set_bit", "get_bit", "set_byte", "jsonb_agg",
}  # fmt: skip
# What ends a column's default.
_AFTER_DEFAULT = {"NOT", "NULL", "UNIQUE", "PRIMARY", "CHECK", "REFERENCES", "CONSTRAINT",
                  "COLLATE", "GENERATED", "COMMENT", ";"}  # fmt: skip


def called_anew(words: list[Word]) -> str:
    """Return the first function of an expression that differs from row to row; else nothing.

    Args:
        words: of the expression.
    """
    for word, following in zip(words, words[1:], strict=False):
        name = plain(word.text)
        is_call = following.text == "(" and word.literal is None and name.isidentifier()
        if is_call and name not in _NO_FUNCTIONS and name not in _SETTLED:
            return name
    return ""


def default_of(definition: list[Word]) -> list[Word]:
    """Return the expression behind DEFAULT in the definition of a column."""
    uppers = [word.upper for word in definition]
    if "DEFAULT" not in uppers:
        return []
    found: list[Word] = []
    depth = 0
    for word in definition[uppers.index("DEFAULT") + 1 :]:
        depth += (word.text == "(") - (word.text == ")")
        if found and depth == 0 and word.upper in _AFTER_DEFAULT:
            break
        found.append(word)
    return found


def computed_anew(default: object) -> str:
    """Return the function of a db_default that differs from row to row; else nothing."""
    return next(_computed_anew(default), "")


def _computed_anew(default: object) -> Iterator[str]:
    if not isinstance(default, Definition):
        return
    if default.name in _OF_DJANGO:
        yield _OF_DJANGO[default.name]
    function, template = default.get("function"), default.get("template")
    if isinstance(function, str) and _is_anew(function):
        yield function.lower()
    sql = default.get("sql", 0) if default.name == "RawSQL" else template
    for words in statements(sql) if isinstance(sql, str) else ():
        found = called_anew(words)
        if found:
            yield found
    for part in (*default.positional, *default.named.values()):
        yield from _computed_anew(part)


def _is_anew(function: str) -> bool:
    name = function.lower().rpartition(".")[2]
    return name.isidentifier() and name not in _NO_FUNCTIONS | _SETTLED
