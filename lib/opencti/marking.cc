// SPDX-License-Identifier: Apache-2.0
#include "opencti/marking.h"

#include "base/text.h"

namespace socbridge::opencti {
namespace {

struct Name {
  std::string_view name;
  MarkingLevel::Scheme scheme;
  int level;
};
constexpr Name kNames[] = {
    {"TLP:CLEAR", MarkingLevel::Scheme::tlp, 0},        {"TLP:WHITE", MarkingLevel::Scheme::tlp, 0},
    {"TLP:GREEN", MarkingLevel::Scheme::tlp, 1},        {"TLP:AMBER", MarkingLevel::Scheme::tlp, 2},
    {"TLP:AMBER+STRICT", MarkingLevel::Scheme::tlp, 3}, {"TLP:RED", MarkingLevel::Scheme::tlp, 4},
    {"PAP:CLEAR", MarkingLevel::Scheme::pap, 0},        {"PAP:WHITE", MarkingLevel::Scheme::pap, 0},
    {"PAP:GREEN", MarkingLevel::Scheme::pap, 1},        {"PAP:AMBER", MarkingLevel::Scheme::pap, 2},
    {"PAP:RED", MarkingLevel::Scheme::pap, 3},
};

// STIX 2.1: section 7.2.1.4 for TLP 1, which OpenCTI also uses for CLEAR, and the TLP 2.0
// extension. AMBER+STRICT is OpenCTI's own.
constexpr std::pair<std::string_view, std::string_view> kIds[] = {
    {"613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:CLEAR"},
    {"34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN"},
    {"f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER"},
    {"826578e1-40ad-459f-bc73-ede076f81f37", "TLP:AMBER+STRICT"},
    {"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED"},
    {"94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR"},
    {"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN"},
    {"55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER"},
    {"939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT"},
    {"e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED"},
};
constexpr std::string_view kPrefix = "marking-definition--";

}  // namespace

std::string marking_name(std::string_view id) {
  if (id.starts_with(kPrefix)) {
    const std::string uuid = ascii_lower(id.substr(kPrefix.size()));
    for (const auto& [known, name] : kIds) {
      if (known == uuid) return std::string(name);
    }
  }
  return std::string(id);
}

MarkingLevel level_of_marking(std::string_view marking) {
  const std::string name = marking_name(trim(marking));
  for (const Name& one : kNames) {
    if (iequals(one.name, name)) return {one.scheme, one.level};
  }
  const bool nameless = name.starts_with(kPrefix);
  if (nameless || istarts_with(name, "TLP:") || istarts_with(name, "PAP:")) {
    return {MarkingLevel::Scheme::unknown, 0};
  }
  return {};
}

}  // namespace socbridge::opencti
