# socbridge_unit_test(<name> SOURCES file... [DEPENDS lib...] [PRIVATE_LIBS target...])
#   One Catch2 executable and one ctest test, unit.<name>.
function(socbridge_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_LIBS")
  socbridge_check_arguments("${arg_UNPARSED_ARGUMENTS}")
  list(TRANSFORM arg_DEPENDS PREPEND socbridge::)
  add_executable(unit_${name} ${arg_SOURCES})
  target_include_directories(unit_${name} PRIVATE "${PROJECT_SOURCE_DIR}/lib")
  target_link_libraries(unit_${name} PRIVATE
    socbridge_options socbridge_warnings ${arg_DEPENDS} socbridge_deps::fmt
    Catch2::Catch2WithMain ${arg_PRIVATE_LIBS})
  add_test(NAME unit.${name} COMMAND unit_${name})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

function(socbridge_fuzz_target name)
endfunction()
function(socbridge_python_test name)
endfunction()
