# SPDX-License-Identifier: Apache-2.0
# cpp-httplib for the sandbox and tests. Debian's package splits it into a shared library, which a
# static executable cannot use; the source package is one header.
socbridge_source_tree(cpp-httplib httplib_tree CHECKSUMS
  8b1a5df569003b6a4f24c68489bbda5c64aec94697bdc9ebba5d79408b2ae7eb) # 0.11.4+ds
add_library(socbridge_deps_httplib INTERFACE)
add_library(socbridge_deps::httplib ALIAS socbridge_deps_httplib)
target_include_directories(socbridge_deps_httplib SYSTEM INTERFACE "${httplib_tree}")
target_link_libraries(socbridge_deps_httplib INTERFACE Threads::Threads)
