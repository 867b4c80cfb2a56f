// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// Alerts and cases as read from the server.
struct CaseInfo {
  std::string id, title, status, stage, assignee;
  std::int64_t number = 0;
  int severity = 2, tlp = 2, pap = 2;
  std::vector<std::string> tags;
  UnixMillis start_ms = 0, end_ms = 0, created_ms = 0;
  std::string json;  // as the server sent it
};
CaseInfo read_case(const json::Value& value);

struct AlertInfo {
  std::string id, type, source, source_ref, title, status, stage, assignee;
  std::string case_id;  // `~123` of the case it was imported into, or empty
  int severity = 2, tlp = 2, pap = 2;
  std::vector<std::string> tags;
  UnixMillis date_ms = 0, created_ms = 0;
  std::int64_t observable_count = 0;
  std::string json;
};
AlertInfo read_alert(const json::Value& value);

// The case with the name `42`, `#42` or `~123`.
Result<CaseInfo> get_case(Client& client, std::string_view name, const Deadline& deadline);
// The alert with the name `~123`, `type;source;sourceRef`, or a unique sourceRef.
Result<AlertInfo> get_alert(Client& client, std::string_view name, const Deadline& deadline);

// The case of an alert. `already`: it was in the case before, nothing was sent.
struct Imported {
  CaseInfo case_info;
  bool already = false;
};
// Makes a case of the alert. Not idempotent in TheHive (docs/protocols/thehive.md, "Updates"):
// `alert.case_id` is trusted, so read the alert just before. After an ambiguous outcome the alert
// is read again.
Result<Imported> promote(Client& client, const AlertInfo& alert, std::string_view case_template,
                         const Deadline& deadline);
// Adds the alert to the case. `quietly`: without adding its description to the case's (5.4.9 and
// later). An alert that belongs to another case is refused.
Result<Imported> merge(Client& client, const AlertInfo& alert, const CaseInfo& case_info,
                       bool quietly, const Deadline& deadline);

}  // namespace socbridge::thehive
