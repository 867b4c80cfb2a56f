// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reconcile/reconcile.h"

namespace socbridge::reconcile {

// {"kind":"alert","result":"filled","source_ref":…}
std::string finding_json(const Finding& finding);

// The header of a run's report.
struct Heading {
  std::string from;     // AlertSource::description()
  std::string thehive;  // URL
  Window window;
  bool dry_run = false;
  std::vector<std::string> blocks;     // PATH:LINE of the selected blocks
  std::vector<std::string> elsewhere;  // blocks that lead to another TheHive
  std::string destination = {};        // the checked one; empty: the top-level one
};
// {"kind":"summary","complete":true,"alerts_read":…}; docs/reconcile.md lists the names.
std::string summary_json(const Report& report, const Heading& heading);

// Rows of the summary for people: name, count, meaning. Rows that are usually zero are left out at
// zero.
struct SummaryRow {
  std::string what;
  std::uint64_t count = 0;
  std::string meaning;
  bool bad = false;
};
std::vector<SummaryRow> summary_rows(const Report& report, bool dry_run);

// Warnings, one line each: unread input, why the run stopped and what remains.
std::vector<std::string> remarks(const Report& report);

}  // namespace socbridge::reconcile
