// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace socbridge::thehive {

// Limits of POST /api/v1/alert in UTF-16 units, the smallest of all versions
// (docs/protocols/thehive.md, "Create an alert", "Observables in an alert").
namespace limits {
inline constexpr std::size_t kType = 32, kSource = 32, kSourceRef = 128, kTitle = 512, kTag = 128,
                             kExternalLink = 512, kDataType = 64, kData = 4096,
                             kDescription = 1048576, kMessage = 1048576, kPatternId = 128,
                             kCaseTemplate = 128, kCustomFieldName = 64, kPageTitle = 512,
                             kPageCategory = 128;
// TheHive 4 refuses JSON bodies over 256 kB by default; nginx in front 1 MB
// (docs/protocols/thehive.md, "Errors").
inline constexpr std::size_t kBodyV4 = 200 * 1024, kBodyV5 = 900 * 1024;
}  // namespace limits

struct Observable {
  std::string data_type;  // lower case
  std::string data;       // normalised value
  std::string message;    // its origin
  std::vector<std::string> tags;
  int tlp = 2, pap = 2;
  bool ioc = false;
  bool ignore_similarity = false;
  bool operator==(const Observable&) const = default;
};

struct Procedure {
  std::string pattern_id;  // MITRE technique id
  UnixMillis occur_ms = 0;
  std::string tactic;  // kill-chain name such as `credential-access`, or empty: the server picks it
  std::string description = {};  // Markdown, may be empty
};

struct CustomField {
  std::string name;
  std::string value_json;  // a JSON scalar
};

// Tag of an alert that becomes a case of its own.
inline constexpr std::string_view kOwnCaseTag = "case-own";

// Asks for the alert to become a case at once.
struct Promotion {
  // Tag shared by the alerts of one case: the alert is added to an open case that has an alert with
  // this tag. Empty: a case of its own.
  std::string key;
  // The alert is created with this tag, which finds alerts that did not get their case.
  std::string tag() const { return key.empty() ? std::string(kOwnCaseTag) : key; }
};

struct Alert {
  std::string type, source, source_ref, title, description, external_link, case_template;
  int severity = 2;  // 1 low to 4 critical
  UnixMillis date_ms = 0;
  int tlp = 2, pap = 2;  // tlp 0 to 4 (3 is AMBER+STRICT from 5.2 on), pap 0 to 3
  std::vector<std::string> tags;
  std::vector<Observable> observables;
  std::vector<Procedure> procedures;
  std::vector<CustomField> custom_fields;
  std::optional<Promotion> promotion;  // not part of the create request
};

// How the create request is written. v5: POST /api/v1/alert with all members. v4: the v1 API
// ignores observables, so the v0 API (POST /api/alert, `artifacts`) is used; procedures do not
// exist there.
enum class ApiVersion { v4, v5 };

// Body of the create request, compact JSON. Every limit is kept: texts are cut, tags and
// observables deduplicated. If the body is over the version's limit, the description is shortened
// first; then observables are removed from the end, which the description states.
std::string create_body(const Alert& alert, ApiVersion version);
// The same with a limit of `max_bytes`, for a server that accepts less.
std::string create_body(const Alert& alert, ApiVersion version, std::size_t max_bytes);
// Path of the create request for the version.
const char* create_path(ApiVersion version);

}  // namespace socbridge::thehive
