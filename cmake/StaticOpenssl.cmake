# SPDX-License-Identifier: Apache-2.0
# OpenSSL for static executables, built from Debian's source without parts that HTTPS does not use,
# because each process relocates all linked tables at its start. Included are TLS 1.2 and 1.3 with
# AES and ChaCha20, all groups, RSA, ECDSA and EdDSA keys, and encrypted key files. Defines
# socbridge_deps::tls.
include(ExternalProject)

socbridge_source_tree(openssl openssl_tree CHECKSUMS
  c80a01dfc70ece4dc21168932c37739042d404d46ccc81a5986dd75314ecda6f  # 3.0.20
  67ebca7e50d17383028045486653492195b83db95f8558709701bb47b5c1ef81) # 3.0.22
find_program(SOCBRIDGE_PERL perl)
find_program(SOCBRIDGE_MAKE make)
if(NOT SOCBRIDGE_PERL OR NOT SOCBRIDGE_MAKE)
  message(FATAL_ERROR "perl or make is missing: run scripts/setup")
endif()

set(openssl_root "${PROJECT_BINARY_DIR}/openssl")
set(openssl_prefix "${openssl_root}/usr")
set(openssl_libraries "${openssl_prefix}/lib/libssl.a" "${openssl_prefix}/lib/libcrypto.a")
list(JOIN SOCBRIDGE_HARDENING " " openssl_flags)
# As in Debian: no keys below 112 bits of security. No exception passes through OpenSSL, because it
# calls none of our functions.
string(APPEND openssl_flags " -Os -fno-asynchronous-unwind-tables -DOPENSSL_TLS_SECURITY_LEVEL=2")
cmake_host_system_information(RESULT openssl_jobs QUERY NUMBER_OF_LOGICAL_CORES)

cmake_path(GET CMAKE_C_COMPILER FILENAME openssl_compiler)
set(openssl_target "")  # this machine's
if(CMAKE_CROSSCOMPILING)
  set(openssl_target linux-${CMAKE_SYSTEM_PROCESSOR} "AR=${CMAKE_AR}" "RANLIB=${CMAKE_RANLIB}")
endif()
# Unless the prefix is the system's, the installed archives contain paths of the build tree.
ExternalProject_Add(openssl_static
  SOURCE_DIR "${openssl_tree}"
  BINARY_DIR "${openssl_prefix}-build"
  INSTALL_DIR "${openssl_root}"
  CONFIGURE_COMMAND "${SOCBRIDGE_PERL}" <SOURCE_DIR>/Configure ${openssl_target}
    --prefix=/usr --libdir=lib --openssldir=/etc/ssl
    "CC=${CMAKE_C_COMPILER_LAUNCHER} ${CMAKE_C_COMPILER}" "CFLAGS=${openssl_flags}"
    no-shared no-tests no-module no-dso no-engine no-async no-autoload-config no-deprecated no-filenames
    no-dgram no-dtls no-srtp no-sock no-ssl3 no-tls1 no-tls1_1 no-nextprotoneg no-psk no-srp no-comp no-multiblock
    no-cmp no-cms no-ct no-ocsp no-rfc3779 no-ts no-ec2m no-dsa no-gost no-sm2 no-sm3 no-sm4 no-legacy
    no-aria no-bf no-blake2 no-camellia no-cast no-idea no-md4 no-mdc2 no-ocb no-rc2 no-rc4 no-rmd160
    no-seed no-siphash no-siv no-whirlpool
  # buildinf.h contains the time and the compiler's command, which must be equal in two builds of
  # one commit.
  BUILD_COMMAND "${CMAKE_COMMAND}" -E env SOURCE_DATE_EPOCH=0
    "${SOCBRIDGE_MAKE}" "CC=${openssl_compiler}" crypto/buildinf.h
  COMMAND "${SOCBRIDGE_MAKE}" "-j${openssl_jobs}" build_libs
  INSTALL_COMMAND "${SOCBRIDGE_MAKE}" "DESTDIR=<INSTALL_DIR>" install_dev
  BUILD_BYPRODUCTS ${openssl_libraries}
  LOG_CONFIGURE ON LOG_BUILD ON LOG_INSTALL ON LOG_OUTPUT_ON_FAILURE ON)

file(MAKE_DIRECTORY "${openssl_prefix}/include")
add_library(socbridge_deps_tls INTERFACE)
add_library(socbridge_deps::tls ALIAS socbridge_deps_tls)
add_dependencies(socbridge_deps_tls openssl_static)
target_include_directories(socbridge_deps_tls SYSTEM INTERFACE "${openssl_prefix}/include")
target_link_libraries(socbridge_deps_tls INTERFACE ${openssl_libraries} Threads::Threads)
