# SPDX-License-Identifier: Apache-2.0
# socbridge_library(<name> [SOURCES file...] [DEPENDS lib...] [PRIVATE_LIBS target...])
#   A static library socbridge::<name>; without SOURCES a header-only one. DEPENDS names our own
#   libraries, PRIVATE_LIBS those of others. Includes are by path from lib/.
function(socbridge_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_LIBS")
  socbridge_check_arguments("${arg_UNPARSED_ARGUMENTS}")
  list(TRANSFORM arg_DEPENDS PREPEND socbridge::)
  if(arg_SOURCES)
    add_library(socbridge_${name} STATIC ${arg_SOURCES})
    target_include_directories(socbridge_${name} PUBLIC "${PROJECT_SOURCE_DIR}/lib")
    target_link_libraries(socbridge_${name}
      PUBLIC socbridge_options ${arg_DEPENDS}
      PRIVATE socbridge_warnings socbridge_deps::fmt ${arg_PRIVATE_LIBS})
    if(SOCBRIDGE_STATIC AND name IN_LIST socbridge_small_libraries)
      target_compile_options(socbridge_${name} PRIVATE -Os)
      socbridge_precompile(socbridge_${name} small_library)
    else()
      socbridge_precompile(socbridge_${name} library)
    endif()
  else()
    add_library(socbridge_${name} INTERFACE)
    target_include_directories(socbridge_${name} INTERFACE "${PROJECT_SOURCE_DIR}/lib")
    target_link_libraries(socbridge_${name}
      INTERFACE socbridge_options ${arg_DEPENDS} ${arg_PRIVATE_LIBS})
  endif()
  add_library(socbridge::${name} ALIAS socbridge_${name})
endfunction()

# socbridge_executable(<name> SOURCES file... [DEPENDS lib...] [PRIVATE_LIBS target...])
#   An executable in <build>/bin; a hardened static PIE if SOCBRIDGE_STATIC is on.
function(socbridge_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_LIBS")
  socbridge_check_arguments("${arg_UNPARSED_ARGUMENTS}")
  list(TRANSFORM arg_DEPENDS PREPEND socbridge::)
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/lib")
  target_link_libraries(${name} PRIVATE
    socbridge_options socbridge_warnings socbridge_executable_options
    ${arg_DEPENDS} socbridge_deps::fmt ${arg_PRIVATE_LIBS})
  if(SOCBRIDGE_STATIC)  # lists the linked archives, which tests compare with Components.cmake
    target_link_options(${name} PRIVATE "-Wl,-Map=${PROJECT_BINARY_DIR}/bin/${name}.map")
  endif()
  socbridge_precompile(${name} executable)
endfunction()

function(socbridge_check_arguments unparsed)
  if(unparsed)
    message(FATAL_ERROR "unknown argument: ${unparsed}")
  endif()
endfunction()
