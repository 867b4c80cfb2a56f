# SPDX-License-Identifier: Apache-2.0
# socbridge_source_tree(<package> <variable> CHECKSUMS sha256...)
#   Folder of a Debian source package that scripts/setup fetched and unpacked with Debian's patches. The
#   upstream tarball must have one of the recorded checksums.
function(socbridge_source_tree package variable)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "CHECKSUMS")
  set(root "${PROJECT_SOURCE_DIR}/.deps/src")
  file(GLOB tarball "${root}/${package}_*.orig.tar.*")
  list(FILTER tarball EXCLUDE REGEX "\\.asc$")
  file(GLOB trees LIST_DIRECTORIES true "${root}/${package}-*")
  if(NOT tarball OR NOT trees)
    message(FATAL_ERROR "the source of ${package} is missing: run scripts/setup")
  endif()
  file(SHA256 "${tarball}" checksum)
  if(NOT checksum IN_LIST arg_CHECKSUMS)
    message(FATAL_ERROR "${tarball} has the unknown checksum ${checksum}: if Debian has a new "
      "version, review it and add the checksum where ${package} is asked for in cmake/")
  endif()
  list(GET trees 0 tree)
  set(${variable} "${tree}" PARENT_SCOPE)
endfunction()
