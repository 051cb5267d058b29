"""Dutch messages by their English templates."""

from leadctl.labels.messages_nl_1 import FIRST
from leadctl.labels.messages_nl_2 import SECOND

MESSAGES = {**FIRST, **SECOND}
