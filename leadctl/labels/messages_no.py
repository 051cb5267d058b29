"""Norwegian messages by their English templates."""

from leadctl.labels.messages_no_1 import FIRST
from leadctl.labels.messages_no_2 import SECOND

MESSAGES = {**FIRST, **SECOND}
