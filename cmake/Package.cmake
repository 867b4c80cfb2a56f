# SPDX-License-Identifier: Apache-2.0
# `cpack`: .deb, .rpm and .tar.gz of the static executables; scripts/package builds them and writes
# checksums. Packages: socbridge (w2thive and socctl), soc-sandbox, socbridge-doc.
set(packages socbridge soc-sandbox doc)
set(CPACK_PACKAGE_NAME socbridge)
set(CPACK_PACKAGE_VENDOR socbridge)
set(contact "The authors of socbridge <none@invalid>")  # contact: SECURITY.md
set(CPACK_PACKAGE_CONTACT "${contact}")
set(CPACK_SOCBRIDGE_EPOCH "${socbridge_epoch}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Wazuh alerts to TheHive, Cortex and OpenCTI")
set(CPACK_GENERATOR DEB RPM TGZ)
set(CPACK_STRIP_FILES OFF)  # the linker has stripped them
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/PackageTimes.cmake")
set(CPACK_OUTPUT_FILE_PREFIX "${PROJECT_BINARY_DIR}/packages")
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/PackageConfig.cmake")
set(CPACK_PACKAGE_FILE_NAME "socbridge-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR}")

set(description_socbridge "custom-w2thive takes each alert of a Wazuh manager, keeps it until
TheHive has it, and never sends it twice. socctl inspects what waits,
proves that every alert arrived, has Cortex analyse observables, asks
OpenCTI for context and checks the health of all parts. Without a Wazuh
manager on the machine only socctl is set up.")
set(description_soc-sandbox "Answers the requests of socbridge as TheHive, Cortex, OpenCTI,
OpenSearch, Grafana, Prometheus and Kubernetes do, and fails on demand.
For trials and tests.")
set(description_doc "Guides, references and protocol facts of socbridge as Markdown files.")

# Maintainer scripts: the units' names, and the functions for purge after wazuh-integration is
# removed.
file(READ "${packaging}/wazuh/wazuh-integration" PURGE_FUNCTIONS)
string(REGEX MATCH "purge_written\\(\\) {.*\n}\n" PURGE_FUNCTIONS "${PURGE_FUNCTIONS}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${packaging}/wazuh/wazuh-integration")
list(JOIN unit_names " " UNITS)
set(RUNNING_UNITS "${unit_names}")
list(FILTER RUNNING_UNITS INCLUDE REGEX "(relay|receive|stream|analyze|metrics)[.]service$")
list(JOIN RUNNING_UNITS " " RUNNING_UNITS)
foreach(script IN ITEMS deb/postinst deb/prerm deb/postrm rpm/post rpm/preun rpm/postun)
  configure_file("${packaging}/${script}" "${generated}/${script}" @ONLY
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endforeach()

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${SOCBRIDGE_DEBIAN_ARCHITECTURE})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_PACKAGE_ARCHITECTURE ${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_RELEASE 1)
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_PACKAGE_RELOCATABLE OFF)
set(CPACK_RPM_PACKAGE_AUTOREQPROV OFF)  # the executables are static
set(CPACK_RPM_COMPRESSION_TYPE xz)
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _buildhost localhost
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define _build_id_links none
%define __os_install_post %{nil}")
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
  /usr/lib/systemd /usr/lib/systemd/system /usr/lib/sysusers.d /usr/lib/tmpfiles.d /usr/libexec
  /usr/share/bash-completion /usr/share/bash-completion/completions /usr/share/zsh /usr/share/zsh/vendor-completions
  /usr/share/fish /usr/share/fish/vendor_completions.d /usr/share/man /usr/share/man/man1 /usr/share/man/man8
  /usr/share/doc /usr/share/lintian /usr/share/lintian/overrides)
# A tarball of all files, to be unpacked at /.
set(CPACK_ARCHIVE_COMPONENT_INSTALL OFF)

set(names_socbridge socbridge)
set(names_soc-sandbox soc-sandbox)
set(names_doc socbridge-doc)
foreach(package IN LISTS packages)
  string(TOUPPER "${package}" upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME "${names_${package}}")
  set(CPACK_RPM_${upper}_PACKAGE_NAME "${names_${package}}")
  set(CPACK_RPM_${upper}_FILE_NAME RPM-DEFAULT)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION admin)
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${description_${package}}")
endforeach()
set(CPACK_DEBIAN_DOC_PACKAGE_SECTION doc)
set(CPACK_DEBIAN_DOC_PACKAGE_ARCHITECTURE all)
set(CPACK_RPM_DOC_PACKAGE_ARCHITECTURE noarch)
set(CPACK_DEBIAN_SOCBRIDGE_PACKAGE_SUGGESTS "socbridge-doc, logrotate")
set(CPACK_DEBIAN_SOCBRIDGE_PACKAGE_CONTROL_EXTRA "${generated}/deb/postinst" "${generated}/deb/prerm"
  "${generated}/deb/postrm" "${packaging}/deb/triggers" "${packaging}/deb/templates")
set(CPACK_DEBIAN_SOCBRIDGE_PACKAGE_DEPENDS "debconf (>= 0.5) | debconf-2.0")
set(CPACK_RPM_SOCBRIDGE_POST_INSTALL_SCRIPT_FILE "${generated}/rpm/post")
set(CPACK_RPM_SOCBRIDGE_PRE_UNINSTALL_SCRIPT_FILE "${generated}/rpm/preun")
set(CPACK_RPM_SOCBRIDGE_POST_UNINSTALL_SCRIPT_FILE "${generated}/rpm/postun")

# Files that Debian's policy requires in each package.
foreach(pair IN ITEMS "socctl;socbridge" "soc-sandbox;soc-sandbox" "doc;socbridge-doc")
  list(GET pair 0 component)
  list(GET pair 1 package)
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(CONFIGURE OUTPUT "${generated}/deb/${package}/changelog.Debian" CONTENT
"@package@ (@PROJECT_VERSION@-1) unstable; urgency=medium

  * CHANGELOG.md of the source has what changed.

 -- @contact@  @date@
" @ONLY)
  execute_process(COMMAND "${SOCBRIDGE_GZIP}" -9nf "${generated}/deb/${package}/changelog.Debian" COMMAND_ERROR_IS_FATAL ANY)
  install(FILES "${packaging}/deb/copyright" "${generated}/deb/${package}/changelog.Debian.gz"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${package}" COMPONENT ${component})
  install(FILES "${packaging}/deb/lintian-overrides" DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides"
    RENAME "${package}" COMPONENT ${component})
endforeach()

include(CPack)
cpack_add_component_group(socbridge)
cpack_add_component_group(soc-sandbox)
cpack_add_component_group(doc)
cpack_add_component(w2thive GROUP socbridge)
cpack_add_component(socctl GROUP socbridge)
cpack_add_component(soc-sandbox GROUP soc-sandbox)
cpack_add_component(doc GROUP doc)
