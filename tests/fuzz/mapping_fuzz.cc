// SPDX-License-Identifier: Apache-2.0
// Alert bytes through parser, mapping and both request bodies. The output must keep every limit.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "json/value.h"
#include "mapping/composite.h"
#include "mapping/mapping.h"
#include "thehive/alert.h"
#include "wazuh/alert.h"

namespace {

using namespace socbridge;

void demand(bool holds) {
  if (!holds) std::abort();
}

std::size_t length(json::Value text) { return utf16_length(text.string().value_or("")); }

void check(const thehive::Alert& alert, thehive::ApiVersion version) {
  const std::string body = thehive::create_body(alert, version);
  demand(is_valid_utf8(body));
  const auto document = json::Document::parse(body);
  demand(document.ok());
  const json::Value root = document->root();
  demand(length(root["title"]) >= 1 && length(root["title"]) <= thehive::limits::kTitle);
  demand(length(root["sourceRef"]) >= 1 &&
         length(root["sourceRef"]) <= thehive::limits::kSourceRef);
  demand(root["sourceRef"].string()->find(';') == std::string_view::npos);
  demand(length(root["description"]) <= thehive::limits::kDescription);
  const auto severity = root["severity"].integer().value_or(0);
  demand(severity >= 1 && severity <= 4);
  for (std::size_t i = 0; i < root["tags"].size(); ++i) {
    demand(length(root["tags"].at(i)) >= 1 && length(root["tags"].at(i)) <= thehive::limits::kTag);
  }
  const json::Value observables =
      root[version == thehive::ApiVersion::v4 ? "artifacts" : "observables"];
  demand(observables.size() <= 100);
  for (std::size_t i = 0; i < observables.size(); ++i) {
    const json::Value o = observables.at(i);
    demand(length(o["data"]) >= 1 && length(o["data"]) <= thehive::limits::kData);
    demand(length(o["dataType"]) >= 1 && length(o["dataType"]) <= thehive::limits::kDataType);
  }
}

// The same bytes as one value of each compound type. A part is never longer than its input, except
// for a scheme.
void check_parts(std::string_view text) {
  constexpr std::size_t kScheme = 7;
  for (const std::string_view type :
       {"ip", "hash", "url", "mail", "username", "filename", "command", "host"}) {
    for (const mapping::Part& part : mapping::parts_of(type, text)) {
      demand(part.text.size() <= text.size() + kScheme);
      demand(!part.type.empty());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_parts(bytes);
  const auto alert = wazuh::Alert::parse(bytes);
  if (!alert.ok()) return 0;
  mapping::Options options;
  options.min_level = 0;
  options.agent_observables = size % 2 == 0;
  options.free_text = size % 3 == 0;
  options.external_link = "https://wazuh.example/?q={id}&a={agent.name}";
  options.custom_fields = {{"rule", "{rule.id}"}, {"level", "{rule.level}"}};
  const mapping::Mapped mapped = mapping::map(*alert, options, 0, true);
  if (!mapped.forwarded) return 0;
  check(mapped.alert, thehive::ApiVersion::v4);
  check(mapped.alert, thehive::ApiVersion::v5);
  return 0;
}
