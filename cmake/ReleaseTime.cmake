# SPDX-License-Identifier: Apache-2.0
# Sets SOURCE_DATE_EPOCH for files that CMake writes, and socbridge_epoch for cpack: the
# environment's value, else the time of the commit, else 0. So two builds of one commit are
# identical.
set(socbridge_epoch "$ENV{SOURCE_DATE_EPOCH}")
if(NOT socbridge_epoch)
  execute_process(COMMAND git -C "${PROJECT_SOURCE_DIR}" log -1 --format=%ct
    OUTPUT_VARIABLE socbridge_epoch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT socbridge_epoch)
  set(socbridge_epoch 0)
endif()
set(ENV{SOURCE_DATE_EPOCH} "${socbridge_epoch}")
