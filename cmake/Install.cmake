# SPDX-License-Identifier: Apache-2.0
# `cmake --install`: components w2thive, socctl, soc-sandbox and doc. custom-w2thive goes to libexec; from there
# wazuh-integration puts it into the Wazuh home with the right owner.
include(GNUInstallDirs)
set(packaging "${PROJECT_SOURCE_DIR}/packaging")
set(generated "${PROJECT_BINARY_DIR}/generated")
set(share "${CMAKE_INSTALL_DATADIR}/socbridge")
set(libexec "${CMAKE_INSTALL_LIBEXECDIR}/socbridge")
set(systemd_folder lib/systemd/system)  # relative to the prefix; systemd does not search multi-architecture folders

# socctl writes its manual pages and completions.
find_program(SOCBRIDGE_GZIP gzip REQUIRED)
set(man1 "${generated}/man1")
set(completions "${generated}/completions")
add_custom_command(OUTPUT "${generated}/stamp"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${man1}" "${completions}"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${man1}" "${completions}"
  COMMAND "${CMAKE_COMMAND}" -E env ASAN_OPTIONS=detect_leaks=0 ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:socctl> manual "${man1}"
  COMMAND "${CMAKE_COMMAND}" -E copy "${PROJECT_SOURCE_DIR}/docs/man/soc-sandbox.1"
    "${PROJECT_SOURCE_DIR}/docs/man/custom-w2thive.8" "${generated}"
  COMMAND sh -c "\"${SOCBRIDGE_GZIP}\" -9nf '${man1}'/* '${generated}'/*.[18]"
  COMMAND sh -c "for s in bash zsh fish; do ASAN_OPTIONS=detect_leaks=0 ${CMAKE_CROSSCOMPILING_EMULATOR} '$<TARGET_FILE:socctl>' completion $s >'${completions}'/$s || exit 1; done"
  COMMAND "${CMAKE_COMMAND}" -E touch "${generated}/stamp"
  DEPENDS socctl docs/man/soc-sandbox.1 docs/man/custom-w2thive.8
  COMMENT "Manual pages and completions" VERBATIM)
add_custom_target(generated_documents ALL DEPENDS "${generated}/stamp")

# The units name the executable by its full path.
file(GLOB units CONFIGURE_DEPENDS "${packaging}/systemd/*.service" "${packaging}/systemd/*.timer")
foreach(unit IN LISTS units)
  cmake_path(GET unit FILENAME name)
  file(READ "${unit}" text)
  string(REPLACE "/usr/bin/socctl" "${CMAKE_INSTALL_FULL_BINDIR}/socctl" text "${text}")
  file(CONFIGURE OUTPUT "${generated}/systemd/${name}" CONTENT "${text}" @ONLY)
  list(APPEND unit_files "${generated}/systemd/${name}")
  list(APPEND unit_names "${name}")
endforeach()

install(TARGETS socctl RUNTIME COMPONENT socctl)
install(TARGETS soc-sandbox RUNTIME COMPONENT soc-sandbox)
install(TARGETS custom-w2thive RUNTIME DESTINATION "${libexec}" COMPONENT w2thive)

install(PROGRAMS "${packaging}/wazuh/wazuh-integration" DESTINATION "${libexec}" COMPONENT w2thive)
install(FILES "${packaging}/schema/w2thive.schema.json" DESTINATION "${share}" COMPONENT w2thive)
install(FILES "${packaging}/schema/socctl.schema.json" DESTINATION "${share}" COMPONENT socctl)
install(FILES "${packaging}/wazuh/logrotate.conf" DESTINATION "${share}" COMPONENT w2thive)
install(FILES "${generated}/custom-w2thive.8.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man8" COMPONENT w2thive)
install(FILES examples/w2thive.json examples/w2thive-destinations.json examples/w2thive-rules.json examples/w2thive-tests.json examples/ossec-integration.xml DESTINATION "${share}/examples" COMPONENT w2thive)
install(DIRECTORY examples/wazuh DESTINATION "${share}/examples" COMPONENT w2thive)

install(DIRECTORY "${man1}" DESTINATION "${CMAKE_INSTALL_MANDIR}" COMPONENT socctl)
install(FILES "${completions}/bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  RENAME socctl COMPONENT socctl)
install(FILES "${completions}/zsh" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions"
  RENAME _socctl COMPONENT socctl)
install(FILES "${completions}/fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d"
  RENAME socctl.fish COMPONENT socctl)
install(FILES ${unit_files} DESTINATION "${systemd_folder}" COMPONENT socctl)
install(FILES "${packaging}/sysusers/socbridge.conf" DESTINATION lib/sysusers.d COMPONENT socctl)
install(FILES "${packaging}/tmpfiles/socbridge.conf" DESTINATION lib/tmpfiles.d COMPONENT socctl)
install(FILES examples/socctl.json examples/receive-formats.json DESTINATION "${share}/examples" COMPONENT socctl)
install(DIRECTORY examples/opencti DESTINATION "${share}/examples" COMPONENT socctl)
install(DIRECTORY "${packaging}/grafana" "${packaging}/prometheus" DESTINATION "${share}" COMPONENT socctl)
install(FILES "${PROJECT_BINARY_DIR}/socbridge.cdx.json" DESTINATION "${share}" COMPONENT socctl)

install(FILES "${generated}/soc-sandbox.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT soc-sandbox)
install(DIRECTORY examples/alerts DESTINATION "${share}/examples" COMPONENT soc-sandbox)

install(FILES README.md CHANGELOG.md ARCHITECTURE.md CONTRIBUTING.md SECURITY.md
  DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/socbridge-doc" COMPONENT doc)
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/socbridge-doc" COMPONENT doc PATTERN man EXCLUDE)

if(SOCBRIDGE_STATIC)
  include(Package)
endif()
