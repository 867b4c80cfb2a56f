# SPDX-License-Identifier: Apache-2.0
# Unit tests of code with threads: scripts/test also runs them under ThreadSanitizer.
add_custom_target(threaded_tests)

# socbridge_unit_test(<name> [THREADED] SOURCES file... [DEPENDS lib...] [PRIVATE_LIBS target...])
#   One Catch2 executable and one ctest test, unit.<name>.
function(socbridge_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADED" "" "SOURCES;DEPENDS;PRIVATE_LIBS")
  socbridge_check_arguments("${arg_UNPARSED_ARGUMENTS}")
  list(TRANSFORM arg_DEPENDS PREPEND socbridge::)
  add_executable(unit_${name} ${arg_SOURCES})
  target_include_directories(unit_${name} PRIVATE "${PROJECT_SOURCE_DIR}/lib")
  target_compile_definitions(unit_${name} PRIVATE CATCH_CONFIG_FAST_COMPILE)
  target_link_libraries(unit_${name} PRIVATE
    socbridge_options socbridge_warnings ${arg_DEPENDS} socbridge_deps::fmt
    socbridge_test_support Catch2::Catch2WithMain ${arg_PRIVATE_LIBS})
  socbridge_precompile(unit_${name} test)
  # Half of the compile time of a test is checks of its assertions. The .cc files of the libraries keep
  # these checks; inline functions of their headers lose them in unit tests, not in the programs.
  if(SOCBRIDGE_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(unit_${name} PRIVATE -fno-sanitize=null,alignment,vptr,object-size)
  endif()
  add_test(NAME unit.${name} COMMAND unit_${name})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 120)
  if(arg_THREADED)
    set_tests_properties(unit.${name} PROPERTIES LABELS "unit;threaded")
    add_dependencies(threaded_tests unit_${name})
  endif()
endfunction()

# socbridge_fuzz_target(<name> SOURCES file... DEPENDS lib...)
#   In the fuzz preset a libFuzzer executable that ctest runs for SOCBRIDGE_FUZZ_SECONDS (of the environment,
#   at most 60, which is the default); elsewhere the same
#   function replays its corpus and every crash ever found, as the test fuzz_replay.<name>.
function(socbridge_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_LIBS")
  socbridge_check_arguments("${arg_UNPARSED_ARGUMENTS}")
  list(TRANSFORM arg_DEPENDS PREPEND socbridge::)
  set(folder "${PROJECT_SOURCE_DIR}/tests/fuzz")
  if(NOT SOCBRIDGE_FUZZ)
    list(APPEND arg_SOURCES "${folder}/replay_main.cc")
  endif()
  add_executable(fuzz_${name} ${arg_SOURCES})
  set_target_properties(fuzz_${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  target_include_directories(fuzz_${name} PRIVATE "${PROJECT_SOURCE_DIR}/lib")
  target_link_libraries(fuzz_${name} PRIVATE
    socbridge_options socbridge_warnings ${arg_DEPENDS} ${arg_PRIVATE_LIBS})
  socbridge_precompile(fuzz_${name} executable)
  if(SOCBRIDGE_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set(found "${PROJECT_BINARY_DIR}/corpus-${name}")
    file(MAKE_DIRECTORY "${found}")
    add_test(NAME fuzz.${name}
      COMMAND sh -c "exec \"$0\" -max_total_time=\"\${SOCBRIDGE_FUZZ_SECONDS:-60}\" \"$@\"" $<TARGET_FILE:fuzz_${name}>
      -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
      "-artifact_prefix=${PROJECT_BINARY_DIR}/crash-${name}-" "${found}" "${folder}/corpus/${name}")
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
    add_dependencies(fuzz_targets fuzz_${name})
  else()
    add_test(NAME fuzz_replay.${name} COMMAND fuzz_${name}
      "${folder}/corpus/${name}" "${folder}/crashes/${name}")
    set_tests_properties(fuzz_replay.${name} PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()

set(SOCBRIDGE_TESTED_BIN_DIR "${PROJECT_BINARY_DIR}/bin")
if(CMAKE_CROSSCOMPILING)
  set(SOCBRIDGE_TESTED_BIN_DIR "${PROJECT_BINARY_DIR}/emulated")
endif()
# socbridge_python_test(<name> FILES test_x.py...)
#   pytest files that run the executables of this build; one ctest test for each: integration.<name>.x.
function(socbridge_python_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES")
  socbridge_check_arguments("${arg_UNPARSED_ARGUMENTS}")
  if(NOT EXISTS "${SOCBRIDGE_PYTHON}")
    message(FATAL_ERROR "the Python environment of the tests is missing: run scripts/setup --dev")
  endif()
  foreach(file IN LISTS arg_FILES)
    cmake_path(GET file STEM stem)
    string(REGEX REPLACE "^test_|_test$" "" stem "${stem}")
    set(test "integration.${name}.${stem}")
    add_test(NAME "${test}"
      COMMAND "${SOCBRIDGE_PYTHON}" -m pytest -q -rs -p no:cacheprovider "${file}"
      WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    # Python's byte code is written once for this build, not at each start, and not into the source
    # tree.
    set_tests_properties("${test}" PROPERTIES LABELS integration TIMEOUT 600
      ENVIRONMENT_MODIFICATION "PYTHONDONTWRITEBYTECODE=unset:"
      ENVIRONMENT "SOCBRIDGE_BIN_DIR=${SOCBRIDGE_TESTED_BIN_DIR};SOCBRIDGE_SOURCE_DIR=${PROJECT_SOURCE_DIR};PYTHONPYCACHEPREFIX=${PROJECT_BINARY_DIR}/python")
  endforeach()
endfunction()
