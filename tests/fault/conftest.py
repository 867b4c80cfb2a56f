# SPDX-License-Identifier: Apache-2.0
"""The tools of the integration tests serve here too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
