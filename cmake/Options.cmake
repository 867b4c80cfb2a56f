# SPDX-License-Identifier: Apache-2.0
# Compile and link options of all our targets, except warnings.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# The presets set CMAKE_BUILD_TYPE=None and their own flags.
get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT CMAKE_BUILD_TYPE AND NOT multi_config)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo, MinSizeRel, None" FORCE)
endif()

option(SOCBRIDGE_STATIC "Fully static PIE executables with hardening" OFF)
option(SOCBRIDGE_WERROR "Treat warnings as errors; the presets do" OFF)
option(SOCBRIDGE_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
set(SOCBRIDGE_DEBIAN_ARCHITECTURE amd64)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(SOCBRIDGE_DEBIAN_ARCHITECTURE arm64)
endif()
set(SOCBRIDGE_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")

add_library(socbridge_options INTERFACE)
target_compile_features(socbridge_options INTERFACE cxx_std_20)

if(SOCBRIDGE_SANITIZE)
  set(sanitize "-fsanitize=${SOCBRIDGE_SANITIZE}" -fno-sanitize-recover=all)
  target_compile_options(socbridge_options INTERFACE ${sanitize} -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(socbridge_options INTERFACE
      "-fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/cmake/sanitizer-ignore.txt")
  endif()
  # At a fixed address the tables of the sanitizers need no relocations, which halves the start-up
  # time; the tests start thousands of processes.
  target_link_options(socbridge_options INTERFACE ${sanitize} -no-pie)
endif()

