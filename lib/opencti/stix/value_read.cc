// SPDX-License-Identifier: Apache-2.0
// Parses values of unknown type.
#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "observable/detect.h"
#include "opencti/stix/value.h"
#include "opencti/stix/value_kinds.h"

namespace socbridge::opencti {
namespace {

// File extensions that are also top-level domains.
constexpr std::string_view kBothEnds = " ai app com cx md mov one pl pm ps py rs run sh so zip ";

bool among(std::string_view list, const std::string& end) {
  return !end.empty() && list.find(" " + end + " ") != std::string_view::npos;
}

bool is_registry(std::string_view text) {
  for (const std::string_view root : {"HKLM\\", "HKCU\\", "HKCR\\", "HKU\\", "HKCC\\", "HKEY_"}) {
    if (istarts_with(text, root)) return true;
  }
  return false;
}

bool is_path(std::string_view text) {
  if (text.size() < 3) return false;
  const bool drive = std::isalpha(static_cast<unsigned char>(text[0])) != 0 && text[1] == ':' &&
                     (text[2] == '\\' || text[2] == '/');
  const bool variable = text.front() == '%' && text.find("%\\") != std::string_view::npos;
  return drive || variable || text.starts_with("\\\\") || text.starts_with("~/") ||
         (text.front() == '/' && text.find('/', 1) != std::string_view::npos);
}

bool is_system(std::string_view text) {
  constexpr std::size_t kMostDigits = 10;  // 32 bits
  return istarts_with(text, "AS") && text.size() > 2 && text.size() <= 2 + kMostDigits &&
         std::all_of(text.begin() + 2, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Value> read_value(std::string_view text) {
  auto found = observable::detect(text);
  if (!found.ok()) return found.status();
  const std::string given(trim(text));
  Value out{given, std::move(found->type), std::move(found->value), {}};
  if (out.type == "filename") return Value{given, "filename", given, "domain"};
  // A path is a file name in OpenCTI; the file is not read.
  if (out.type == "file") out.type = "filename";
  const bool name = out.type == "domain" || out.type == "fqdn";
  if (name && given.find('.') != std::string::npos) {
    const std::string end = out.text.substr(out.text.rfind('.') + 1);
    if (among(kBothEnds, end)) out.also = "filename";
  } else if (out.type == "other" || out.type == "url") {
    if (is_registry(given)) out = {given, "registry", given, {}};
    if (is_path(given)) out = {given, "filename", given, {}};
    if (is_system(given)) out = value_of("autonomous-system", given);
  }
  return out;
}

}  // namespace socbridge::opencti
