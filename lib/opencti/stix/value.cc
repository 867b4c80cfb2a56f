// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/value.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "observable/detect.h"
#include "opencti/stix/pattern.h"
#include "opencti/stix/value_kinds.h"

namespace socbridge::opencti {
namespace {

std::string wrapped(std::string_view name, std::string_view text) {
  json::Writer w;
  w.begin_object();
  w.member(name, text);
  w.end_object();
  return std::move(w).take();
}

std::string argument_of(std::string_view type) {
  std::string out;
  for (const char c : type) {
    if (c != '-') out += c;
  }
  return out;
}

}  // namespace

Value value_of(std::string_view data_type, std::string_view data) {
  Value out{std::string(data), ascii_lower(data_type), std::string(trim(data)), {}};
  for (const std::string_view known : {"ip", "domain", "fqdn", "url", "hash", "mail"}) {
    if (out.type != known) continue;
    if (auto read = observable::read_as(out.type, data); read.ok()) out.text = read->value;
  }
  const bool folded = kind_of(out.type) == kind_of("domain") ||
                      kind_of(out.type) == kind_of("mail") || out.type == "hash";
  if (folded) out.text = ascii_lower(out.text);
  const bool system = kind_of(out.type) != nullptr && kind_of(out.type) == kind_of("asn");
  if (system && istarts_with(out.text, "AS")) out.text = trim(out.text.substr(2));
  return out;
}

std::string pattern_literal(std::string_view text) { return "'" + escape_literal(text) + "'"; }

NewObservable new_observable(const Value& value) {
  NewObservable out;
  if (value.text.empty()) return out;
  if (value.type == "ip") {
    out.type = is_v6(value.text) ? "IPv6-Addr" : "IPv4-Addr";
    out.input_json = wrapped("value", value.text);
  } else if (value.type == "hash") {
    const std::string_view algorithm = hash_algorithm(value.text.size());
    if (algorithm.empty()) return out;
    out.type = "StixFile";
    out.input_json = R"({"hashes":[{"algorithm":)" + json::quote(algorithm) + R"(,"hash":)" +
                     json::quote(value.text) + "}]}";
  } else if (const ValueKind* kind = kind_of(value.type); kind != nullptr) {
    out.type = kind->type;
    // OpenCTI accepts a name without a point only as a hostname.
    if (out.type == "Domain-Name" && value.text.find('.') == std::string::npos) {
      out.type = "Hostname";
    }
    if (out.type == "Autonomous-System") {
      if (!parse_u64(value.text)) return {};
      out.input_json =
          "{\"number\":" + value.text + ",\"name\":" + json::quote("AS" + value.text) + "}";
    } else {
      out.input_json = wrapped(words_of(kind->keys).front(), value.text);
    }
  } else {
    return out;
  }
  out.argument = argument_of(out.type);
  return out;
}

}  // namespace socbridge::opencti
