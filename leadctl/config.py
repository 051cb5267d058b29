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

from leadctl.errors import ConfigInvalid, NotFound, Reason, UsageError, no_value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

PROJECT_FILE = Path("leadctl.yaml")
FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown", "yaml", "ids")
LANGUAGES = ("en", "da", "de", "nl", "no", "sv")
LARGEST_COUNT = 1_000_000_000


class Option(NamedTuple):
    """One setting: its type is that of ``default``, unless ``check`` says more.

    ``own`` says that only the user's own file, or the one that ``--config`` names, may set it: who
    works in a folder must not run what somebody else has put there. ``path`` says that it is a
    path, relative to the file that names it.
    """

    key: str
    default: Any
    help: str
    environment: str = ""
    allowed: tuple[str, ...] = ()
    check: Callable[[Any], bool] | None = None
    what: str = ""
    # A sales cycle of the file, which only the file knows.
    item: bool = False
    own: bool = False
    path: bool = False


def _is_currency(value: str) -> bool:
    return re.fullmatch(r"[A-Z]{3}", value) is not None


def _is_key(value: str) -> bool:
    return re.fullmatch(r"[a-z0-9_]{1,239}", value) is not None


OPTIONS: dict[str, Option] = {
    option.key: option
    for option in (
        Option(
            "db",
            "leads.db",
            "The database file, relative to this file, or a postgresql:// address.",
            "LEADCTL_DB",
            path=True,
        ),
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
        Option(
            "similar_names",
            True,
            "Whether company add warns of companies with a similar name.",
            "LEADCTL_SIMILAR_NAMES",
        ),
        Option(
            "hooks.after_change",
            "",
            "A command that gets every committed change as NDJSON on stdin; no shell runs it.",
            own=True,
        ),
        Option(
            "notify.command",
            "",
            "A command that gets a line of NDJSON per assignment of person distribute on stdin.",
            own=True,
        ),
        Option(
            "notify.file",
            "",
            "A file to which these lines are appended, relative to this file.",
            own=True,
            path=True,
        ),
    )
}
HOOKS = ("hooks.after_change", "notify.command", "notify.file")
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


def is_address(value: Any) -> bool:
    """Whether a value of ``--db`` is the address of a server, not the path of a file."""
    return str(value).startswith(("postgresql:", "postgres:"))


def without_password(value: Any) -> Any:
    """A value as it may be shown: an address loses the password that somebody has put into it."""
    if not isinstance(value, str):
        return value
    masked = re.sub(r"//([^:@/]*):.*@", r"//\1:***@", value)
    return re.sub(r"([?&:\s])([^?&=\s]+)=[^&\s]*", _masked, masked) if is_address(value) else masked


def _masked(parameter: re.Match[str]) -> str:
    from urllib.parse import unquote

    # Names may be written with %: libpq reads them as well.
    name = unquote(parameter[2])
    return f"{parameter[1]}{name}=***" if name.lower().endswith("password") else parameter[0]


def parse_value(option: Option, value: Any) -> Any:
    """``value`` (a text, or what YAML made of it) in the type of the option.

    Raises UsageError when it has none of the permitted values.
    """
    expected = option.what
    # By the aliases of YAML, the text of a list may be of any size.
    value, shown = (None, "[...]") if isinstance(value, (dict, list, set)) else (value, str(value))
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
    if bad and option.allowed:
        raise no_value(option.key, shown, option.allowed)
    if bad or (option.check and not option.check(parsed)):
        raise UsageError(
            "{value} is no value for {key}",
            hint="{key} takes {expected}",
            key=option.key,
            value=shown,
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


def load(
    options: Mapping[str, Any], config: str | None = None, *, read: bool = True
) -> dict[str, Setting]:
    """Every setting with its origin, the data's first values included.

    ``options`` are values from the command line, ``config`` replaces both files; without
    ``read`` there are none. Raises, with all that is wrong at once, UsageError when options or
    variables are and ConfigInvalid when only files are, and NotFound when ``config`` does not exist.
    """
    table = {**OPTIONS, **DATA_OPTIONS}
    settings = {key: Setting(option.default, "default") for key, option in table.items()}
    config = config or os.environ.get("LEADCTL_CONFIG") or None
    problems: list[Reason] = []
    for path in files(config) if read else ():
        if config and not _exists(path):
            raise NotFound("configuration file {path} does not exist", path=config)
        if _exists(path):
            trusted = path != PROJECT_FILE or bool(config)
            for key, value in _read(path, table, trusted, problems).items():
                settings[key] = Setting(value, str(path))
    typed: list[Reason] = []
    for option in OPTIONS.values():
        _take(settings, option, os.environ.get(option.environment) or None, typed)
        _take(settings, option, options.get(option.key), typed, "option")
    if typed and len(typed) + len(problems) == 1:
        raise UsageError.of(typed[0])
    if typed or problems:
        kind = UsageError if typed else ConfigInvalid
        hint = "leadctl config example shows every setting and what it takes"
        raise kind("{problems}", hint=hint, problems=[*problems, *typed])
    return settings


def _take(
    settings: dict[str, Setting],
    option: Option,
    value: Any,
    problems: list[Reason],
    origin: str = "",
) -> None:
    """Set what an option or a variable says, or keep what is wrong with it."""
    if value is None:
        return
    try:
        settings[option.key] = Setting(parse_value(option, value), origin or option.environment)
    except UsageError as problem:
        problems.append(problem.reason)


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
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as problem:
        # A ValueError: neither UTF-8, nor a date of any calendar.
        first_line = str(problem).splitlines()[0]
        problems.append(_problem(path, "{path}: {problem}", problem=first_line))
        return {}
    found: dict[str, Any] = {}
    if content is None:
        return found
    if not isinstance(content, dict):
        problems.append(_problem(path, "{path}: not a list of settings"))
        return found
    for key, value in _flat(content, table).items():
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
        elif option.own and not trusted:
            template = "{path}: {key} is only taken from your own configuration"
            problems.append(_problem(path, template, key=key))
        elif option.path and parsed and "://" not in parsed:
            # The file is named relative to the configuration that names it.
            found[key] = str(path.parent / Path(parsed).expanduser())
        else:
            found[key] = parsed
    return found


def _problem(path: Path, template: str, **details: Any) -> Reason:
    return Reason("config_invalid", template, details={"path": str(path), **details})


def _flat(content: Mapping[Any, Any], known: Collection[str], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in content.items():
        name = f"{prefix}{key}"
        # No deeper than the settings are: a YAML alias may contain itself.
        if isinstance(value, dict) and any(other.startswith(f"{name}.") for other in known):
            flat.update(_flat(value, known, f"{name}."))
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
        origin = option.environment or "only in your own file, never in ./leadctl.yaml"
        lines += ["", f"# {option.help}{values} ({origin})"]
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
