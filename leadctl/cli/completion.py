"""``leadctl completion``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.errors import no_value

app = typer.Typer()
_BASH = """\
# Completion of leadctl for bash 4 or newer. In ~/.bashrc:  eval "$(leadctl completion bash)"
_leadctl() {
    local offered
    mapfile -t offered < <(_LEADCTL_COMPLETE=bash "$1" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    if [[ ${offered[0]} == files ]]; then
        compopt -o default
        COMPREPLY=()
    else
        COMPREPLY=("${offered[@]:1}")
    fi
}
complete -F _leadctl leadctl
"""
_ZSH = """\
#compdef leadctl
# Completion of leadctl for zsh. In ~/.zshrc, after compinit:  eval "$(leadctl completion zsh)"
_leadctl() {
    local -a offered typed shown
    local line
    offered=("${(@f)$(_LEADCTL_COMPLETE=zsh "${(Q)words[1]}" "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    if [[ $offered[1] == files ]]; then
        _files
        return
    fi
    for line in "${(@)offered[2,-1]}"; do
        typed+=("${line%%$'\\t'*}")
        shown+=("${${line%$'\\t'}/$'\\t'/  -- }")
    done
    (( $#typed )) && compadd -l -d shown -a typed
}
if [[ $funcstack[1] == _leadctl ]]; then
    _leadctl "$@"
else
    compdef _leadctl leadctl
fi
"""
_FISH = """\
# Completion of leadctl for fish. In ~/.config/fish/config.fish:  leadctl completion fish | source
function __leadctl_offered
    set -l typed (commandline -opc)
    set -l program $typed[1]
    set -e typed[1]
    set -l offered (_LEADCTL_COMPLETE=fish $program $typed (commandline -ct | string unescape) 2>/dev/null)
    if test "$offered[1]" = files
        __fish_complete_path (commandline -ct)
    else
        set -e offered[1]
        string join \\n -- $offered
    end
end
complete --command leadctl --no-files --keep-order --arguments '(__leadctl_offered)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


@verb(app, "completion", prints="")
def completion(
    _ctx: typer.Context,
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish", help="The shell.")],
) -> None:
    """Print the script that lets a shell complete nouns, verbs, options and their values.

    leadctl completion bash > leadctl.bash
    leadctl completion fish > leadctl.fish
    """
    if shell not in SCRIPTS:
        raise no_value("SHELL", shell, SCRIPTS)
    sys.stdout.write(SCRIPTS[shell])
