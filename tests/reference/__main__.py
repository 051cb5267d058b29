"""Write the generated parts of ``docs/``, and take away what nothing generates any more."""

from tests.reference.pages import DOCS, generated

if __name__ == "__main__":
    pages = generated()
    for name, text in pages.items():
        (DOCS / name).write_text(text, encoding="utf-8")
    for file in (*DOCS.glob("commands/*"), *DOCS.glob("schema/*")):
        if str(file.relative_to(DOCS)) not in pages:
            file.unlink()
