"""German messages by their English templates."""

from leadctl.labels.messages_de_1 import FIRST
from leadctl.labels.messages_de_2 import SECOND

MESSAGES = {**FIRST, **SECOND}
