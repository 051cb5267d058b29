"""Danish messages by their English templates."""

from leadctl.labels.messages_da_1 import FIRST
from leadctl.labels.messages_da_2 import SECOND

MESSAGES = {**FIRST, **SECOND}
