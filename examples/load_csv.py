"""Load a CSV file whose headers are not field names:

    python examples/load_csv.py leads.db company accounts.csv name=account country=office_location
    python examples/load_csv.py leads.db user teams.csv name=sales_agent group=regional_office

Renames the columns and hands the rest to ``leadctl NOUN import``, matching by name.
"""

import csv
import sys
import tempfile

from leadctl import ImportFile, open_crm


def load(path: str, noun: str, file: str, columns: dict[str, str]) -> None:
    """Import the columns (field -> column of the file) and print what became of the rows."""
    with open(file, newline="", encoding="utf-8-sig") as source:
        rows = list(csv.DictReader(source))
    with tempfile.NamedTemporaryFile("w", newline="", suffix=".csv", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(columns)
        writer.writerows([row[name] for name in columns.values()] for row in rows)
        target.flush()
        with open_crm(path) as crm:
            importer = {"company": crm.companies, "person": crm.people, "user": crm.users}[noun]
            report = importer.import_file(ImportFile(target.name, match=("name",)))
    print(f"{report.created} created, {report.changed} changed, {report.unchanged} unchanged")


if __name__ == "__main__":
    database, noun, file, *pairs = sys.argv[1:]
    load(database, noun, file, dict(pair.split("=", 1) for pair in pairs))
