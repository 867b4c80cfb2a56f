// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace socbridge::sandbox {

using Id = std::uint64_t;  // shown as `~123`; 0: none

std::string id_text(Id id);
Id parse_id(std::string_view text);  // 0 if it is not `~` and a number

struct CustomFieldValue {
  std::string name, type;
  std::string value_json;
  std::int64_t order = 0;
};

struct Attachment {
  std::string name, content_type, id;  // id is the SHA-256 of the content
  std::uint64_t size = 0;
  std::string content;  // for analyzers, until the process ends; small files only
};

// The alert or case of an observable, a procedure or a comment.
struct Parent {
  Id alert = 0, case_id = 0;
};

struct Observable {
  Id id = 0;
  Parent parent;
  UnixMillis created = 0, updated = 0;
  std::string data_type, data, message;
  Attachment attachment;  // if its id is not empty, instead of data
  std::vector<std::string> tags;
  int tlp = 2, pap = 2;
  bool ioc = false, sighted = false, ignore_similarity = false;
  UnixMillis sighted_at = 0, start_date = 0;
};

struct Procedure {
  Id id = 0;
  Parent parent;
  UnixMillis created = 0, occurred = 0;
  std::string pattern_id, tactic, description;
};

struct Comment {
  Id id = 0;
  Parent parent;
  UnixMillis created = 0, updated = 0;
  std::string message;
};

// A page of a case.
struct CasePage {
  Id id = 0;
  Parent parent;
  UnixMillis created = 0, updated = 0;
  std::string title, category, content;
  std::int64_t order = 0;
};

// A run of an analyzer on an observable.
struct Job {
  Id id = 0, observable = 0;
  UnixMillis created = 0, updated = 0, start = 0, end = 0;
  std::string analyzer_id, analyzer_name, definition, cortex_id, cortex_job_id, status;
  std::string report;      // JSON, or empty while it runs
  std::string taxonomies;  // JSON array, likewise
};

struct Children {
  std::vector<Id> observables, procedures, comments, pages;
};

// Members that alerts and cases share.
struct Record {
  Id id = 0;
  UnixMillis created = 0, updated = 0;
  std::string title, description, summary, status = "New", stage = "New", assignee, case_template;
  int severity = 2, tlp = 2, pap = 2;
  std::vector<std::string> tags;
  std::vector<CustomFieldValue> custom_fields;
  bool flag = false;
  Children children;
};

struct Alert : Record {
  std::string type, source, source_ref, external_link;
  UnixMillis date = 0, imported = 0;
  bool follow = true;
  Id case_id = 0;
};

struct Case : Record {
  std::int64_t number = 0;
  UnixMillis start_date = 0, end_date = 0;
  std::vector<Id> alerts;
};

struct ObservableType {
  Id id = 0;
  std::string name;
  bool is_attachment = false, is_case_sensitive = false;
};

struct CustomField {
  Id id = 0;
  std::string name, display_name, type;
};

}  // namespace socbridge::sandbox
