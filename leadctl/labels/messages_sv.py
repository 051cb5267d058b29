"""Swedish messages by their English templates."""

from leadctl.labels.messages_sv_1 import FIRST
from leadctl.labels.messages_sv_2 import SECOND

MESSAGES = {**FIRST, **SECOND}
