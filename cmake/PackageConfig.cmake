# SPDX-License-Identifier: Apache-2.0
# Read by cpack for each kind of package. rpmbuild and cpack take the times in their headers from
# this variable.
set(ENV{SOURCE_DATE_EPOCH} "${CPACK_SOCBRIDGE_EPOCH}")
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY OFF)
endif()
