// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "base/text.h"
#include "fixtures.h"

namespace socbridge::mapping::test {
namespace {

using namespace thehive;

bool text_within(json::Value value, std::size_t least, std::size_t most) {
  const auto text = value.string();
  return text && is_valid_utf8(*text) && utf16_length(*text) >= least &&
         utf16_length(*text) <= most;
}

bool number_within(json::Value value, std::int64_t least, std::int64_t most) {
  const auto number = value.integer();
  return number && *number >= least && *number <= most;
}

bool tags_good(json::Value tags) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!text_within(tags.at(i), 1, limits::kTag)) return false;
    if (!seen.emplace(*tags.at(i).string()).second) return false;
  }
  return true;
}

std::string broken_observable(json::Value list) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value o = list.at(i);
    const std::string at = "observables[" + std::to_string(i) + "]";
    if (!text_within(o["dataType"], 1, limits::kDataType)) return at + ".dataType";
    if (ascii_lower(*o["dataType"].string()) != *o["dataType"].string())
      return at + ".dataType case";
    if (!text_within(o["data"], 1, limits::kData)) return at + ".data";
    if (!text_within(o["message"], 0, limits::kMessage)) return at + ".message";
    if (!tags_good(o["tags"])) return at + ".tags";
    if (!seen.insert(std::string(*o["dataType"].string()) + "\n" + std::string(*o["data"].string()))
             .second) {
      return at + " twice";
    }
  }
  return {};
}

}  // namespace

std::string broken_limit(const std::string& body, ApiVersion version) {
  if (!is_valid_utf8(body)) return "UTF-8";
  if (body.size() > (version == ApiVersion::v4 ? limits::kBodyV4 : limits::kBodyV5))
    return "body size";
  const auto parsed = json::Document::parse(body, {.repair_utf8 = false});
  if (!parsed.ok()) return "JSON: " + parsed.status().message();
  const json::Value root = parsed->root();
  if (!text_within(root["type"], 1, limits::kType)) return "type";
  if (!text_within(root["source"], 1, limits::kSource)) return "source";
  if (!text_within(root["sourceRef"], 1, limits::kSourceRef)) return "sourceRef";
  if (!text_within(root["title"], 1, limits::kTitle)) return "title";
  if (!text_within(root["description"], 0, limits::kDescription)) return "description";
  if (root["externalLink"] && !text_within(root["externalLink"], 1, limits::kExternalLink))
    return "externalLink";
  if (!number_within(root["severity"], 1, 4)) return "severity";
  if (!root["date"].integer()) return "date";
  if (!number_within(root["tlp"], 0, 4) || !number_within(root["pap"], 0, 3)) return "tlp or pap";
  if (!tags_good(root["tags"])) return "tags";
  for (std::size_t i = 0; i < root["procedures"].size(); ++i) {
    if (!text_within(root["procedures"].at(i)["patternId"], 1, limits::kPatternId))
      return "procedures";
  }
  return broken_observable(root[version == ApiVersion::v4 ? "artifacts" : "observables"]);
}

}  // namespace socbridge::mapping::test
