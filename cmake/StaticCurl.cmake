# SPDX-License-Identifier: Apache-2.0
# libcurl for static executables: Debian's libcurl.a needs libraries that are only available as
# shared ones, so it is built from Debian's source, with only HTTP, HTTPS and c-ares. Defines
# socbridge_deps::curl.
include(ExternalProject)

socbridge_source_tree(curl curl_tree CHECKSUMS
  cdb38b72e36bc5d33d5b8810f8018ece1baa29a8f215b4495e495ded82bbf3c7) # 7.88.1
find_library(cares_library NAMES libcares.a)
if(NOT cares_library)
  message(FATAL_ERROR "c-ares is missing: run scripts/setup")
endif()

set(curl_prefix "${PROJECT_BINARY_DIR}/curl")
set(curl_library "${curl_prefix}/lib/libcurl.a")
list(JOIN SOCBRIDGE_HARDENING " " curl_hardening)

ExternalProject_Add(curl_static
  DEPENDS openssl_static
  SOURCE_DIR "${curl_tree}"
  BINARY_DIR "${curl_prefix}-build"
  INSTALL_DIR "${curl_prefix}"
  CMAKE_ARGS
    -DCMAKE_INSTALL_PREFIX=<INSTALL_DIR> -DCMAKE_INSTALL_LIBDIR=lib
    -DCMAKE_BUILD_TYPE=None "-DCMAKE_C_FLAGS=-Os -fno-asynchronous-unwind-tables ${curl_hardening}"
    -DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE}
    -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER} -DCMAKE_C_COMPILER_LAUNCHER=${CMAKE_C_COMPILER_LAUNCHER}
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON
    -DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DENABLE_MANUAL=OFF
    -DHTTP_ONLY=ON -DENABLE_ARES=ON -DENABLE_UNIX_SOCKETS=OFF
    -DCURL_USE_OPENSSL=ON "-DOPENSSL_ROOT_DIR=${openssl_prefix}" -DOPENSSL_USE_STATIC_LIBS=ON
    -DUSE_ZLIB=OFF -DCURL_ZLIB=OFF -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DUSE_NGHTTP2=OFF
    -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_USE_LIBSSH=OFF
    -DCURL_USE_GSSAPI=OFF -DUSE_LIBRTMP=OFF -DCURL_DISABLE_LDAP=ON -DCURL_DISABLE_LDAPS=ON
    -DCURL_DISABLE_COOKIES=ON -DCURL_DISABLE_NETRC=ON -DCURL_DISABLE_ALTSVC=ON
    -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_DOH=ON -DCURL_DISABLE_PROGRESS_METER=ON
    -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_CRYPTO_AUTH=ON
    -DCURL_DISABLE_SOCKETPAIR=ON -DCURL_DISABLE_VERBOSE_STRINGS=ON  # no program uses its trace
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none
  BUILD_BYPRODUCTS "${curl_library}"
  LOG_CONFIGURE ON LOG_BUILD ON LOG_INSTALL ON LOG_OUTPUT_ON_FAILURE ON)

file(MAKE_DIRECTORY "${curl_prefix}/include")
add_library(socbridge_deps_curl INTERFACE)
add_library(socbridge_deps::curl ALIAS socbridge_deps_curl)
add_dependencies(socbridge_deps_curl curl_static)
target_include_directories(socbridge_deps_curl SYSTEM INTERFACE "${curl_prefix}/include")
target_compile_definitions(socbridge_deps_curl INTERFACE CURL_STATICLIB)
target_link_libraries(socbridge_deps_curl INTERFACE
  "${curl_library}" socbridge_deps::tls "${cares_library}" Threads::Threads)
