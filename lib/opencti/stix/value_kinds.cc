// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/value_kinds.h"

#include <array>

#include "base/text.h"

namespace socbridge::opencti {
namespace {

constexpr std::array kKinds = {
    ValueKind{" domain fqdn hostname ", "value", "domain-name:value hostname:value", "value",
              "Domain-Name"},
    ValueKind{" url uri_path ", "value", "url:value", "value", "Url"},
    ValueKind{" mail email ", "value", "email-addr:value", "value", "Email-Addr"},
    ValueKind{" filename ", "name", "file:name", "name", "StixFile"},
    ValueKind{" registry ", "attribute_key", "windows-registry-key:key", "key",
              "Windows-Registry-Key"},
    ValueKind{" user-agent user_agent ", "value", "user-agent:value", "value", "User-Agent"},
    ValueKind{" mail_subject mail-subject ", "subject", "email-message:subject", "subject",
              "Email-Message"},
    ValueKind{" account user username ", "account_login user_id", "user-account:account_login", "",
              "User-Account"},
    ValueKind{" mac mac-address ", "value", "mac-addr:value", "value", "Mac-Addr"},
    ValueKind{" autonomous-system asn ", "number", "autonomous-system:number", "",
              "Autonomous-System"},
};

}  // namespace

const ValueKind* kind_of(std::string_view data_type) {
  if (data_type.find(' ') != std::string_view::npos) return nullptr;
  const std::string wanted = " " + std::string(data_type) + " ";
  for (const ValueKind& kind : kKinds) {
    if (kind.data_types.find(wanted) != std::string_view::npos) return &kind;
  }
  return nullptr;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}

bool is_v6(std::string_view address) { return address.find(':') != std::string_view::npos; }

std::string_view hash_algorithm(std::size_t digits) {
  switch (digits) {
    case 32: return "MD5";
    case 40: return "SHA-1";
    case 64: return "SHA-256";
    case 128: return "SHA-512";
    default: return {};
  }
}

}  // namespace socbridge::opencti
