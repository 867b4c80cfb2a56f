// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/fields.h"
#include "soc-sandbox/thehive/store/tables.h"

namespace socbridge::sandbox {

// Data for validation. Tables is read, so hold the store's lock.
struct Rules {
  const Tables& tables;
  const Version& version;
  const std::vector<Part>& parts;  // files of a multipart request
  UnixMillis now;
  bool v0 = false;         // the old API of version 4: `data` of a file is `name;type;base64`
  bool file_part = false;  // one observable is posted: its files are the parts named `attachment`
};

// Each reads a request body (docs/protocols/thehive.md, "Create an alert", "Observables in an
// alert", "Custom fields", "Files in requests") or returns TheHive's error: errors of the shape
// first, then names of missing objects (404 NotFoundError).

struct AlertInput {
  Alert alert;
  std::vector<Observable> observables;  // without repetitions
  std::vector<Procedure> procedures;
};
std::optional<ApiError> read_alert(const json::Value& body, const Rules& rules, AlertInput& out);

// Fields of PATCH; absent ones stay.
std::optional<ApiError> update_alert(const json::Value& body, const Rules& rules, Alert& alert);
std::optional<ApiError> update_case(const json::Value& body, const Rules& rules, Case& item);

// One InputCreateObservable gives one observable per data value or attachment.
std::optional<ApiError> read_observables(const json::Value& body, const Rules& rules,
                                         const std::string& prefix, std::vector<Observable>& out);
std::optional<ApiError> update_observable(const json::Value& body, const Rules& rules,
                                          Observable& observable);

std::optional<ApiError> read_procedure(const json::Value& body, const Rules& rules,
                                       const std::string& prefix, Procedure& out);

// `customFields` as object or array (docs/protocols/thehive.md, "Custom fields").
std::optional<ApiError> read_custom_fields(const json::Value& value, const Rules& rules,
                                           std::vector<CustomFieldValue>& out);

// Keeps the first of equal ones.
void drop_repeated(std::vector<Observable>& observables);

// Reads title, description, tags and so on, for alerts and cases; `fields` collects errors.
void read_common(Fields& fields, Record& record);
std::optional<ApiError> check_names(const Rules& rules, const Record& record, bool is_alert);

int highest_tlp(const Version& version);  // 4 since 5.2, 3 before

}  // namespace socbridge::sandbox
