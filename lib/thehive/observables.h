// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "thehive/alert.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// One line of an analyzer's short report, as TheHive attaches it to the observable
// (docs/protocols/thehive.md, "Cortex connector").
struct Taxonomy {
  std::string analyzer;                      // VirusTotal_GetReport_3_1
  std::string level;                         // info, safe, suspicious, malicious
  std::string name_space, predicate, value;  // VT, GetReport, 12/70
};

struct ObservableInfo {
  std::string id, data_type, data, message;
  std::string file_name, sha256;  // of an attachment, which has no data
  std::vector<std::string> tags;
  int tlp = 2, pap = 2;
  bool ioc = false, sighted = false, ignore_similarity = false;
  UnixMillis created_ms = 0;
  std::vector<Taxonomy> taxonomies;
  std::string json;  // as the server sent it

  // Text for display: its data, or the name of its file.
  const std::string& text() const { return data.empty() ? file_name : data; }
};
ObservableInfo read_observable(const json::Value& value);

// The observables of an alert or a case.
Result<std::vector<ObservableInfo>> list_observables(Client& client, const Subject& subject,
                                                     const Deadline& deadline);
Result<ObservableInfo> get_observable(Client& client, std::string_view id,
                                      const Deadline& deadline);

struct ObservablesAdded {
  std::vector<ObservableInfo> created;
  std::vector<ObservableInfo> present;                      // existed before: not changed
  std::vector<std::pair<Observable, std::string>> refused;  // with the server's message
};
// Adds the observables that the alert or case does not have. Values that share all other members
// are sent in one request. After an ambiguous outcome the observables are read again instead of
// sending twice. Returns a Status only if no request can succeed (key, connection, no such case);
// refusals of single observables are in `refused`.
Result<ObservablesAdded> add_observables(Client& client, const Subject& subject,
                                         const std::vector<Observable>& observables,
                                         const Deadline& deadline);

// Fields of an observable to change; absent ones stay.
struct ObservableChange {
  std::optional<std::string> message;
  std::optional<int> tlp, pap;
  std::optional<bool> ioc, sighted, ignore_similarity;
  bool empty() const { return !message && !tlp && !pap && !ioc && !sighted && !ignore_similarity; }
};
Status change_observable(Client& client, std::string_view id, const ObservableChange& change,
                         const Deadline& deadline);

// The observables with one of the values, each with its alerts and cases.
struct Sighting {
  ObservableInfo observable;
  Subject owner;
  std::string owner_json;  // the alert or case as the server sent it
};
Result<std::vector<Sighting>> find_value(Client& client, const std::vector<std::string>& values,
                                         std::string_view data_type, std::uint64_t limit,
                                         const Deadline& deadline);

}  // namespace socbridge::thehive
