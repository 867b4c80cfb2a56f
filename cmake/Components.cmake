# SPDX-License-Identifier: Apache-2.0
# Third-party libraries in the executables, for `socctl version --components` and the SBOM of a
# release (Sbom.cmake). Configuring fails for a record without a link, or a link without a record.
#
# socbridge_component(<name> VERSION v PACKAGE debian-package LICENCE spdx [MATCH regex] [SOURCE s] [DISTRIBUTED v])
#   MATCH: what the link item of the library looks like; without it the name, case ignored. SOURCE, DISTRIBUTED: name
#   and version of Debian's source package, if it is not the one of the installed PACKAGE.
function(socbridge_component name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "VERSION;PACKAGE;LICENCE;MATCH;SOURCE;DISTRIBUTED" "")
  socbridge_check_arguments("${arg_UNPARSED_ARGUMENTS}")
  if(NOT arg_VERSION OR NOT arg_LICENCE)
    message(FATAL_ERROR "the version of ${name} is not known")
  endif()
  if(NOT arg_MATCH)
    string(TOLOWER "${name}" arg_MATCH)
  endif()
  if(NOT arg_DISTRIBUTED)
    socbridge_debian_source("${arg_PACKAGE}" arg_SOURCE arg_DISTRIBUTED)
  endif()
  set_property(GLOBAL APPEND PROPERTY socbridge_components "${name}")
  foreach(field IN ITEMS VERSION LICENCE MATCH SOURCE DISTRIBUTED)
    set_property(GLOBAL PROPERTY "socbridge_component_${name}_${field}" "${arg_${field}}")
  endforeach()
endfunction()

# Name and version of the source of an installed Debian package; empty on other systems. A package
# for all architectures must be queried without one. For several architectures the first is used,
# because Debian gives all the same version.
function(socbridge_debian_source package name version)
  foreach(asked IN ITEMS "${package}:${SOCBRIDGE_DEBIAN_ARCHITECTURE}" "${package}")
    execute_process(COMMAND dpkg-query -W -f "\${source:Package};\${source:Version}\n" "${asked}"
      OUTPUT_VARIABLE found RESULT_VARIABLE failed ERROR_QUIET)
    if(NOT failed)
      break()
    endif()
  endforeach()
  string(REGEX REPLACE "\n.*" "" found "${found}")
  if(failed)
    set(found ";")
  endif()
  list(GET found 0 source)
  list(GET found 1 number)
  set(${name} "${source}" PARENT_SCOPE)
  set(${version} "${number}" PARENT_SCOPE)
endfunction()

# Version of the source package that scripts/setup fetched: FULL with Debian's revision, the other
# without it.
function(socbridge_source_version package upstream full)
  file(GLOB description "${PROJECT_SOURCE_DIR}/.deps/src/${package}_*.dsc")
  file(STRINGS "${description}" line REGEX "^Version: " LIMIT_COUNT 1)
  string(REGEX REPLACE "^Version: ([0-9]+:)?" "" version "${line}")
  set(${full} "${version}" PARENT_SCOPE)
  string(REGEX REPLACE "[-+~].*" "" version "${version}")
  set(${upstream} "${version}" PARENT_SCOPE)
endfunction()

# The values of version macros in a header, joined by dots.
function(socbridge_macro_version header variable)
  set(probe "${PROJECT_BINARY_DIR}/macros.cc")
  file(WRITE "${probe}" "#include <${header}>\n")
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -E -dM "${probe}"
    OUTPUT_VARIABLE macros ERROR_VARIABLE ignored)
  set(parts "")
  foreach(name IN LISTS ARGN)
    if(macros MATCHES "#define ${name} ([0-9]+)")
      list(APPEND parts "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  list(JOIN parts "." version)
  set(${variable} "${version}" PARENT_SCOPE)
endfunction()

function(socbridge_record_components)
  if(SOCBRIDGE_STATIC)
    socbridge_source_version(openssl openssl openssl_full)
    socbridge_source_version(curl curl curl_full)
    pkg_check_modules(cares QUIET libcares)
    socbridge_component(c-ares VERSION "${cares_VERSION}" PACKAGE libc-ares-dev LICENCE MIT MATCH cares)
  else()
    set(openssl "${OPENSSL_VERSION}")
    set(curl "${CURL_VERSION_STRING}")
  endif()
  socbridge_component(OpenSSL VERSION "${openssl}" PACKAGE libssl-dev LICENCE Apache-2.0
    MATCH "openssl|libssl|libcrypto|tls" SOURCE openssl DISTRIBUTED "${openssl_full}")
  socbridge_component(curl VERSION "${curl}" PACKAGE libcurl4-openssl-dev LICENCE curl
    SOURCE curl DISTRIBUTED "${curl_full}")

  socbridge_macro_version(features.h glibc __GLIBC__ __GLIBC_MINOR__)
  socbridge_macro_version(rapidjson/rapidjson.h rapidjson
    RAPIDJSON_MAJOR_VERSION RAPIDJSON_MINOR_VERSION RAPIDJSON_PATCH_VERSION)
  socbridge_macro_version(utf8proc.h utf8proc UTF8PROC_VERSION_MAJOR UTF8PROC_VERSION_MINOR UTF8PROC_VERSION_PATCH)
  file(STRINGS "${boost_include}/boost/version.hpp" boost REGEX "define BOOST_LIB_VERSION ")
  string(REGEX MATCH "[0-9]+_[0-9]+" boost "${boost}")
  string(REPLACE "_" "." boost "${boost}")
  file(STRINGS "${httplib_tree}/httplib.h" httplib REGEX "define CPPHTTPLIB_VERSION ")
  string(REGEX MATCH "[0-9.]+" httplib "${httplib}")
  socbridge_source_version(cpp-httplib ignored httplib_full)
  find_path(unistring_include unistring/version.h)
  file(STRINGS "${unistring_include}/unistring/version.h" unistring REGEX "define _LIBUNISTRING_VERSION ")
  string(REGEX REPLACE ".*0x([0-9A-Fa-f][0-9A-Fa-f])([0-9A-Fa-f][0-9A-Fa-f]).*" "0x\\1;0x\\2" unistring "${unistring}")
  list(GET unistring 0 major)
  list(GET unistring 1 minor)
  math(EXPR major "${major}")
  math(EXPR minor "${minor}")

  string(REGEX MATCH "^[0-9]+" gcc_major "${CMAKE_CXX_COMPILER_VERSION}")
  set(of_compiler "")
  if(CMAKE_CROSSCOMPILING)
    set(of_compiler "-${SOCBRIDGE_DEBIAN_ARCHITECTURE}-cross")
  endif()
  set(gnu "LGPL-3.0-or-later OR GPL-2.0-or-later")
  socbridge_component(glibc VERSION "${glibc}" PACKAGE "libc6-dev${of_compiler}" LICENCE LGPL-2.1-or-later MATCH "threads::threads")
  socbridge_component(libstdc++ VERSION "${CMAKE_CXX_COMPILER_VERSION}" PACKAGE "libstdc++-${gcc_major}-dev${of_compiler}"
    LICENCE "GPL-3.0-or-later WITH GCC-exception-3.1" MATCH "-")
  socbridge_component(nettle VERSION "${nettle_VERSION}" PACKAGE nettle-dev LICENCE "${gnu}")
  socbridge_component(pugixml VERSION "${pugixml_VERSION}" PACKAGE libpugixml-dev LICENCE MIT)
  socbridge_component(utf8proc VERSION "${utf8proc}" PACKAGE libutf8proc-dev LICENCE MIT)
  socbridge_component(libpsl VERSION "${psl_VERSION}" PACKAGE libpsl-dev LICENCE MIT MATCH "psl")
  socbridge_component(libidn2 VERSION "${idn2_VERSION}" PACKAGE libidn2-dev LICENCE "${gnu}" MATCH "idn2")
  socbridge_component(libunistring VERSION "${major}.${minor}" PACKAGE libunistring-dev LICENCE "${gnu}" MATCH unistring)
  socbridge_component(libyaml VERSION "${yaml_VERSION}" PACKAGE libyaml-dev LICENCE MIT MATCH "yaml")
  socbridge_component(libxcrypt VERSION "${crypt_VERSION}" PACKAGE libcrypt-dev LICENCE LGPL-2.1-or-later MATCH "crypt$")
  socbridge_component(zlib VERSION "${ZLIB_VERSION_STRING}" PACKAGE zlib1g-dev LICENCE Zlib)
  socbridge_component(fmt VERSION "${fmt_VERSION}" PACKAGE libfmt-dev LICENCE MIT)
  socbridge_component(Boost VERSION "${boost}" PACKAGE "libboost${boost}-dev" LICENCE BSL-1.0 MATCH "boost|asio")
  socbridge_component(RapidJSON VERSION "${rapidjson}" PACKAGE rapidjson-dev LICENCE MIT)
  socbridge_component(CLI11 VERSION "${CLI11_VERSION}" PACKAGE libcli11-dev LICENCE BSD-3-Clause)
  socbridge_component(cpp-httplib VERSION "${httplib}" PACKAGE libcpp-httplib-dev LICENCE MIT MATCH httplib
    SOURCE cpp-httplib DISTRIBUTED "${httplib_full}")
endfunction()

# All link items of a target, with our own libraries expanded.
function(socbridge_link_items target variable)
  set(open "${target}")
  set(seen "")
  while(open)
    list(POP_FRONT open item)
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" item "${item}")
    if(item STREQUAL "" OR item IN_LIST seen OR item MATCHES "^(\\$|::@)")
      continue()
    endif()
    list(APPEND seen "${item}")
    if(item MATCHES "^(socbridge|custom-w2thive$|socctl$|soc-sandbox$)" AND TARGET "${item}")
      foreach(property IN ITEMS LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
        get_target_property(more "${item}" ${property})
        if(more)
          list(APPEND open ${more})
        endif()
      endforeach()
    endif()
  endwhile()
  list(FILTER seen EXCLUDE REGEX "^(socbridge_[^d]|socbridge_delivery|socbridge::|custom-w2thive$|socctl$|soc-sandbox$)")
  set(${variable} "${seen}" PARENT_SCOPE)
endfunction()

# Sets the property PROGRAMS of each component from the link graph.
function(socbridge_match_components)
  get_property(components GLOBAL PROPERTY socbridge_components)
  foreach(program IN ITEMS custom-w2thive socctl soc-sandbox)
    socbridge_link_items(${program} items)
    # The compiler adds its own and the C library; lib/json, which all link, uses the headers of
    # RapidJSON.
    list(APPEND items "-" Threads::Threads RapidJSON)
    foreach(item IN LISTS items)
      string(TOLOWER "${item}" lower)
      set(found "")
      foreach(name IN LISTS components)
        get_property(match GLOBAL PROPERTY "socbridge_component_${name}_MATCH")
        string(TOLOWER "${match}" match)
        cmake_path(GET lower FILENAME file)
        if(file MATCHES "^(lib)?(${match})" OR lower MATCHES "::(${match})" OR lower STREQUAL match)
          set(found "${name}")
          set_property(GLOBAL APPEND PROPERTY "socbridge_component_${name}_PROGRAMS" ${program})
        endif()
      endforeach()
      if(NOT found)
        message(FATAL_ERROR "${program} links ${item}, of which cmake/Components.cmake has no record")
      endif()
    endforeach()
  endforeach()
  foreach(name IN LISTS components)
    get_property(programs GLOBAL PROPERTY "socbridge_component_${name}_PROGRAMS")
    list(REMOVE_DUPLICATES programs)
    set_property(GLOBAL PROPERTY "socbridge_component_${name}_PROGRAMS" "${programs}")
    if(NOT programs)
      message(FATAL_ERROR "cmake/Components.cmake has a record of ${name}, which nothing links")
    endif()
  endforeach()
endfunction()

# The table of socctl/common/components.h.
function(socbridge_write_component_table out)
  get_property(components GLOBAL PROPERTY socbridge_components)
  list(SORT components CASE INSENSITIVE)
  set(rows "")
  foreach(name IN LISTS components)
    foreach(field IN ITEMS VERSION LICENCE DISTRIBUTED PROGRAMS)
      get_property(${field} GLOBAL PROPERTY "socbridge_component_${name}_${field}")
    endforeach()
    list(JOIN PROGRAMS " " PROGRAMS)
    string(APPEND rows "    Component{\"${name}\", \"${VERSION}\", \"${DISTRIBUTED}\", \"${LICENCE}\", \"${PROGRAMS}\"},\n")
  endforeach()
  list(LENGTH components count)
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT [=[
#include "socctl/common/components.h"

namespace socbridge::socctl {
namespace {
constexpr Component kComponents[@count@] = {
@rows@};
}  // namespace

std::span<const Component> components() { return kComponents; }

}  // namespace socbridge::socctl
]=])
endfunction()
