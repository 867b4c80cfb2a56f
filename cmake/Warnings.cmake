# SPDX-License-Identifier: Apache-2.0
# Warnings for our own code. Headers of dependencies are SYSTEM includes and are not checked.
add_library(socbridge_warnings INTERFACE)
target_compile_options(socbridge_warnings INTERFACE
  -Wall -Wextra -Wpedantic $<$<BOOL:${SOCBRIDGE_WERROR}>:-Werror>
  -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-qual -Wcast-align
  -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Wformat=2 -Wundef -Wvla
  -Wextra-semi -Wimplicit-fallthrough -Wunused -Wredundant-decls)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(socbridge_warnings INTERFACE
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wsuggest-override)
else()
  target_compile_options(socbridge_warnings INTERFACE -Wshadow-all -Winconsistent-missing-override)
endif()
