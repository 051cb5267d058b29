"""CSV and TSV of many rows: quoted where they must be, and the same with any number of fields."""

from __future__ import annotations

import csv
import io
import json

import pytest


def test_csv_is_quoted_where_it_must_be(cli, tmp_path) -> None:
    names = [
        "plain",
        "a,b",
        'say "hi"',
        "two\nlines",
        "a\rb",
        " space ",
        "\ue0f1",
        "æøå",
        "tab\tbed",
    ]
    file = tmp_path / "companies.json"
    wide = [{"name": f"{name} {number}"} for name in names for number in range(300)]
    file.write_text(json.dumps([{"name": "first"}, *wide]), encoding="utf-8")
    cli("company", "import", file)
    for format, delimiter in (("csv", ","), ("tsv", "\t")):
        for fields in (["id", "name", "country"], ["name"]):
            words = ("company", "list", "--fields", ",".join(fields), "-f", format)
            printed = cli(*words).out
            records = cli.json("company", "list", "--fields", ",".join(fields))
            rows = [[str(value or "") for value in record.values()] for record in records]
            assert list(csv.reader(io.StringIO(printed, newline=""), delimiter=delimiter)) == [
                fields,
                *rows,
            ]
            assert '"plain' not in printed
            bounded = cli(*words, "--limit", "1900", "--offset", "100").out
            assert list(csv.reader(io.StringIO(bounded, newline=""), delimiter=delimiter)) == [
                fields,
                *rows[100:2000],
            ]


@pytest.mark.parametrize("format", ["csv", "json", "ndjson", "table"])
def test_more_fields_than_a_function_takes(cli, format: str) -> None:
    fields = ["id", *(f"extra.f{number}" for number in range(130))]
    cli("company", "add", "Acme")
    printed = cli("company", "list", "--fields", ",".join(fields), "-f", format).out
    assert all(f"f{number}" in printed.casefold() for number in (0, 129))
