"""The settings of the tool: one table, from which values are read, checked, and documented.

Option > environment > ``./leadctl.yaml`` > ``$XDG_CONFIG_HOME/leadctl/config.yaml`` > default.
yaml is imported only when there is a file to read.
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.errors import ConfigInvalid, NotFound, Reason, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROJECT_FILE = Path("leadctl.yaml")
FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown", "yaml", "ids")
LANGUAGES = ("en", "da", "de", "nl", "no", "sv")
LARGEST_COUNT = 1_000_000_000


class Option(NamedTuple):
    """One setting: its type is that of ``default``, unless ``check`` says more."""

    key: str
    default: Any
    help: str
    environment: str = ""
    allowed: tuple[str, ...] = ()
    check: Callable[[Any], bool] | None = None
    what: str = ""
    # A sales cycle of the file, which only the file knows.
    item: bool = False


def _is_currency(value: str) -> bool:
    return re.fullmatch(r"[A-Z]{3}", value) is not None


def _is_key(value: str) -> bool:
    return re.fullmatch(r"[a-z0-9_]{1,239}", value) is not None


OPTIONS: dict[str, Option] = {
    option.key: option
    for option in (
        Option("db", "leads.db", "The database file, relative to this file.", "LEADCTL_DB"),
        Option(
            "user", "", "Who is recorded as the author; the login name if empty.", "LEADCTL_USER"
        ),
        Option(
            "lang", "en", "Language of tables, reports and messages.", "LEADCTL_LANG", LANGUAGES
        ),
        Option("format", "table", "Output format.", "LEADCTL_FORMAT", FORMATS),
        Option(
            "lock_wait",
            5.0,
            "Seconds to wait for another writer before exit 75.",
            "LEADCTL_LOCK_WAIT",
            check=lambda value: 0 <= value <= LARGEST_COUNT,
            what="a number of seconds",
        ),
        Option(
            "confirm_rows",
            100,
            "On a terminal, updates of this many records or more ask first.",
            "LEADCTL_CONFIRM_ROWS",
            check=lambda value: 0 <= value <= LARGEST_COUNT,
            what="a whole number",
        ),
        Option(
            "csv_guard",
            False,
            "Put ' before text cells of CSV that a spreadsheet would run as a formula.",
            "LEADCTL_CSV_GUARD",
        ),
        Option(
            "synchronous",
            "full",
            "full survives power loss; normal is faster and may lose the last commands then.",
            "LEADCTL_SYNCHRONOUS",
            ("full", "normal"),
        ),
    )
}
DATA_OPTIONS: dict[str, Option] = {
    option.key: option
    for option in (
        Option(
            "currency",
            "EUR",
            "Currency of all amounts.",
            check=_is_currency,
            what="three capital letters",
        ),
        Option(
            "default_cycle",
            "standard",
            "Sales cycle of new opportunities.",
            check=_is_key,
            what="the key of a sales cycle",
            item=True,
        ),
        Option(
            "lead_status.reentry",
            "reset",
            "What a stored status becomes when lead status applies again.",
            allowed=("reset", "keep"),
        ),
        Option(
            "lead_status.require_company",
            False,
            "Whether lead status applies only to people with a company.",
        ),
        Option("capture.utm", True, "Whether form submissions store UTM parameters."),
    )
}


class Setting(NamedTuple):
    """A value and where it comes from: option, a variable, a file, or default."""

    value: Any
    origin: str


def parse_value(option: Option, value: Any) -> Any:
    """``value`` (a text, or what YAML made of it) in the type of the option.

    Raises UsageError when it has none of the permitted values.
    """
    expected = " ".join(option.allowed) or option.what
    parsed: Any
    if isinstance(option.default, bool):
        words = {"true": True, "yes": True, "on": True, "1": True}
        words |= {"false": False, "no": False, "off": False, "0": False}
        parsed = words.get(str(value).strip().lower())
        expected = "true or false"
    elif isinstance(option.default, (int, float)):
        parsed = _number(value, type(option.default))
    else:
        parsed = value if isinstance(value, str) and "\0" not in value else None
        if option.allowed and parsed is not None:
            # YAML 1.1 reads the language code no as false.
            parsed = parsed.strip().lower()
    if parsed is None and value is False and "no" in option.allowed:
        parsed = "no"
    bad = parsed is None or (option.allowed and parsed not in option.allowed)
    if bad or (option.check and not option.check(parsed)):
        raise UsageError(
            "{value} is no value for {key}",
            hint="{key} takes {expected}",
            key=option.key,
            value=str(value),
            expected=expected or "a text",
        )
    return parsed


def _number(value: Any, kind: type) -> Any:
    if isinstance(value, bool) or len(str(value)) > len(str(LARGEST_COUNT)) + 8:
        return None
    try:
        number = kind(str(value))
    except ValueError:
        return None
    return None if math.isnan(number) else number


def user_file() -> Path:
    """The user's own configuration file."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "leadctl" / "config.yaml"


def files(config: str | None) -> list[Path]:
    """The configuration files, the stronger one last; ``config`` replaces both."""
    config = config or os.environ.get("LEADCTL_CONFIG") or None
    return [Path(config)] if config else [user_file(), PROJECT_FILE]


def load(options: Mapping[str, Any], config: str | None = None) -> dict[str, Setting]:
    """Every setting with its origin, the data's first values included.

    ``options`` are values from the command line, ``config`` replaces both files. Raises
    ConfigInvalid with all that is wrong in the files at once, and NotFound when ``config`` does
    not exist.
    """
    table = {**OPTIONS, **DATA_OPTIONS}
    settings = {key: Setting(option.default, "default") for key, option in table.items()}
    config = config or os.environ.get("LEADCTL_CONFIG") or None
    problems: list[Reason] = []
    for path in files(config):
        if config and not _exists(path):
            raise NotFound("configuration file {path} does not exist", path=config)
        if _exists(path):
            trusted = path != PROJECT_FILE or bool(config)
            for key, value in _read(path, table, trusted, problems).items():
                settings[key] = Setting(value, str(path))
    if problems:
        hint = "leadctl config example shows every setting and what it takes"
        raise ConfigInvalid("{problems}", hint=hint, problems=problems)
    for key, option in OPTIONS.items():
        if option.environment and os.environ.get(option.environment):
            value = parse_value(option, os.environ[option.environment])
            settings[key] = Setting(value, option.environment)
        if options.get(key) is not None:
            settings[key] = Setting(parse_value(option, options[key]), "option")
    return settings


def _exists(path: Path) -> bool:
    """Whether there is a file; one that we may not see is read, so that the error says so."""
    try:
        return path.is_file()
    except OSError:
        return True


def _read(
    path: Path, table: Mapping[str, Option], trusted: bool, problems: list[Reason]
) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, yaml.YAMLError) as problem:
        first_line = str(problem).splitlines()[0]
        problems.append(_problem(path, "{path}: {problem}", problem=first_line))
        return {}
    found: dict[str, Any] = {}
    if content is None:
        return found
    if not isinstance(content, dict):
        problems.append(_problem(path, "{path}: not a list of settings"))
        return found
    for key, value in _flat(content).items():
        option = table.get(key)
        if option is None:
            problems.append(_problem(path, "{path}: unknown setting {key}", key=key))
            continue
        try:
            parsed = parse_value(option, value)
        except UsageError as problem:
            problems.append(_problem(path, "{path}: {problem}", problem=problem.reason))
            continue
        if key == "db" and "://" in parsed and not trusted:
            template = "{path}: a database address is only taken from your own configuration"
            problems.append(_problem(path, template))
        elif key == "db":
            # The file is named relative to the configuration that names it.
            found[key] = parsed if "://" in parsed else str(path.parent / parsed)
        else:
            found[key] = parsed
    return found


def _problem(path: Path, template: str, **details: Any) -> Reason:
    return Reason("config_invalid", template, details={"path": str(path), **details})


def _flat(content: Mapping[Any, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat.update(_flat(value, f"{name}."))
        else:
            flat[name] = value
    return flat


def example() -> str:
    """The text of ``config.example.yaml``."""
    lines = [
        "# Settings of leadctl. Copy to ./leadctl.yaml or to ~/.config/leadctl/config.yaml.",
        "# Every line shows a default. An option on the command line comes first, then the",
        "# environment variable, then ./leadctl.yaml, then the file in ~/.config.",
    ]
    for option in OPTIONS.values():
        values = f" One of: {' '.join(option.allowed)}." if option.allowed else ""
        lines += ["", f"# {option.help}{values} ({option.environment})"]
        lines.append(f"# {option.key}: {_yaml(option.default)}")
    lines += [
        "",
        "# First values for the settings that live in the database (leadctl setting list).",
    ]
    for option in DATA_OPTIONS.values():
        values = f" One of: {' '.join(option.allowed)}." if option.allowed else ""
        lines += ["", f"# {option.help}{values}", f"# {option.key}: {_yaml(option.default)}"]
    return "\n".join(lines) + "\n"


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if value == "" else str(value)
