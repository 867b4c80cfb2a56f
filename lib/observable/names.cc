// SPDX-License-Identifier: Apache-2.0
#include "observable/names.h"

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "observable/validate.h"

namespace socbridge::observable {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

constexpr std::array<std::string_view, 13> kPrivate = {
    "local", "lan",     "internal",  "home",      "localdomain", "intranet", "private",
    "corp",  "invalid", "localhost", "workgroup", "domain",      "mshome"};

// File name extensions that are not top-level domains.
constexpr std::string_view kFileEndings =
    " 7z ace apk arj asp aspx bat bin bmp bz2 cab chm class cmd conf cpl csv dat deb dll dmg dmp "
    "doc "
    "docm docx dotm drv dylib efi elf eml exe gif gz hta htm html ico img inf ini ipa iso jar jpeg "
    "jpg js jse json jsp ko lnk log lzh mht msg msi msp ocx odt ova pcap pdf php png ppt pptm pptx "
    "ps1 psm1 pyc rar rb reg rpm rtf scr svg swf sys tar tgz tmp ttf txt url vbe vbs vhd war wsf "
    "wsh "
    "xll xls xlsb xlsm xlsx xml xz yaml yml ";

}  // namespace

std::string ascii_name(const std::string& name) {
  if (is_ascii(name)) return name;
  char* out = nullptr;
  if (idn2_to_ascii_8z(name.c_str(), &out, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
    return name;
  std::string ascii(out);
  idn2_free(out);
  return ascii;
}

std::string ascii_url(const std::string& url) {
  if (is_ascii(url)) return url;
  const std::size_t begin = url.find("://") + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const std::size_t at = url.rfind('@', end);
  const std::size_t host = at == std::string::npos || at < begin ? begin : at + 1;
  const std::size_t port = std::min(url.find(':', host), end);
  return url.substr(0, host) + ascii_name(url.substr(host, port - host)) + url.substr(port);
}

NameKind name_kind(std::string_view name) {
  const std::string last(name.substr(name.rfind('.') + 1));
  if (std::find(kPrivate.begin(), kPrivate.end(), last) != kPrivate.end() ||
      name.ends_with(".home.arpa"))
    return NameKind::private_name;
  if (last == "example") return NameKind::public_name;
  const psl_ctx_t* list = psl_builtin();
  if (list == nullptr ||
      psl_is_public_suffix2(list, last.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0) {
    return NameKind::public_name;
  }
  const bool file = kFileEndings.find(" " + last + " ") != std::string_view::npos;
  return file ? NameKind::file_name : NameKind::unknown;
}

bool is_public_domain(std::string_view text) {
  const auto name = parse_domain(text);
  return name && name_kind(ascii_name(*name)) == NameKind::public_name;
}

std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const bool port = colon != std::string_view::npos && parse_u64(host.substr(colon + 1));
  return port ? host.substr(0, colon) : host;
}

bool is_reverse_name(std::string_view name) {
  return name.ends_with(".in-addr.arpa") || name.ends_with(".ip6.arpa");
}

}  // namespace socbridge::observable
