# SPDX-License-Identifier: Apache-2.0
"""scripts/check-layers finds each include that the order of the folders forbids, however it is written."""
import os
import pathlib
import subprocess

import pytest

SCRIPT = pathlib.Path(os.environ["SOCBRIDGE_SOURCE_DIR"]) / "scripts/check-layers"
LISTS = """foreach(library IN ITEMS
    base http
    # Products: one each, none includes another.
    cortex
    thehive
    # End of the products.
    health)
endforeach()
"""
FILES = ("lib/base/env.h", "lib/http/client.h", "lib/cortex/job.h", "lib/thehive/case.h", "lib/health/probe.h",
         "lib/health/report.h", "tools/socctl/common/command.h", "tools/soc-sandbox/run.h", "tests/support/temp_dir.h",
         "integrations/w2thive/main.cc")


@pytest.fixture
def tree(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("#pragma once\n")
    (tmp_path / "lib/CMakeLists.txt").write_text(LISTS)
    return tmp_path


def check(tree):
    found = subprocess.run([SCRIPT, "--root", tree], capture_output=True, text=True, timeout=60)
    return found.returncode, found.stdout


def test_order_that_is_allowed(tree):
    (tree / "lib/health/probe.h").write_text('#include "cortex/job.h"\n#include <http/client.h>\n#include "report.h"\n')
    (tree / "tools/socctl/common/command.h").write_text('#include "health/probe.h"\n')
    (tree / "tests/support/temp_dir.h").write_text('#include "base/env.h"\n#include "soc-sandbox/run.h"\n')
    (tree / "lib/base/env.h").write_text('#include <vector>\n// #include "health/probe.h"\n')
    assert check(tree) == (0, "layers: every include is in order\n")


@pytest.mark.parametrize("file, line", [
    ("lib/base/env.h", '#include "health/probe.h"'),
    ("lib/base/env.h", '#include <health/probe.h>'),
    ("lib/base/env.h", '#include "../health/probe.h"'),
    ("lib/base/env.h", '# include "health/probe.h"'),
    ("lib/base/env.h", ' #  include  "health/probe.h"'),
    ("lib/base/env.h", '#import "health/probe.h"'),
    ("lib/base/env.h", '#include "support/temp_dir.h"'),
    ("lib/base/env.h", '#include "../../tools/socctl/common/command.h"'),
    ("lib/base/env.hpp", '#include "health/probe.h"'),
    ("lib/base/env.inc", '#include "health/probe.h"'),
    ("lib/cortex/job.h", '#include "thehive/case.h"'),
    ("lib/thehive/case.h", '#include "cortex/job.h"'),
    ("tools/socctl/common/command.h", '#include "soc-sandbox/run.h"'),
    ("tools/socctl/common/command.h", '#include "../../soc-sandbox/run.h"'),
    ("integrations/w2thive/main.cc", '#include "../../tools/socctl/common/command.h"'),
])
def test_include_that_is_refused(tree, file, line):
    (tree / file).write_text("\n" + line + "\n")
    code, out = check(tree)
    assert code == 1 and out.startswith(f"{file}:2: ") and out.count("\n") == 1, out


def test_circle_within_a_folder(tree):
    (tree / "lib/health/probe.h").write_text('#include "health/report.h"\n')
    (tree / "lib/health/report.h").write_text('#include "probe.h"\n')
    code, out = check(tree)
    assert code == 1 and out == "circle: lib/health/probe.h -> lib/health/report.h -> lib/health/probe.h\n", out


def test_folders(tree):
    (tree / "lib/extra").mkdir()
    (tree / "lib/extra/new.h").write_text('#include "health/probe.h"\n')
    assert check(tree) == (1, "lib/extra is missing in lib/CMakeLists.txt\n")
    (tree / "lib/CMakeLists.txt").write_text(LISTS.replace("health)", "health extra gone)"))
    for number in range(41):
        (tree / f"lib/extra/file{number}.cc").write_text("")
    assert check(tree) == (1, "lib/gone is not a folder\nlib/extra: 42 files, more than 40\n")
