"""What a cell holds is what is stored, and large files are looked up in indexes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from leadctl import ImportFile, LeadctlError


def write(tmp_path: Path, content: str | bytes, name: str = "in.csv") -> str:
    """A file with this content."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def test_texts_that_look_like_numbers_stay_texts(crm, tmp_path: Path) -> None:
    crm.companies.add("0042")
    file = write(tmp_path, "last_name,external_id,phone,company\n007,0x1,1e5,0042x\n1.50,00,+47,\n")
    with pytest.raises(LeadctlError):
        crm.people.import_file(ImportFile(file))
    crm.people.import_file(ImportFile(file, create_companies=True))
    rows = crm.people.list(fields=["last_name", "external_id", "phone", "company"])
    assert [list(row.values()) for row in rows] == [
        ["007", "0x1", "1e5", "0042x"],
        ["1.50", "00", "+47", None],
    ]
    again = ImportFile(file, match=("external_id",))
    assert crm.people.import_file(again).unchanged == 2


@pytest.mark.files
def test_companies_are_looked_up_in_an_index(crm, tmp_path: Path, monkeypatch) -> None:
    plans: list[str] = []
    execute = crm.engine.execute

    def explained(sql: str, **parameters: object) -> int:
        if sql.startswith("UPDATE temp.staged SET"):
            rows = crm.engine.query(f"EXPLAIN QUERY PLAN {sql}", **parameters)
            plans.extend(row[3] for row in rows)
        return execute(sql, **parameters)

    monkeypatch.setattr(crm.engine, "execute", explained)
    crm.companies.add("Acme", external_id="x")
    file = write(tmp_path, "last_name,company,email,external_id\nA,Acme,a@b.example,1\n")
    crm.people.import_file(ImportFile(file, match=("email",)))
    crm.people.import_file(ImportFile(file, match=("external_id",)))
    assert any("company_name" in step for step in plans)
    assert any("person_email" in step for step in plans)
    assert not any(step in ("SCAN c", "SCAN t") for step in plans)


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"name\nA\n" * 100),
        bytes(range(256)) * 50,
        "name,country\nA,NO\n".encode("utf-16-le"),
        b"name" + b"x" * 20_000_000,
        b"\0" * 1000,
    ],
    ids=["gzip", "binary", "utf-16 without BOM", "one long line", "zeros"],
)
def test_what_is_no_table(crm, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(write(tmp_path, content)))
    assert caught.value.exit_code in (2, 4)
    assert crm.companies.count() == 0


def test_mixed_line_ends(crm, tmp_path: Path) -> None:
    file = write(tmp_path, b"name,country\r\nA,NO\nB,SE\rC,DK\r\n")
    assert crm.companies.import_file(ImportFile(file)).created == 3
    assert [row["name"] for row in crm.companies.list()] == ["A", "B", "C"]
