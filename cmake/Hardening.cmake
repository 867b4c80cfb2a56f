# SPDX-License-Identifier: Apache-2.0
# Flags of executables with SOCBRIDGE_STATIC: small, static, position-independent, hardened.
add_library(socbridge_executable_options INTERFACE)
# Libraries that are built for them (StaticCurl.cmake, StaticOpenssl.cmake) use the same
# SOCBRIDGE_HARDENING.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(branch_protection -mbranch-protection=standard)
  set(packed_relocations "")  # not supported by its linker in Debian 12
else()
  set(branch_protection -fcf-protection)
  set(packed_relocations -Wl,-z,pack-relative-relocs)
endif()
set(SOCBRIDGE_HARDENING
  -fPIE -ffunction-sections -fdata-sections -fstack-protector-strong -fstack-clash-protection
  ${branch_protection} -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
if(SOCBRIDGE_STATIC)
  target_compile_options(socbridge_options INTERFACE
    ${SOCBRIDGE_HARDENING} -flto=auto -fno-fat-lto-objects)
  target_link_options(socbridge_executable_options INTERFACE
    -static-pie -flto=auto -s -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
    ${packed_relocations} -Wl,--build-id=sha1)
endif()
