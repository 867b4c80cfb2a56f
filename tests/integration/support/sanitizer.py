# SPDX-License-Identifier: Apache-2.0
"""How AddressSanitizer runs in the executables of these tests.

socctl forbids core dumps, and LeakSanitizer needs ptrace, which goes with them. Short call stacks and no red zones round
global variables halve the processor time of a start, of which there are thousands; unit tests have both, and
scripts/test --full sets SOCBRIDGE_ASAN_OPTIONS so that these tests have them too.
"""

import os

ASAN_OPTIONS = os.environ.get("SOCBRIDGE_ASAN_OPTIONS", "detect_leaks=0:malloc_context_size=2:report_globals=0")
