"""``python -m leadctl``."""

import sys

from leadctl.cli.main import main

sys.exit(main())
