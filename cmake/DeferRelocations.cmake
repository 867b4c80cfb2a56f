# socbridge_defer_relocations(<executable>)
#   Leaves the tables of a static OpenSSL to be relocated by the program, when it first needs TLS
#   (lib/http/deferred_relocations.h): that is most of what a process does before main, and what only accepts alerts or
#   speaks plain http never needs them. A step after linking moves these relocations out of the start code's list.
function(socbridge_defer_relocations executable)
  if(NOT SOCBRIDGE_STATIC OR NOT SOCBRIDGE_TLS STREQUAL "openssl")
    return()
  endif()
  find_package(Python3 COMPONENTS Interpreter)
  if(NOT Python3_FOUND)
    message(FATAL_ERROR "python3 is missing: run scripts/setup")
  endif()
  set(map "${CMAKE_CURRENT_BINARY_DIR}/${executable}.map")
  set(scripts "${PROJECT_SOURCE_DIR}/cmake")
  target_link_options(${executable} PRIVATE "LINKER:-Map=${map}")
  set_property(TARGET ${executable} APPEND PROPERTY ADDITIONAL_CLEAN_FILES "${map}")
  set_property(TARGET ${executable} APPEND PROPERTY LINK_DEPENDS
    "${scripts}/defer_relocations.py" "${scripts}/elf_image.py" "${scripts}/relr.py")
  add_custom_command(TARGET ${executable} POST_BUILD
    COMMAND "${Python3_EXECUTABLE}" -B "${scripts}/defer_relocations.py" "$<TARGET_FILE:${executable}>" "${map}"
      "${OPENSSL_SSL_LIBRARY}" "${OPENSSL_CRYPTO_LIBRARY}"
    VERBATIM)
endfunction()
