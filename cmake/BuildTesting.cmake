# SPDX-License-Identifier: Apache-2.0
# Tests are built if their dependencies are installed. With BUILD_TESTING=ON, as in the presets, a
# missing dependency is an error.
set(SOCBRIDGE_PYTHON "${PROJECT_SOURCE_DIR}/.venv/bin/python" CACHE FILEPATH
  "Python with tests/requirements.txt installed")
if(NOT DEFINED BUILD_TESTING)
  find_package(Catch2 2.13 QUIET)
  if(NOT Catch2_FOUND OR NOT EXISTS "${SOCBRIDGE_PYTHON}")
    message(STATUS "Tests are off. To build them run scripts/setup --dev and configure again.")
    set(BUILD_TESTING OFF)
  endif()
endif()
include(CTest)
